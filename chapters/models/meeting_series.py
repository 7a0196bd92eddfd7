"""Series of meetings: the recurrence rule, and the fields that all meetings of a series share."""

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chapters.meetings import timezones
from chapters.meetings.data_inventory import MEETING_SERIES
from chapters.meetings.querysets import LONGEST, SeriesQuerySet
from chapters.models.chapter import Chapter
from chapters.regions import country_of, place_name
from s4jr.content.markdown import render
from s4jr.crypto.fields import EncryptedTextField, readable
from s4jr.managers import manager_of

if TYPE_CHECKING:
    from chapters.meetings.querysets import HostQuerySet, MeetingQuerySet


class MeetingFacts(models.Model):
    """The fields of a series and of each of its meetings: type, audience, text and accessibility."""

    class Kind(models.TextChoices):
        ORGANIZING = "organizing", _("organizing meeting")
        SKILL_SHARE = "skill_share", _("skill share")
        REPRESENTATIVES = "representatives", _("representatives’ meeting")
        CHAPTER = "chapter", _("chapter meeting")
        GATHERING = "gathering", _("gathering")

    class Audience(models.TextChoices):
        PUBLIC = "public", _("everyone")
        MEMBERS = "members", _("members")
        REPRESENTATIVES = "representatives", _("representatives")

    class Format(models.TextChoices):
        ONLINE = "online", _("online")
        IN_PERSON = "in_person", _("in person")
        PHONE = "phone", _("by phone")

    #: The fields that meetings copy from their series until they begin.
    FACTS = (
        "kind", "audience", "chapter", "region", "title", "words", "zone", "format", "city", "languages", "captions",
        "sign_language", "breaks", "camera_optional", "speaking_optional", "access_notes", "content_notes", "capacity",
        "is_published",
    )  # fmt: skip

    chapter: "models.ForeignKey[Chapter | None]"
    get_audience_display: Callable[[], str]
    get_format_display: Callable[[], str]
    get_kind_display: Callable[[], str]

    kind = models.CharField(_("type"), max_length=16, choices=Kind.choices)
    audience = models.CharField(_("who it’s for"), max_length=16, choices=Audience.choices)
    region = models.CharField(_("place"), max_length=6, blank=True)
    title = models.CharField(_("title"), max_length=120)
    words = models.TextField(_("description"), max_length=4000, blank=True)
    zone = models.CharField(_("time zone"), max_length=50)
    format = models.CharField(_("how people meet"), max_length=10, choices=Format.choices, default=Format.ONLINE)
    city = models.CharField(
        _("city"), max_length=80, blank=True, help_text=_("Public, for a meeting in person. Never the street.")
    )
    languages = models.CharField(_("languages"), max_length=80, blank=True, help_text=_("Spoken at the meeting."))
    captions = models.BooleanField(_("live captions"), default=False)
    sign_language = models.CharField(
        _("sign language"),
        max_length=60,
        blank=True,
        help_text=_("Which one, such as ASL or LSQ. Leave empty if there is none."),
    )
    breaks = models.BooleanField(_("breaks"), default=False)
    camera_optional = models.BooleanField(_("cameras can stay off"), default=True)
    speaking_optional = models.BooleanField(_("no one has to speak"), default=True)
    access_notes = models.TextField(
        _("other access information"), max_length=1000, blank=True,
        help_text=_("Public. Such as steps, restrooms, seating, scents or parking."),
    )  # fmt: skip
    content_notes = models.TextField(
        _("content notes"), max_length=1000, blank=True, help_text=_("Hard topics the meeting will cover, if any.")
    )
    capacity = models.PositiveSmallIntegerField(
        _("spots"), null=True, blank=True, help_text=_("How many people can come. Leave empty for no limit.")
    )
    is_published = models.BooleanField(_("published"), default=False, editable=False)

    class Meta:
        abstract = True

    @property
    def whose(self) -> str:
        """The name of its chapter or place; "" for the whole coalition."""
        if self.chapter:
            return str(self.chapter)
        return place_name(country_of(self.region), self.region) if self.region else ""

    @property
    def format_in_words(self) -> str:
        """How people meet: "Online", "In person in Toronto", "By phone". It names the city, never the street."""
        if self.format == self.Format.IN_PERSON and self.city:
            return gettext("In person in %(city)s") % {"city": self.city}
        return str(capfirst(self.get_format_display()))

    @property
    def words_html(self) -> str:
        return render(self.words)

    @property
    def facts(self) -> dict[str, Any]:
        """The values of `FACTS` by attname: `chapter_id` for `chapter`."""
        names = [self._meta.get_field(name).attname for name in self.FACTS]
        return {name: getattr(self, name) for name in names}


class SeriesManager(models.Manager["MeetingSeries"]):
    """Defers the meeting link and the venue, like `MeetingManager`."""

    def get_queryset(self) -> models.QuerySet["MeetingSeries"]:
        return super().get_queryset().defer("join_link", "venue")


