"""Which meetings a series has: the days its rule names, and how rows that are there come in line with them.

Times are those on the clock of the meeting's zone, in summer and in winter. Where the clock jumps over a time, the
meeting begins as much later as the clock jumped; where it shows a time twice, it begins the first time. RFC 5545,
section 3.3.5, and Python's `fold=0` say the same.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday
from django.db.models import Q

from chapters.meetings.timezones import offset_minutes
from chapters.models import Meeting, MeetingSeries

#: How far ahead there are rows.
AHEAD = timedelta(days=400)
#: Behind that, days are looked at so that the last rows find the new day of their week or month; none are made there.
A_PERIOD = timedelta(days=31)
MONTHS_BETWEEN = {"monthly": 1, "two_monthly": 2}


# --- the rule


def days_of(series: MeetingSeries, until: date) -> list[date]:
    """The local days that the rule of a series names, up to `until`, in their order."""
    last = min(until, series.ends_on or until)
    if series.repeats == "once":
        return [series.begins_on] if series.begins_on <= last else []
    return [moment.date() for moment in _recurrence_rule(series, _midnight_of(last))]


def _recurrence_rule(series: MeetingSeries, last: datetime) -> rrule:
    begins = _midnight_of(series.begins_on)
    if series.repeats == "weekly":
        return rrule(WEEKLY, dtstart=begins, until=last, byweekday=series.weekday)
    on = weekday(series.weekday)(series.week)
    # Every two months counts from the first meeting, not from a month whose meeting was over when it began.
    first = rrule(MONTHLY, dtstart=begins, count=1, byweekday=on)[0]
    return rrule(MONTHLY, interval=MONTHS_BETWEEN[series.repeats], dtstart=first, until=last, byweekday=on)


def _midnight_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001  a day of the calendar, nowhere yet


def start_of(series: MeetingSeries, day: date) -> datetime:
    """The moment at which the meeting of that day begins."""
    return local_moment(day, series.time_of_day, series.zone)


def local_moment(day: date, time_of_day: time, zone: str) -> datetime:
    """The moment, in UTC, at which the clocks of a zone show that time."""
    return datetime.combine(day, time_of_day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def times_of(series: MeetingSeries, day: date) -> dict[str, datetime]:
    starts_at = start_of(series, day)
    return {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=series.minutes)}


def with_offset(zone: str, times: dict[str, datetime]) -> dict[str, Any]:
    """The same times of a meeting, with the offset by which they were set: see `realignment.py`."""
    return {**times, "offset_when_set": offset_minutes(zone, times["starts_at"])}


# --- from rows that are there to rows as they should be


@dataclass(frozen=True)
class Plan:
    """What is to be done. `changed` has (meeting, {field: new value}); `left_out` are to be canceled, or deleted."""

    changed: list[tuple[Meeting, dict[str, Any]]]
    made: list[date]
    left_out: list[Meeting]

    @property
    def moved(self) -> list[tuple[Meeting, dict[str, Any]]]:
        return [(meeting, changes) for meeting, changes in self.changed if "starts_at" in changes]


def plan_for(series: MeetingSeries, now: datetime) -> Plan:
    """How the rows of a series come in line with it, as it is in memory, saved or not.

    What has begun stays as it was, and what a host moved or canceled keeps its time. A meeting whose day the rule
    has no more goes to the rule's day of the same week (of the same month, where the rule is by the month); one for
    which there is none is left out.
    """
    today = now.astimezone(ZoneInfo(series.zone)).date()
    horizon = today + AHEAD
    rows = list(series.meetings.filter(Q(starts_at__gt=now) | Q(planned_on__gte=today)))
    days = {day for day in days_of(series, horizon + A_PERIOD) if day >= today}
    placed = [(row, row.planned_on) for row in rows if row.planned_on in days]
    free = {day for day in days - {day for _row, day in placed} if start_of(series, day) > now}
    loose = [row for row in rows if row.planned_on not in days and row.starts_at > now and not row.is_left_out]
    placed += _pair_by_period(series, loose, free)
    stay = {row.pk for row, _day in placed}
    taken = {day for _row, day in placed}
    return Plan(
        changed=[(row, changes) for row, day in placed if (changes := _changes_of(series, row, day, now))],
        made=[day for day in sorted(free - taken) if day <= horizon],
        left_out=[row for row in loose if row.pk not in stay and not row.is_settled],
    )


def _pair_by_period(series: MeetingSeries, loose: list[Meeting], days: set[date]) -> list[tuple[Meeting, date]]:
    """Each day gets the nearest meeting of its period that has lost its own day; one set by hand only if need be."""
    found, left = [], list(loose)
    for day in sorted(days):
        near = [row for row in left if _period_of(series, row.planned_on) == _period_of(series, day)]
        if near:
            row = min(near, key=lambda row: (row.is_settled, abs(row.planned_on - day), row.planned_on))
            left.remove(row)
            found.append((row, day))
    return found


def _period_of(series: MeetingSeries, day: date) -> tuple[int, ...]:
    if series.repeats == "once":
        return ()
    return day.isocalendar()[:2] if series.repeats == "weekly" else (day.year, day.month)


def _changes_of(series: MeetingSeries, row: Meeting, day: date, now: datetime) -> dict[str, Any]:
    """What must change in one row for it to be the meeting of that day."""
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
