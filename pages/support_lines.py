"""Support lines, which Editors maintain. The page says first what a line may do without the caller's consent."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pages import data_inventory
from s4jr.content.files import digest
from s4jr.content.models import ShownQuerySet
from s4jr.managers import manager_of

#: What readers see of a line, besides the day on which it was checked.
FACTS = ("name", "country", "languages", "hours", "reach", "may_call_police", "link", "source_words")


def utc_today() -> date:
    """The day on which a line counts as checked, wherever the admin is."""
    return timezone.now().date()


class SupportLineQuerySet(ShownQuerySet["SupportLine"]):
    def published(self) -> Self:
        """Lines on /support/: first those that never call the police, last those where it is not known."""
        place = [When(may_call_police=choice, then=number) for number, choice in enumerate(SupportLine.Police)]
        return self.filter(is_published=True).order_by(Case(*place), "order", "name")


class SupportLine(models.Model):
    """A support line. It needs its source, and the day that someone checked it, to be published."""

    inventory = data_inventory.SUPPORT_LINE
    shown_on_pages = True

    class Police(models.TextChoices):
        """In the order of the support page."""

        NEVER = "never", _("Never calls the police")
        WITH_CONSENT = "with_consent", _("Calls the police only with your permission")
        WITHOUT_CONSENT = "without_consent", _("May call the police without your permission")
        NOT_KNOWN = "not_known", _("We don’t know if it may call the police. You can ask before you say more.")

    slug = models.SlugField(
        _("web address"), unique=True, help_text=_("Public. The last part of this line’s web address on /support/.")
    )
    name = models.CharField(_("name"), max_length=120, help_text=_("Public. The name the line uses for itself."))
    country = models.CharField(_("country or place"), max_length=120, help_text=_("Public. Who can use it."))
    languages = models.CharField(
        _("languages"), max_length=200, blank=True, help_text=_("Public. Leave empty if not known.")
    )
    hours = models.CharField(_("hours"), max_length=120, blank=True, help_text=_("Public. Leave empty if not known."))
    reach = models.TextField(
        _("how to reach it"), help_text=_("Public. Phone, text, chat or web, one per line. Only what you have read.")
    )
    may_call_police = models.CharField(
        _("may it call the police?"),
        max_length=20,
        choices=Police.choices,
        default=Police.NOT_KNOWN,
        help_text=_("Public. Only what the line itself says. Otherwise choose “We don’t know.”"),
    )
    link = models.URLField(_("page that says so"), blank=True, help_text=_("Public. The line’s own page."))
    source_words = models.TextField(_("in its own words"), blank=True, help_text=_("Public. A short quote."))
    checked_on = models.DateField(_("checked on"), null=True, blank=True, help_text=_("The day someone read it there."))
    is_published = models.BooleanField(_("published"), default=False, editable=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    to_check = models.TextField(
        _("what still has to be checked"),
        blank=True,
        help_text=_("Only admins see this. For example: are these still the hours? Don’t name people here."),
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("published by"),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects: ClassVar[SupportLineQuerySet] = manager_of(SupportLineQuerySet)

    class Meta:
        verbose_name = _("support line")
        verbose_name_plural = _("support lines")
        ordering = ["order", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_published=False) | ~Q(link="") & ~Q(source_words="") & Q(checked_on__isnull=False),
                name="only_a_checked_line_is_published",
                violation_error_message=_(
                    "To publish a line, add its own page, its own words, and the day someone read them."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def missing(self) -> list[str]:
        """What a draft lacks before it can be published, as labels of the form."""
        needed = (("link", self.link), ("source_words", self.source_words))
        return [str(self._meta.get_field(name).verbose_name) for name, value in needed if not value]

    @property
    def version(self) -> str:
        """A digest of what readers would see: what an admin confirmed is what is published."""
        return digest("\0".join(str(getattr(self, name)) for name in FACTS))