class MeetingSeries(MeetingFacts):
    """The rule, the time zone and the text of meetings that belong together. A single meeting is a series of one."""

    inventory = MEETING_SERIES

    class Repeats(models.TextChoices):
        ONCE = "once", _("once")
        WEEKLY = "weekly", _("every week")
        TWO_WEEKLY = "two_weekly", _("every two weeks")
        TWICE_MONTHLY = "twice_monthly", _("twice a month")
        MONTHLY = "monthly", _("every month")
        TWO_MONTHLY = "two_monthly", _("every two months")

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    class Week(models.IntegerChoices):
        FIRST = 1, _("the first one of the month")
        SECOND = 2, _("the second one of the month")
        THIRD = 3, _("the third one of the month")
        FOURTH = 4, _("the fourth one of the month")
        LAST = -1, _("the last one of the month")

    chapter_id: int | None
    get_repeats_display: Callable[[], str]
    get_weekday_display: Callable[[], str]
    meetings: "MeetingQuerySet"
    hosts: "HostQuerySet"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    chapter = models.ForeignKey(Chapter, models.CASCADE, null=True, blank=True, related_name="meeting_series")
    repeats = models.CharField(_("how often"), max_length=14, choices=Repeats.choices)
    weekday = models.PositiveSmallIntegerField(_("day of the week"), choices=Weekday.choices, null=True, blank=True)
    week = models.SmallIntegerField(_("which one of the month"), choices=Week.choices, null=True, blank=True)
    second_week = models.SmallIntegerField(
        _("the second one in the month"), choices=Week.choices, null=True, blank=True
    )
    begins_on = models.DateField(_("first meeting"))
    ends_on = models.DateField(_("last meeting"), null=True, blank=True)
    time_of_day = models.TimeField(
        _("starts at"),
        help_text=_("The local time there, in both summer and winter."),
    )
    minutes = models.PositiveSmallIntegerField(_("length"))
    join_link = EncryptedTextField(_("meeting link"), context="series.join_link", blank=True, default="")
    venue = EncryptedTextField(
        _("street address, or phone number and code"), context="series.venue", blank=True, default=""
    )

    objects: ClassVar[SeriesQuerySet] = manager_of(SeriesQuerySet, SeriesManager)

    class Meta:
        verbose_name = _("meeting series")
        verbose_name_plural = _("meeting series")
        default_permissions = ["change"]
        constraints = [
            models.CheckConstraint(condition=Q(region="") | Q(chapter__isnull=True), name="a_series_of_one_place"),
            models.CheckConstraint(
                condition=Q(repeats="once", weekday=None, week=None, second_week=None)
                | Q(repeats__in=["weekly", "two_weekly"], weekday__isnull=False, week=None, second_week=None)
                | Q(repeats__in=["monthly", "two_monthly"], weekday__isnull=False, week__isnull=False, second_week=None)
                | Q(repeats="twice_monthly", weekday__isnull=False, week__isnull=False, second_week__isnull=False),
                name="a_series_says_on_which_days",
            ),
            models.CheckConstraint(condition=~Q(second_week=F("week")), name="twice_a_month_is_on_two_days"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("begins_on")), name="a_series_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(minutes__gt=0, minutes__lte=LONGEST.total_seconds() // 60), name="a_meeting_has_a_length"
            ),
        ]

    def __str__(self) -> str:
        return gettext("Meetings, %(rhythm)s") % {"rhythm": self.rhythm}

    @property
    def rhythm(self) -> str:
        """How often it repeats: "every month on the second Tuesday", "on the first and third Tuesday of the month"."""
        if self.repeats == self.Repeats.ONCE:
            return self.get_repeats_display()
        two = (self.week, self.second_week)
        words = RHYTHMS_OF_TWO[two] if self.second_week else RHYTHMS[self.week]
        return words % {"often": self.get_repeats_display(), "day": self.get_weekday_display()}

    @property
    def has_public_page(self) -> bool:
        """Whether readers find a page with all its dates. A single meeting has its own page only."""
        return self.is_published and self.audience == self.Audience.PUBLIC and self.repeats != self.Repeats.ONCE

    @property
    def has_link(self) -> bool:
        """Whether it has a meeting link that can be decrypted. To a host, one that cannot be is no link."""
        return bool(readable(self, "join_link"))

    @property
    def has_venue(self) -> bool:
        """Whether it has a street address or dial-in that can be decrypted."""
        return bool(readable(self, "venue"))

    @property
    def zone_in_words(self) -> str:
        return timezones.city_time(self.zone)


RHYTHMS = {
    None: _("%(often)s on %(day)s"),
    1: _("%(often)s on the first %(day)s"),
    2: _("%(often)s on the second %(day)s"),
    3: _("%(often)s on the third %(day)s"),
    4: _("%(often)s on the fourth %(day)s"),
    -1: _("%(often)s on the last %(day)s"),
}

#: Of a series twice a month, by its two weeks in order. The fourth and the last are often one day: no form takes both.
RHYTHMS_OF_TWO: dict[tuple[int | None, int | None], Any] = {
    (1, 2): _("on the first and second %(day)s of the month"),
    (1, 3): _("on the first and third %(day)s of the month"),
    (1, 4): _("on the first and fourth %(day)s of the month"),
    (1, -1): _("on the first and last %(day)s of the month"),
    (2, 3): _("on the second and third %(day)s of the month"),
    (2, 4): _("on the second and fourth %(day)s of the month"),
    (2, -1): _("on the second and last %(day)s of the month"),
    (3, 4): _("on the third and fourth %(day)s of the month"),
    (3, -1): _("on the third and last %(day)s of the month"),
}
