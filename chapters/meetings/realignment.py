"""Meetings keep their time on the clock when the rules of their zone change.

What is stored is a moment, made of a time on the clock by the rules that were known then. By a new `tzdata` 7 p.m. in
Vancouver may be another moment. Each meeting says by which offset from UTC its moment was made, so what its clocks were
to show can be told from that, whoever made or moved it.
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
    """Bring every meeting that has not begun back to its time on the clock. It may run at any time, and twice at once.

    Returns how many were realigned, and how many failed. Whoever has an RSVP is told as of any other change.
    """
    to_come = Meeting.objects.not_begun(now or timezone.now()).order_by("pk").only(*FIELDS)
    return run_steps({"realigned": partial(sum, map(_realign, filter(_is_by_other_rules, to_come)))})


def _is_by_other_rules(meeting: Meeting) -> bool:
    """Whether its moment was made by another offset than its clocks have then; a zone that is no more is left alone."""
    try:
        return offset_minutes(meeting.zone, meeting.starts_at) != meeting.offset_when_set
    except (KeyError, ValueError):
        logger.error("The time zone of %s is not known", meeting)
        return False


def _realign(meeting: Meeting) -> int:
    """1 where its moment changed. Where only its offset was not known yet, nothing changes that people see."""
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
    """The moment at which its clocks, by the rules of today, show what they were to show."""
    offset = meeting.offset_when_set
    if offset is None:
        offset = system_offset_minutes(meeting.zone, meeting.starts_at)
    clock = meeting.starts_at + timedelta(minutes=offset)
    return local_moment(clock.date(), clock.time(), meeting.zone)
