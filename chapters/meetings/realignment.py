"""Meetings keep their local time when the rules of their time zone change.

The database stores a moment, computed from a local time with the rules known then. With a new `tzdata`, 7 p.m. in
Vancouver may be another moment. Each meeting stores the UTC offset that its moment was computed with, which gives its
intended local time back.
"""

import logging
from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone

from chapters.meetings.recurrence import local_moment
from chapters.meetings.services import change_meetings
from chapters.meetings.timezones import offset_minutes, system_offset_minutes
from chapters.models import Meeting
from s4jr.steps import run_steps

logger = logging.getLogger(__name__)

FIELDS = ("zone", "starts_at", "ends_at", "offset_when_set", "sequence")


def realign_meetings(now: datetime | None = None) -> dict[str, int]:
    """Moves every meeting that has not begun back to its local time. Concurrent runs are safe.

    Returns how many were realigned, and how many failed. People with an RSVP are notified as of any other change.
    """
    to_come = Meeting.objects.not_begun(now or timezone.now()).order_by("pk").only(*FIELDS)
    return run_steps({"realigned": partial(sum, map(_realign, filter(_is_by_other_rules, to_come)))})


def _is_by_other_rules(meeting: Meeting) -> bool:
    """Whether the offset of its time zone has changed. Logs a time zone that no longer exists, and returns False."""
    try:
        return offset_minutes(meeting.zone, meeting.starts_at) != meeting.offset_when_set
    except (KeyError, ValueError):
        logger.error("The time zone of meeting %s is not known", meeting.pk)
        return False


def _realign(meeting: Meeting) -> int:
    """Returns 1 if the moment changed. A missing offset alone is filled in without a notice to anyone."""
    starts_at = _moment_meant(meeting)
    this = Meeting.objects.filter(pk=meeting.pk, sequence=meeting.sequence)
    offset = {"offset_when_set": offset_minutes(meeting.zone, starts_at)}
    if starts_at == meeting.starts_at:
        this.update(**offset)
        return 0
    ends_at = starts_at + (meeting.ends_at - meeting.starts_at)
    return change_meetings(
        this, starts_at=starts_at, ends_at=ends_at, realigned_sequence=meeting.sequence + 1, **offset
    )


def _moment_meant(meeting: Meeting) -> datetime:
    """The moment of its intended local time, by the current rules."""
    offset = meeting.offset_when_set
    if offset is None:
        offset = system_offset_minutes(meeting.zone, meeting.starts_at)
    clock = meeting.starts_at + timedelta(minutes=offset)
    return local_moment(clock.date(), clock.time(), meeting.zone)
