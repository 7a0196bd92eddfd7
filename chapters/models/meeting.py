"""Dated meetings."""

import uuid
from datetime import date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chapters.meetings import timezones
from chapters.meetings.data_inventory import MEETING
from chapters.meetings.querysets import LONGEST, MeetingQuerySet
from chapters.models.chapter import Chapter
from chapters.models.meeting_series import MeetingFacts, MeetingSeries
from s4jr.content.markdown import render
from s4jr.crypto.fields import EncryptedTextField, readable
from s4jr.managers import manager_of


class MeetingManager(models.Manager["Meeting"]):
    """Defers the meeting link and the venue: few pages need them, and one that cannot be decrypted must not break a
    whole list."""

    def get_queryset(self) -> models.QuerySet["Meeting"]:
        return super().get_queryset().defer("join_link", "venue")


class Meeting(MeetingFacts):
    """One dated meeting. Its series creates it for the day `planned_on` and finds it by that day, even if it moved."""

    inventory = MEETING

    chapter_id: int | None
    series_id: uuid.UUID | None

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    series = models.ForeignKey(MeetingSeries, models.CASCADE, null=True, editable=False, related_name="meetings")
    planned_on = models.DateField(null=True, editable=False, help_text=_("The local date its series planned it for."))
    chapter = models.ForeignKey(Chapter, models.CASCADE, null=True, blank=True, related_name="meetings")
    topic = models.TextField(_("about this meeting"), max_length=1000, blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    offset_when_set = models.SmallIntegerField(
        null=True, editable=False,
        help_text=_("Minutes from UTC, by the time zone rules in use when its time was set. If empty, the "
"system’s rules apply."),
    )  # fmt: skip
    realigned_sequence = models.PositiveIntegerField(
        null=True, editable=False, help_text=_("Number of the change that only kept its local time the same.")
    )
    join_link = EncryptedTextField(
        _("meeting link"), context="meeting.join_link", blank=True, default="",
        help_text=_("For this meeting only; see `way_in`."),
    )  # fmt: skip
    venue = EncryptedTextField(
        _("street address, or phone number and code"), context="meeting.venue", blank=True, default="",
        help_text=_("For this meeting only; see `where`."),
    )  # fmt: skip
    is_moved = models.BooleanField(
        default=False, editable=False, help_text=_("Its time was set by hand and doesn’t change with the series.")
    )
    is_canceled = models.BooleanField(_("canceled"), default=False, editable=False)
    is_left_out = models.BooleanField(
        default=False, editable=False,
        help_text=_("Canceled because its series no longer includes this day. If the day comes back, so does the "
"meeting."),
    )  # fmt: skip
    is_kept = models.BooleanField(
        default=False, editable=False,
        help_text=_("A host restored it although its series doesn’t include this day. The series no longer changes its "
"time."),
    )  # fmt: skip
    change_reason = models.CharField(
        _("reason"),
        max_length=300,
        blank=True,
        help_text=_("Why it was moved or canceled. People who are going read it."),
    )
    sequence = models.PositiveIntegerField(default=0, editable=False, help_text=_("How many times it was changed."))
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    agenda = models.TextField(_("agenda"), max_length=4000, blank=True)
    notes = models.TextField(_("notes"), max_length=10_000, blank=True)
    notes_published_at = models.DateTimeField(null=True, editable=False)
    resources = models.TextField(_("resources"), max_length=4000, blank=True)

    objects: ClassVar[MeetingQuerySet] = manager_of(MeetingQuerySet, MeetingManager)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_meeting_ends_after_it_began"),
            models.CheckConstraint(condition=Q(ends_at__lte=F("starts_at") + LONGEST), name="a_meeting_is_one_day"),
            models.CheckConstraint(condition=Q(region="") | Q(chapter__isnull=True), name="a_meeting_of_one_place"),
            models.CheckConstraint(
                condition=Q(series=None, planned_on=None) | Q(series__isnull=False, planned_on__isnull=False),
                name="a_meeting_of_a_series_has_a_day_there",
            ),
            models.CheckConstraint(condition=Q(is_left_out=False) | Q(is_canceled=True), name="left_out_is_off"),
            models.UniqueConstraint(fields=["series", "planned_on"], name="one_meeting_a_day_of_a_series"),
        ]
        indexes = [
            models.Index(fields=["starts_at", "id"], name="meetings_upcoming", condition=Q(is_published=True)),
        ]

    def __str__(self) -> str:
        try:
            when = self.day_and_time
        except (KeyError, ValueError):  # its time zone no longer exists
            return f"meeting {self.pk}"
        return gettext("Meeting on %(when)s") % {"when": when}

    @property
    def zone_in_words(self) -> str:
        """The name of the time zone at the start: "Eastern Time"."""
        return timezones.in_words(self.zone, self.starts_at)

    @property
    def day_and_time(self) -> str:
        """The start in the meeting's time zone: "Thursday, December 3, 2026 at 7:00 p.m."."""
        return timezones.day_and_time(self.zone, self.starts_at)

    @property
    def when(self) -> str:
        """The start with the name of the time zone."""
        return timezones.in_full(self.zone, self.starts_at)

    def when_for(self, own: str) -> str:
        """The same with the time in the reader's time zone `own`, if that is known and its clock differs."""
        return timezones.in_both(self.zone, own, self.starts_at)

    @property
    def in_common_zones(self) -> list[tuple[str, str]]:
        """The start in the time zones of Canada, the United States and the UK: pairs of name and time."""
        return timezones.in_common_zones(self.starts_at)

    @property
    def begins(self) -> datetime:
        """The start in the meeting's time zone."""
        return self.starts_at.astimezone(ZoneInfo(self.zone))

    @property
    def finishes(self) -> datetime:
        """The end in the meeting's time zone."""
        return self.ends_at.astimezone(ZoneInfo(self.zone))

    @property
    def month(self) -> date:
        """The first day of its month, which groups meetings in lists."""
        return self.begins.date().replace(day=1)

    @property
    def offset_minutes(self) -> int:
        """Minutes ahead of UTC at the start. A script compares them with the reader's own clock."""
        return timezones.offset_minutes(self.zone, self.starts_at)

    @property
    def topic_html(self) -> str:
        return render(self.topic)

    @property
    def notes_html(self) -> str:
        return render(self.notes)

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= timezone.now()

    @property
    def is_settled(self) -> bool:
        """Whether a host moved, kept or canceled it, so that its series no longer sets its time."""
        return self.is_moved or self.is_kept or (self.is_canceled and not self.is_left_out)

    @property
    def way_in(self) -> str:
        """The meeting link, its own or that of its series. Only attendees get it, by email; no page shows it."""
        return readable(self, "join_link") or readable(self, "series_link")

    @property
    def where(self) -> str:
        """The street address or dial-in, its own or that of its series; `members.rsvps` decides who sees it."""
        return readable(self, "venue") or (readable(self.series, "venue") if self.series else "")

    @property
    def agenda_html(self) -> str:
        return render(self.agenda)

    @property
    def resources_html(self) -> str:
        return render(self.resources)

    @property
    def series_link(self) -> str:
        return self.series.join_link if self.series else ""
