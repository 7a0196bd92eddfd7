"""The moment at which a scheduled announcement goes out, from a local day and time in a time zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext

from chapters.meetings.timezones import city

#: The rules of time zones change, and so do plans.
DAYS_AHEAD = 90


def send_moment(day: date, time_of_day: time, zone: str) -> datetime:
    """The moment in UTC. Raises ValidationError for a time that clocks skip or repeat there, and outside DAYS_AHEAD.

    Meetings take the later and the first of these (`chapters.meetings.recurrence`), because a series has no one to ask.
    """
    first, second = (datetime.combine(day, time_of_day, tzinfo=ZoneInfo(zone)).replace(fold=fold) for fold in (0, 1))
    moment, place = first.astimezone(UTC), {"city": city(zone)}
    if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != first.replace(tzinfo=None):
        raise ValidationError(
            gettext("Clocks in %(city)s skip this time on that day. Choose an earlier or a later time.") % place
        )
    if first.utcoffset() != second.utcoffset():
        raise ValidationError(
            gettext("Clocks in %(city)s show this time twice on that day. Choose an earlier or a later time.") % place
        )
    _check_range(moment, timezone.now())
    return moment


def _check_range(moment: datetime, now: datetime) -> None:
    if moment <= now:
        raise ValidationError(gettext("This time has passed. Enter a later one."))
    if moment > now + timedelta(days=DAYS_AHEAD):
        raise ValidationError(gettext("Choose a day within the next %(days)d days.") % {"days": DAYS_AHEAD})
