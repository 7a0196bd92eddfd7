"""What changes meetings and their series.

A series and its meetings change together, in one transaction. What a host does with one meeting is one UPDATE of the
meetings that are as the host saw them, and returns how many it changed.
"""

from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Case, F, When
from django.utils import timezone

from chapters.meetings.edit_conflicts import version_of
from chapters.meetings.querysets import MeetingQuerySet, SeriesQuerySet
from chapters.meetings.recurrence import Plan, plan_for, times_of, with_offset
from chapters.models import Meeting, MeetingSeries
from s4jr.steps import run_steps

#: What a host's form changes, and whether people see it.
WATCHED = (*MeetingSeries.FACTS, "repeats", "weekday", "week", "begins_on", "ends_on", "time_of_day", "minutes")


# --- series


@transaction.atomic
def save_series(series: MeetingSeries, *, seen: str = "") -> bool:
    """Save a series, new or changed, and bring its meetings in line. False where it changed since the version `seen`,
    which may be blank; then nothing is saved."""
    saved = MeetingSeries.objects.select_for_update(of=("self",)).filter(pk=series.pk).first()
    if seen and saved and version_of(saved, WATCHED) != seen:
        return False
    series.save()
    align_series(MeetingSeries.objects.filter(pk=series.pk))
    return True


@transaction.atomic
def publish_series(series: SeriesQuerySet) -> int:
    """Show them, and all their meetings, to those they are for: all or nothing. Returns how many were drafts until
    now."""
    drafts = list(series.filter(is_published=False).values_list("pk", flat=True))
    won = MeetingSeries.objects.filter(pk__in=drafts, is_published=False).update(is_published=True)
    align_series(MeetingSeries.objects.filter(pk__in=drafts))
    return won


def delete_drafts(series: SeriesQuerySet) -> int:
    """Delete drafts with their meetings. What was ever shown stays. Returns how many series were deleted."""
    return series.filter(is_published=False).delete()[1].get(MeetingSeries._meta.label, 0)


def set_series_link(series: SeriesQuerySet, link: str) -> int:
    """The link to join of each of their meetings that has none of its own; "" for none. Returns how many series."""
    return series.update(join_link=link)


# --- bringing meetings in line with their series


def align_all_series() -> dict[str, int]:
    """Bring the meetings of every series in line with its rule. One series that fails stops no other."""
    series = MeetingSeries.objects.all()
    return run_steps(
        {str(pk): partial(align_series, series.filter(pk=pk)) for pk in series.values_list("pk", flat=True)}
    )


def align_series(series: SeriesQuerySet, now: datetime | None = None) -> None:
    """Bring the meetings of each series in line with its rule, for 400 days from now."""
    for pk in series.values_list("pk", flat=True):
        _align(pk, now or timezone.now())


@transaction.atomic
def _align(pk: Any, now: datetime) -> None:
    """Carry the plan out for one series, which nobody else does at the same time."""
    series = MeetingSeries.objects.select_for_update().filter(pk=pk).first()
    if series is not None:
        _carry_out(series, plan_for(series, now))


def _carry_out(series: MeetingSeries, plan: Plan) -> None:
    meetings = series.meetings
    for meeting, changes in plan.changed:
        # If a host has changed it since it was read, it is the host's: the next round sees what is left to do.
        change_meetings(meetings.filter(pk=meeting.pk, sequence=meeting.sequence), **changes)
    left_out = [meeting.pk for meeting in plan.left_out]
    meetings.filter(pk__in=left_out, is_published=False).delete()
    change_meetings(meetings.filter(pk__in=left_out, is_canceled=False), is_canceled=True, is_left_out=True)
    meetings.bulk_create([_new_meeting(series, day) for day in plan.made])


def _new_meeting(series: MeetingSeries, day: date) -> Meeting:
    times = with_offset(series.zone, times_of(series, day))
    return Meeting(series=series, planned_on=day, **series.facts, **times)


# --- what a host does with one meeting


def move_meeting(meetings: MeetingQuerySet, starts_at: datetime, ends_at: datetime) -> int:
    """To another time. From then on it keeps that time, whatever becomes of its series."""
    movable = meetings.not_begun().taking_place()
    zone = movable.values_list("zone", flat=True).first()
    if zone is None:
        return 0
    times = {"starts_at": starts_at, "ends_at": ends_at}
    return change_meetings(movable, **with_offset(zone, times), is_moved=True)


def cancel_meeting(meetings: MeetingQuerySet) -> int:
    """It does not take place. It stays on its page and in the feeds, and says so."""
    return change_meetings(meetings.not_begun().taking_place(), is_canceled=True)


def restore_meeting(meetings: MeetingQuerySet) -> int:
    """It takes place after all, also where a change of the series had left it out."""
    stands_alone = Case(When(is_left_out=True, then=True), default=F("is_moved"))
    canceled = meetings.not_begun().filter(is_canceled=True)
    return change_meetings(canceled, is_canceled=False, is_moved=stands_alone, is_left_out=False)


def set_link(meetings: MeetingQuerySet, link: str) -> int:
    """A link of its own; "" gives back the one of its series."""
    return change_meetings(meetings.filter(ends_at__gt=timezone.now()), join_link=link)


def set_topic(meetings: MeetingQuerySet, topic: str) -> int:
    """What this meeting, other than the ones before and after it, is about."""
    return change_meetings(meetings.filter(ends_at__gt=timezone.now()), topic=topic)


def publish_notes(meetings: MeetingQuerySet, notes: str) -> int:
    """What was said, without names, for whom the meeting was for; "" takes it back."""
    over = meetings.filter(is_canceled=False, ends_at__lte=timezone.now())
    return over.update(notes=notes, changed_at=timezone.now())


def change_meetings(meetings: MeetingQuerySet, **changes: Any) -> int:
    """Calendars take a change for one only if its number has grown."""
    return meetings.update(**changes, sequence=F("sequence") + 1, changed_at=timezone.now())
