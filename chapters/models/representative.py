"""Representatives of places and chapters, and their public profiles."""

import uuid
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chapters import data_inventory
from chapters.local_days import today_in_place
from chapters.models.chapter import Chapter
from chapters.regions import country_name, country_of, place_name
from chapters.representative_messages.answer_time import usual_days
from chapters.representatives.consent import ASKED_AFTER, LASTS, REMINDERS, WAITS_FOR_EMAILS
from chapters.representatives.querysets import RepresentativeQuerySet
from s4jr.crypto.fields import EncryptedTextField
from s4jr.days import easternmost_today, westernmost_today
from s4jr.managers import manager_of

if TYPE_CHECKING:
    from chapters.representative_messages.querysets import RepresentativeMessageQuerySet
    from s4jr.accounts.models import User


class RepresentativeManager(models.Manager["Representative"]):
    """Defers the photos, so that a list does not load them all."""

    def get_queryset(self) -> models.QuerySet["Representative"]:
        return super().get_queryset().defer("photo")


class Representative(models.Model):
    """One term of one person for one place or one chapter. It points to a User, never to a Member.

    The profile is not encrypted, because anyone may read and search it. It is public only while the consent is valid,
    and is cleared 30 days after the consent or the term ends.
    """

    inventory = data_inventory.REPRESENTATIVE

    class MandatedReporter(models.TextChoices):
        YES = "yes", _("yes")
        NO = "no", _("no")
        NOT_STATED = "", _("not stated")

    chapter_id: int | None
    conversations: "RepresentativeMessageQuerySet"
    followed_by: "RepresentativeQuerySet"
    follows_id: uuid.UUID | None
    user_id: int

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user: "models.ForeignKey[User]" = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="terms")
    country = models.CharField(_("country"), max_length=2, blank=True)
    region = models.CharField(
        _("place"), max_length=6, blank=True, help_text=_("ISO code of a state, province or country.")
    )
    chapter = models.ForeignKey(Chapter, models.CASCADE, null=True, blank=True, related_name="representatives")
    begins_on = models.DateField(_("start date"))
    ends_on = models.DateField(_("end date"), null=True, blank=True)
    appointed_by: "models.ForeignKey[User | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    follows: "models.ForeignKey[Representative | None]" = models.ForeignKey(
        "self", models.SET_NULL, null=True, editable=False, related_name="followed_by",
        help_text=_("The earlier term that was handed over to this one."),
    )  # fmt: skip
    steps_done = models.CharField(
        max_length=60, blank=True, editable=False, help_text=_("Setup steps that are done, separated by spaces.")
    )
    language = models.CharField(_("email language"), max_length=10, choices=settings.LANGUAGES, default="en")

    display_name = models.CharField(_("display name"), max_length=80, blank=True, help_text=_("Public."))
    pronouns = models.CharField(_("pronouns"), max_length=60, blank=True, help_text=_("Public."))
    words = models.TextField(_("short introduction"), max_length=600, blank=True, help_text=_("Public."))
    languages = models.CharField(_("languages"), max_length=120, blank=True, help_text=_("Public."))
    photo = models.BinaryField(
        null=True, help_text=_("Public. WebP, at most 60 KB, with nothing in the file but the picture.")
    )
    photo_alt = models.CharField(
        _("photo description"), max_length=200, blank=True, help_text=_("Public, for people who can’t see the photo.")
    )
    shows_region = models.BooleanField(
        _("show the state or province"), default=False, help_text=_("If this is off, only the country is public.")
    )
    mandated_reporter = models.CharField(
        _("mandated reporter"),
        max_length=3,
        choices=MandatedReporter.choices,
        blank=True,
        default="",
        help_text=_("Public."),
    )
    ties = models.TextField(
        _("ties to police, prosecution or courts"), max_length=400, blank=True,
        help_text=_("Public, in their own words. If it’s blank, the profile says “not stated.”"),
    )  # fmt: skip
    searched = models.TextField(
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text=_("The profile text without accents, used for search."),
    )
    takes_messages = models.BooleanField(_("accepts messages"), default=True)
    answer_days = models.CharField(
        max_length=60, blank=True, editable=False,
        help_text=_("How many days the last answers took, newest last, separated by spaces."),
    )  # fmt: skip

    confirmed_on = models.DateField(_("confirmed"), null=True, editable=False)
    consent_until = models.DateField(_("public until"), null=True, editable=False)
    emails_written = models.PositiveSmallIntegerField(
        default=0,
        editable=False,
        help_text=_(
            "How many renewal emails we’ve written in this round. They ask whether to keep the profile public."
        ),
    )
    asked_on = models.DateField(_("last asked"), null=True, editable=False)
    renewal_token = EncryptedTextField(context="representative.renewal_token", blank=True, default="", editable=False)
    renewal_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)

    objects: ClassVar[RepresentativeQuerySet] = manager_of(RepresentativeQuerySet, RepresentativeManager)

    class Meta:
        verbose_name = _("representative")
        verbose_name_plural = _("representatives")
        constraints = [
            models.CheckConstraint(
                condition=(Q(region="") & Q(chapter__isnull=False)) | (~Q(region="") & Q(chapter__isnull=True)),
                name="represents_a_place_or_a_chapter",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("begins_on")), name="a_term_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(consent_until=None, confirmed_on=None)
                | (Q(consent_until__isnull=False, confirmed_on__isnull=False) & ~Q(display_name="")),
                name="consent_is_to_a_profile_with_a_name",
            ),
            models.CheckConstraint(
                condition=Q(photo=None, photo_alt="") | (Q(photo__isnull=False) & ~Q(photo_alt="")),
                name="a_photograph_is_described",
            ),
        ]
        indexes = [
            models.Index(fields=["country", "region"], name="representatives_by_place"),
            models.Index(fields=["consent_until"], name="representatives_by_consent"),
        ]

    def __str__(self) -> str:
        return gettext("Representative: %(place)s") % {"place": self.place}

    @property
    def place(self) -> str:
        """The name of the chapter or place that they represent."""
        return str(self.chapter) if self.chapter_id else place_name(self.country, self.region)

    @property
    def place_code(self) -> str:
        """The ISO code of the state, province or country that they represent or that their chapter is in."""
        where = self.chapter or self
        return where.region or where.country

    @property
    def public_place(self) -> str:
        """The public part of their place: a chapter, a state or province, or only the country."""
        return self.place if self.shows_region else self.public_country

    @property
    def public_country(self) -> str:
        return country_name(self.chapter.country if self.chapter else country_of(self.region))

    @property
    def is_hidden_from_search(self) -> bool:
        """Whether a search for their state or province leaves them out, because they show only the country."""
        return not self.shows_region and "-" in self.place_code

    @property
    def about(self) -> str:
        """The name of this representative in the outbox."""
        return f"representative {self.pk}"

    @property
    def has_photo(self) -> bool:
        return bool(self.photo_alt)

    @property
    def usual_days(self) -> int | None:
        """Their usual time to an answer in days; None while there are too few answers."""
        return usual_days(self.answer_days)

    @property
    def has_ended(self) -> bool:
        """Whether its last day is over everywhere."""
        return self.ends_on is not None and self.ends_on < westernmost_today()

    @property
    def is_serving(self) -> bool:
        return self.begins_on <= easternmost_today() and not self.has_ended and self.user.is_active

    @property
    def is_public(self) -> bool:
        """Whether the profile is public today, as in `.public()`."""
        if not self.is_serving or self.consent_until is None:
            return False
        if self.consent_until >= today_in_place(self.region or self.country):
            return True
        return self.emails_written <= REMINDERS and self.consent_until >= westernmost_today() - WAITS_FOR_EMAILS

    @property
    def renewal_is_due(self) -> bool:
        """Whether their representative page says that the profile will be hidden, or is, unless they renew it."""
        asked_from = self.consent_until and self.consent_until - LASTS + ASKED_AFTER
        return bool(asked_from and self.is_serving and asked_from <= timezone.now().date())
