"""The meetings of a series: the days of its rule, and the changes that bring existing rows in line with them.

Times are local times in the meeting's time zone, in summer and in winter. A time that a clock change skips moves later
by the length of the gap; of a time that occurs twice, the first one counts. RFC 5545, section 3.3.5, and Python's
`fold=0` say the same.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday
from django.db.models import Q

from chapters.meetings.timezones import offset_minutes
from chapters.models import Meeting, MeetingSeries

#: How far ahead meetings are created.
AHEAD = timedelta(days=400)
#: No day that a host enters is farther ahead. The years of a calendar's time zones end with the last meeting.
FARTHEST = timedelta(days=3650)
#: Days are computed this much further, so that the last rows can move within their week or month. No rows are created
#: there.
A_PERIOD = timedelta(days=31)
WEEKS_BETWEEN = {"weekly": 1, "two_weekly": 2}
MONTHS_BETWEEN = {"twice_monthly": 1, "monthly": 1, "two_monthly": 2}


# --- the rule


def days_of(series: MeetingSeries, until: date) -> list[date]:
    """The local days of a series up to and including `until`, in order."""
    last = min(until, series.ends_on or until)
    if series.repeats == "once":
        return [series.begins_on] if series.begins_on <= last else []
    return [moment.date() for moment in _recurrence_rule(series, _midnight_of(last))]


def _recurrence_rule(series: MeetingSeries, last: datetime) -> rrule:
    begins = _midnight_of(series.begins_on)
    # The constraint "a_series_says_on_which_days" requires it.
    assert series.weekday is not None
    if series.repeats in WEEKS_BETWEEN:
        every: dict[str, Any] = {"freq": WEEKLY, "interval": WEEKS_BETWEEN[series.repeats], "byweekday": series.weekday}
    else:
        weeks = [week for week in (series.week, series.second_week) if week is not None]
        on = [weekday(series.weekday)(week) for week in weeks]
        every = {"freq": MONTHLY, "interval": MONTHS_BETWEEN[series.repeats], "byweekday": on}
    # An interval counts from the first meeting: the week or month of `begins_on` may have no meeting left.
    first = rrule(**{**every, "interval": 1}, dtstart=begins, count=1)[0]
    return rrule(**every, dtstart=first, until=last)


def _midnight_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001  a calendar day without a time zone


def start_of(series: MeetingSeries, day: date) -> datetime:
    """The start, in UTC, of the meeting of that day."""
    return local_moment(day, series.time_of_day, series.zone)


def local_moment(day: date, time_of_day: time, zone: str) -> datetime:
    """The moment, in UTC, of a local time in a time zone."""
    return datetime.combine(day, time_of_day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def times_of(series: MeetingSeries, day: date) -> dict[str, datetime]:
    starts_at = start_of(series, day)
    return {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=series.minutes)}


def with_offset(zone: str, times: dict[str, datetime]) -> dict[str, Any]:
    """The times, with the UTC offset that they were computed with: see `realignment.py`."""
    return {**times, "offset_when_set": offset_minutes(zone, times["starts_at"])}


# --- comparing rows with the rule


@dataclass(frozen=True)
class Plan:
    """Changes to make. `changed` has (meeting, {field: new value}); `left_out` is to be canceled or deleted."""

    changed: list[tuple[Meeting, dict[str, Any]]]
    made: list[date]
    left_out: list[Meeting]

    @property
    def moved(self) -> list[tuple[Meeting, dict[str, Any]]]:
        return [(meeting, changes) for meeting, changes in self.changed if "starts_at" in changes]


def plan_for(series: MeetingSeries, now: datetime) -> Plan:
    """The changes that bring the rows of a series in line with its fields in memory, saved or not.

    Meetings that have begun do not change, and meetings that a host moved or canceled keep their time. A meeting whose
    day is no longer in the rule moves to a day of the rule in the same week, or the same month for a monthly rule. If
    there is none, it is left out.
    """
    today = now.astimezone(ZoneInfo(series.zone)).date()
    horizon = today + AHEAD
    found = series.meetings.filter(Q(starts_at__gt=now) | Q(planned_on__gte=today))
    rows = [(row, row.planned_on) for row in found if row.planned_on]  # each row of a series has this day
    days = {day for day in days_of(series, horizon + A_PERIOD) if day >= today}
    placed = [(row, day) for row, day in rows if day in days]
    free = {day for day in days - {day for _row, day in placed} if start_of(series, day) > now}
    loose = [(row, day) for row, day in rows if day not in days and row.starts_at > now and not row.is_left_out]
    placed += _pair_by_period(series, loose, free)
    stay = {row.pk for row, _day in placed}
    taken = {day for _row, day in placed}
    return Plan(
        changed=[(row, changes) for row, day in placed if (changes := _changes_of(series, row, day, now))],
        made=[day for day in sorted(free - taken) if day <= horizon],
        left_out=[row for row, _day in loose if row.pk not in stay and not row.is_settled],
    )


def _pair_by_period(
    series: MeetingSeries, loose: list[tuple[Meeting, date]], days: set[date]
) -> list[tuple[Meeting, date]]:
    """Gives each day the nearest meeting of its week or month that lost its own day; settled meetings come last."""
    found, left = [], list(loose)
    for day in sorted(days):
        near = [(row, lost) for row, lost in left if _period_of(series, lost) == _period_of(series, day)]
        if near:
            row, lost = min(near, key=lambda pair: (pair[0].is_settled, abs(pair[1] - day), pair[1]))
            left.remove((row, lost))
            found.append((row, day))
    return found


def _period_of(series: MeetingSeries, day: date) -> tuple[int, ...]:
    """The week, two weeks or month of a day, within which a meeting may move to another day of the rule."""
    if series.repeats == "once":
        return ()
    if series.repeats in WEEKS_BETWEEN:
        return (_weeks_since(series.begins_on, day) // WEEKS_BETWEEN[series.repeats],)
    return (day.year, day.month)


def _weeks_since(first: date, day: date) -> int:
    """How many weeks, from Monday to Sunday, lie between the weeks of two days; negative for an earlier `day`."""
    return (_monday_of(day) - _monday_of(first)).days // 7


def _monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _changes_of(series: MeetingSeries, row: Meeting, day: date, now: datetime) -> dict[str, Any]:
    """The changes that turn a row into the meeting of that day."""
    if row.starts_at <= now:
        return {}
    wanted = {**series.facts, "planned_on": day}
    if not row.is_settled:
        times = times_of(series, day)
        wanted |= {"is_canceled": False, "is_left_out": False, **(times if times["starts_at"] > now else {})}
    changes = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    starts_at = changes.get("starts_at", row.starts_at)
    if changes.keys() & {"starts_at", "zone"}:
        changes["offset_when_set"] = offset_minutes(wanted["zone"], starts_at)
    return changes
