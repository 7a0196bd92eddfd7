"""Statistics with their sources, and the team members who speak for the coalition."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.template.defaultfilters import date as written_date
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pages import data_inventory
from pages.support_lines import SupportLine
from s4jr.content.models import ShownQuerySet, TextBlock
from s4jr.days import easternmost_today
from s4jr.idn import readable_url
from s4jr.managers import manager_of

__all__ = ["Statistic", "SupportLine", "TeamMember"]


class StatisticQuerySet(ShownQuerySet["Statistic"]):
    def sourced(self) -> Self:
        """Statistics with a source that someone has checked. Only these may be set in large type."""
        return self.exclude(source="").filter(checked_on__isnull=False)


class Statistic(models.Model):
    """A published statistic. Sources are never guessed: an unknown one stays empty, and the page says so."""

    inventory = data_inventory.STATISTIC
    shown_on_pages = True

    slug = models.SlugField(
        _("web address"),
        unique=True,
        help_text=_("Public. The last part of this statistic’s web address on /sources/."),
    )
    label = models.CharField(_("short version"), max_length=60, help_text=_("Public. For example: less than 2%"))
    text = models.TextField(_("full sentence"), help_text=_("Public. Exactly as it appears on the site."))
    counts = models.TextField(
        _("what it counts"), blank=True, help_text=_("Public. Which cases or which people does it count?")
    )
    place = models.CharField(_("place"), max_length=120, blank=True, help_text=_("Public."))
    year = models.CharField(_("year or years"), max_length=40, blank=True, help_text=_("Public."))
    source_words = models.TextField(_("the source’s own words"), blank=True, help_text=_("Public. A short quote."))
    source = models.CharField(
        _("source"), max_length=300, blank=True, help_text=_("Public. Author, title, publisher. Never guess.")
    )
    link = models.URLField(_("link to the source"), blank=True, help_text=_("Public."))
    checked_on = models.DateField(
        _("checked on"), null=True, blank=True, help_text=_("The day someone read the statistic in the source.")
    )
    lit = models.PositiveSmallIntegerField(
        _("filled marks"), null=True, blank=True, help_text=_("For the ring drawing. Leave empty for no ring.")
    )
    ticks = models.PositiveSmallIntegerField(_("marks in the ring"), default=100)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects: ClassVar[StatisticQuerySet] = manager_of(StatisticQuerySet)

    class Meta:
        verbose_name = _("statistic")
        verbose_name_plural = _("statistics and sources")
        ordering = ["order", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_on=None) | ~Q(source=""),
                name="only_a_source_can_be_checked",
                violation_error_message=_("Add the source that was checked, or clear the day."),
            ),
            models.CheckConstraint(
                condition=Q(source="") | ~Q(link="") & Q(checked_on__isnull=False),
                name="a_source_has_a_link_and_a_day",
                violation_error_message=_("A source needs its link, and the day someone read the statistic there."),
            ),
            models.CheckConstraint(condition=Q(lit=None) | Q(lit__lte=F("ticks")), name="no_more_lit_than_ticks"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_sourced(self) -> bool:
        return bool(self.source and self.checked_on)

    @property
    def link_address(self) -> str:
        return f"{reverse('sources')}#{self.slug}"

    @property
    def link_words(self) -> str:
        """The accessible name of the link, which may show only a star. It does not say whether there is a source."""
        return gettext("source: %(label)s") % {"label": self.label}

    @property
    def known(self) -> list[tuple[str, str]]:
        """The known facts about the statistic, as pairs of label and text."""
        checked = written_date(self.checked_on, "DATE_FORMAT") if self.checked_on else ""
        facts = [
            (gettext("What it counts"), self.counts),
            (gettext("Where"), self.place),
            (gettext("When"), self.year),
            (gettext("Source"), self.source),
            (gettext("Where to read it"), self.link),
            (gettext("In the source’s own words"), self.source_words),
            (gettext("Checked on"), checked),
        ]
        return [(what, words) for what, words in facts if words]

    @property
    def citation(self) -> str:
        """A paragraph to copy: the sentence, the publisher, the source and the URL on this site."""
        whose = gettext("Survivors for Justice Reform (S4JR).")
        address = f"{readable_url(settings.SITE_URL)}{self.link_address}"
        return " ".join([f"“{self.text}”", whose, *self._origin(), address])

    def _origin(self) -> list[str]:
        if not self.is_sourced:
            return [gettext("Source not published by the coalition yet.")]
        known = ", ".join(part for part in (self.source, self.place, self.year) if part)
        checked = gettext("Checked on %s.") % written_date(self.checked_on, "DATE_FORMAT")
        return [gettext("Source: %s.") % known, *([self.link] if self.link else []), checked]

    @property
    def dash(self) -> str:
        """One tick of the ring and its gap, for `stroke-dasharray` on a path with the length `ticks`."""
        return f"{TICK_SHARE * self.ticks:.2f} {1 - TICK_SHARE * self.ticks:.2f}"

    @property
    def lit_dashes(self) -> str:
        """The same for the lit ticks only, followed by one gap."""
        return f"{f'{self.dash} ' * (self.lit or 0)}0 {self.ticks}"


#: The share of the ring that one tick covers, whatever their number.
TICK_SHARE = 0.0065


class TeamMemberQuerySet(ShownQuerySet["TeamMember"]):
    def shown(self, today: date | None = None) -> Self:
        """Team members who agreed to be shown somewhere, until today or later, and who were not taken down."""
        agreed = self.filter(Q(is_on_site=True) | Q(is_in_press_kit=True))
        consenting = agreed.filter(Q(consent_until=None) | Q(consent_until__gte=today or easternmost_today()))
        return consenting.exclude(text_block_key__in=TextBlock.objects.hidden().values("key"))

    def with_state(self) -> Self:
        """For lists: `has_photo` and `is_taken_down`, without the photo itself."""
        hidden = TextBlock.objects.hidden().filter(key=OuterRef("text_block_key"))
        return self.annotate(has_photo=Q(photo__isnull=False), is_taken_down=Exists(hidden)).defer("photo")


def people_shown(today: date) -> list["TeamMember"]:
    """The team members to show somewhere on a day, for the page cache: without photos, which have their own URL."""
    return list(TeamMember.objects.shown(today).annotate(has_photo=Q(photo__isnull=False)).defer("photo"))


class TeamMember(models.Model):
    """A public leader who has consented to being shown. Members and applicants are never team members."""

    inventory = data_inventory.TEAM_MEMBER
    shown_on_pages = True

    name = models.CharField(_("name"), max_length=120, help_text=_("Public."))
    pronouns = models.CharField(_("pronouns"), max_length=60, blank=True, help_text=_("Public. The ones they gave us."))
    role = models.CharField(_("role"), max_length=120, help_text=_("Public."))
    text_block_key = models.CharField(
        _("text"),
        max_length=120,
        unique=True,
        help_text=_("The page text with their words. While it is hidden, this person is taken down."),
    )
    consent_until = models.DateField(
        _("until"),
        null=True,
        blank=True,
        help_text=_(
            "The last day they agreed to be shown. They disappear when that day is over in the first place on Earth. "
            "Leave empty for no last day."
        ),
    )
    is_on_site = models.BooleanField(
        _("on this site"), default=False, help_text=_("They agreed to be on the home page and on the People page.")
    )
    is_in_press_kit = models.BooleanField(
        _("on the media page"), default=False, help_text=_("They agreed to be shown to journalists.")
    )
    photo = models.BinaryField(null=True, blank=True, editable=False)
    photo_alt = models.CharField(_("photo description"), max_length=300, blank=True, help_text=_("Public."))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    form_token = models.CharField(max_length=64, unique=True, null=True, editable=False)

    objects: ClassVar[TeamMemberQuerySet] = manager_of(TeamMemberQuerySet)

    class Meta:
        verbose_name = _("team member")
        verbose_name_plural = _("team")
        ordering = ["order", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(photo=None) | ~Q(photo_alt=""), name="a_photo_has_a_description"),
        ]

    def __str__(self) -> str:
        return self.name
