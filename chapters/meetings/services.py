"""Services that change meetings and their series.

A series and its meetings change in one transaction. A host's action on one meeting is one UPDATE of the rows that are
still as the host saw them; it returns how many rows it changed.
"""

from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Case, F, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from chapters.meetings.edit_conflicts import version_of
from chapters.meetings.querysets import MeetingQuerySet, SeriesQuerySet
from chapters.meetings.recurrence import Plan, plan_for, times_of, with_offset
from chapters.models import Meeting, MeetingHost, MeetingSeries
from s4jr.accounts.models import User
from s4jr.steps import run_steps

#: The fields that a host's form changes, and `is_published`.
WATCHED = (
    *MeetingSeries.FACTS, "repeats", "weekday", "week", "second_week", "begins_on", "ends_on", "time_of_day", "minutes",
)  # fmt: skip
#: As a string, because the stubs see a member of TextChoices as a tuple when it is compared.
ONLINE: str = MeetingSeries.Format.ONLINE


# --- series


@transaction.atomic
def save_series(series: MeetingSeries, *, seen: str = "") -> bool:
    """Saves a new or changed series and aligns its meetings. Returns False and saves nothing if the saved row no longer
    has the version `seen`; a blank version is not checked. A series that is now online loses its venue."""
    saved = MeetingSeries.objects.select_for_update(of=("self",)).filter(pk=series.pk).first()
    if seen and saved and version_of(saved, WATCHED) != seen:
        return False
    if series.format == ONLINE:
        series.venue = ""
        series.meetings.update(venue="")
    series.save()
    align_series(MeetingSeries.objects.filter(pk=series.pk))
    return True


def plan_series(
    series: MeetingSeries, *, link: str = "", venue: str = "", publish: bool = False, by: User | None = None
) -> bool:
    """Saves a new series with its link, its venue and its host, as a draft or published, all in one transaction.

    Returns False and saves nothing if the series is there already: then its form was submitted twice.
    """
    this = MeetingSeries.objects.filter(pk=series.pk)
    try:
        with transaction.atomic():
            series.join_link, series.venue = link, venue
            save_series(series)
            if by:
                MeetingHost.objects.create(series=series, user=by)
            if publish:
                publish_series(this)
    except IntegrityError:
        if not this.exists():
            raise
        return False
    return True


@transaction.atomic
def publish_series(series: SeriesQuerySet) -> int:
    """Publishes drafts and all their meetings in one transaction. Returns how many series were drafts."""
    drafts = list(series.filter(is_published=False).values_list("pk", flat=True))
    won = MeetingSeries.objects.filter(pk__in=drafts, is_published=False).update(is_published=True)
    align_series(MeetingSeries.objects.filter(pk__in=drafts))
    return won


@transaction.atomic
def delete_drafts(series: SeriesQuerySet) -> int:
    """Deletes drafts with their meetings; published series stay. Returns how many series were deleted.

    Locks them first: Django deletes by primary key what it found, also if another host publishes it in between.
    """
    drafts = list(series.filter(is_published=False).select_for_update(of=("self",)).values_list("pk", flat=True))
    return MeetingSeries.objects.filter(pk__in=drafts).delete()[1].get(MeetingSeries._meta.label, 0)


def set_series_link(series: SeriesQuerySet, link: str) -> int:
    """Sets the meeting link for all meetings without their own; "" removes it. Returns how many series changed."""
    return series.update(join_link=link)


def set_series_venue(series: SeriesQuerySet, venue: str) -> int:
    """Sets the venue for all meetings without their own; "" removes it. Returns how many series changed."""
    return series.exclude(format=ONLINE).update(venue=venue)


# --- aligning meetings with their series


def align_all_series() -> dict[str, int]:
    """Aligns the meetings of every series with its rule. A series that fails does not stop the others."""
    series = MeetingSeries.objects.all()
    return run_steps(
        {str(pk): partial(align_series, series.filter(pk=pk)) for pk in series.values_list("pk", flat=True)}
    )


def align_series(series: SeriesQuerySet, now: datetime | None = None) -> None:
    """Aligns the meetings of each series with its rule, for 400 days from now."""
    for pk in series.values_list("pk", flat=True):
        _align(pk, now or timezone.now())


@transaction.atomic
def _align(pk: Any, now: datetime) -> None:
    """Applies the plan to one series, under a row lock."""
    series = MeetingSeries.objects.select_for_update().filter(pk=pk).first()
    if series is not None:
        _carry_out(series, plan_for(series, now))


def _carry_out(series: MeetingSeries, plan: Plan) -> None:
    meetings = series.meetings
    for meeting, changes in plan.changed:
        # A row that a host has changed since it was read stays as it is until the next run.
        change_meetings(meetings.filter(pk=meeting.pk, sequence=meeting.sequence), **changes)
    left_out = [meeting.pk for meeting in plan.left_out]
    meetings.filter(pk__in=left_out, is_published=False).delete()
    change_meetings(meetings.filter(pk__in=left_out, is_canceled=False), is_canceled=True, is_left_out=True)
    meetings.bulk_create([_new_meeting(series, day) for day in plan.made])


def _new_meeting(series: MeetingSeries, day: date) -> Meeting:
    times = with_offset(series.zone, times_of(series, day))
    return Meeting(series=series, planned_on=day, **series.facts, **times)


# --- actions of a host on one meeting


def move_meeting(meetings: MeetingQuerySet, starts_at: datetime, ends_at: datetime, reason: str = "") -> int:
    """Moves a meeting. It keeps the new time when its series changes."""
    movable = meetings.not_begun().taking_place()
    zone = movable.values_list("zone", flat=True).first()
    if zone is None:
        return 0
    times = {"starts_at": starts_at, "ends_at": ends_at}
    return change_meetings(movable, **with_offset(zone, times), is_moved=True, change_reason=reason)


def cancel_meeting(meetings: MeetingQuerySet, reason: str = "") -> int:
    """Cancels a meeting. Its page and the feeds show it as canceled."""
    return change_meetings(meetings.not_begun().taking_place(), is_canceled=True, change_reason=reason)


def restore_meeting(meetings: MeetingQuerySet) -> int:
    """Restores a canceled meeting, also one that a change of its series left out."""
    is_kept = Case(When(is_left_out=True, then=True), default=F("is_kept"))
    canceled = meetings.not_begun().filter(is_canceled=True)
    return change_meetings(canceled, is_canceled=False, is_kept=is_kept, is_left_out=False, change_reason="")


def set_link(meetings: MeetingQuerySet, link: str) -> int:
    """Sets the meeting's own link; "" restores the link of its series."""
    return change_meetings(meetings.filter(ends_at__gt=timezone.now()), join_link=link)


def set_venue(meetings: MeetingQuerySet, venue: str) -> int:
    """Sets the meeting's own venue; "" restores the venue of its series. An online meeting has none."""
    held = meetings.filter(ends_at__gt=timezone.now()).exclude(format=ONLINE)
    return change_meetings(held, venue=venue)


def set_topic(meetings: MeetingQuerySet, topic: str, agenda: str = "") -> int:
    """Sets the topic and the agenda of this one meeting."""
    return change_meetings(meetings.filter(ends_at__gt=timezone.now()), topic=topic, agenda=agenda)


def publish_notes(meetings: MeetingQuerySet, notes: str, resources: str = "") -> int:
    """Publishes notes without names and resources for the audience of the meeting; "" removes them.

    People who were going get one email once notes are published: see `members.rsvps.notifications`.
    """
    now = timezone.now()
    over = meetings.filter(is_canceled=False, ends_at__lte=now)
    published_at = Coalesce("notes_published_at", now) if notes else None
    return over.update(notes=notes, resources=resources, notes_published_at=published_at, changed_at=now)


def change_meetings(meetings: MeetingQuerySet, **changes: Any) -> int:
    """Updates the rows and their SEQUENCE: calendar apps ignore a change without a higher number (RFC 5545)."""
    return meetings.update(**changes, sequence=F("sequence") + 1, changed_at=timezone.now())
