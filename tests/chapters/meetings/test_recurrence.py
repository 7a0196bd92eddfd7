"""The meetings of a series: on the days of its rule, at its local time, and what an edit of the series does to them."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from chapters.meetings import services
from chapters.meetings.recurrence import AHEAD, days_of, local_moment, plan_for
from chapters.meetings.services import (
    align_series,
    cancel_meeting,
    change_meetings,
    delete_drafts,
    publish_series,
    restore_meeting,
)
from chapters.models import Meeting, MeetingSeries
from tests.chapters.meetings.meetings import days, local, series

pytestmark = pytest.mark.django_db
#: A Monday, in standard time in Toronto.
NOW = datetime(2027, 1, 4, 12, tzinfo=UTC)


def a_series(now=NOW, **said):
    """A published series as of `now`: its meetings are created as of then."""
    said = {"begins_on": date(2027, 1, 4), **said}
    made = series(**said)
    made.meetings.all().delete()
    change_series(made, now)
    return made


def change_series(made, now=NOW, **changes):
    """Change the series and align its meetings, as of `now`."""
    MeetingSeries.objects.filter(pk=made.pk).update(**changes)
    align_series(MeetingSeries.objects.filter(pk=made.pk), now)
    made.refresh_from_db()


def first(made):
    return made.meetings.order_by("planned_on").first()


def change_one(made, number, **changes):
    """Change one meeting, counted from the first, as a host's action does."""
    row = made.meetings.order_by("planned_on")[number]
    change_meetings(made.meetings.filter(pk=row.pk), **changes)
    row.refresh_from_db()
    return row


@pytest.mark.parametrize(
    ("rule", "first_days"),
    [
        ({"repeats": "once", "weekday": None, "week": None}, [date(2027, 1, 4)]),
        ({"repeats": "weekly", "weekday": 2, "week": None}, [date(2027, 1, 6), date(2027, 1, 13), date(2027, 1, 20)]),
        (
            {"repeats": "two_weekly", "weekday": 2, "week": None},
            [date(2027, 1, 6), date(2027, 1, 20), date(2027, 2, 3)],
        ),
        (
            {"repeats": "twice_monthly", "weekday": 1, "week": 1, "second_week": 3},
            [date(2027, 1, 5), date(2027, 1, 19), date(2027, 2, 2), date(2027, 2, 16)],
        ),
        (
            {"repeats": "twice_monthly", "weekday": 4, "week": 2, "second_week": -1},
            [date(2027, 1, 8), date(2027, 1, 29), date(2027, 2, 12), date(2027, 2, 26)],
        ),
        ({"repeats": "monthly", "weekday": 1, "week": 2}, [date(2027, 1, 12), date(2027, 2, 9), date(2027, 3, 9)]),
        ({"repeats": "monthly", "weekday": 4, "week": -1}, [date(2027, 1, 29), date(2027, 2, 26), date(2027, 3, 26)]),
        ({"repeats": "two_monthly", "weekday": 0, "week": 4}, [date(2027, 1, 25), date(2027, 3, 22)]),
    ],
)
def test_meetings_fall_on_the_days_of_the_rule(rule, first_days):
    assert days(a_series(**rule))[: len(first_days)] == first_days


def test_every_two_months_counts_from_the_first_meeting_that_takes_place():
    made = a_series(begins_on=date(2027, 1, 20), repeats="two_monthly", weekday=0, week=1)
    assert days(made)[:3] == [date(2027, 2, 1), date(2027, 4, 5), date(2027, 6, 7)]


def test_every_two_weeks_counts_from_the_first_meeting_that_takes_place():
    """January 6 is a Wednesday, so the Tuesday of its week is over."""
    made = a_series(begins_on=date(2027, 1, 6), repeats="two_weekly", weekday=1, week=None)
    assert days(made)[:3] == [date(2027, 1, 12), date(2027, 1, 26), date(2027, 2, 9)]


def test_every_two_weeks_keeps_its_weeks_and_its_local_time_all_year():
    made = a_series(repeats="two_weekly", weekday=1, week=None, time_of_day=time(19))
    found = days(made)
    assert {(later - earlier).days for earlier, later in pairwise(found)} == {14}
    assert {row.begins.time() for row in made.meetings.all()} == {time(19)}
    assert {row.starts_at.hour for row in made.meetings.all()} == {0, 23}


def test_twice_a_month_is_twice_in_every_month():
    made = a_series(repeats="twice_monthly", weekday=2, week=1, second_week=-1)
    months = [(day.year, day.month) for day in days(made)]
    assert {months.count(month) for month in months[:-2]} == {2}


@pytest.mark.parametrize(
    ("rule", "change", "first_days"),
    [
        (  # within its two weeks
            {"repeats": "two_weekly", "weekday": 1, "week": None},
            {"weekday": 0},
            [date(2027, 1, 4), date(2027, 1, 18), date(2027, 2, 1)],
        ),
        (  # within its month, each to the nearer day
            {"repeats": "twice_monthly", "weekday": 1, "week": 1, "second_week": 3},
            {"weekday": 3},
            [date(2027, 1, 7), date(2027, 1, 21), date(2027, 2, 4)],
        ),
        (
            {"repeats": "twice_monthly", "weekday": 1, "week": 1, "second_week": 3},
            {"week": 2, "second_week": 4},
            [date(2027, 1, 12), date(2027, 1, 26), date(2027, 2, 9)],
        ),
    ],
)
def test_a_changed_rule_moves_meetings_and_cancels_none(rule, change, first_days):
    made = a_series(NOW - timedelta(hours=12), **rule)
    before = list(made.meetings.order_by("planned_on").values_list("pk", flat=True))[:3]
    change_series(made, NOW - timedelta(hours=12), **change)
    after = made.meetings.order_by("planned_on").values_list("pk", "planned_on", "is_canceled")[:3]
    assert list(after) == [(pk, day, False) for pk, day in zip(before, first_days, strict=True)]


def test_the_other_one_of_every_two_weeks_moves_each_meeting_into_the_week_before():
    made = a_series(repeats="two_weekly", weekday=1, week=None)
    change_series(made, begins_on=date(2027, 1, 11))
    rows = made.meetings.order_by("planned_on").values_list("planned_on", "is_canceled", "sequence")[:3]
    assert list(rows) == [(date(2027, 1, 5), True, 1), (date(2027, 1, 12), False, 1), (date(2027, 1, 26), False, 1)]


def test_a_weekly_series_that_becomes_every_two_weeks_cancels_every_other_meeting():
    made = a_series(repeats="weekly", weekday=1, week=None)
    change_series(made, repeats="two_weekly")
    rows = made.meetings.order_by("planned_on").values_list("planned_on", "is_canceled")[:4]
    assert list(rows) == [
        (date(2027, 1, 5), False),
        (date(2027, 1, 12), True),
        (date(2027, 1, 19), False),
        (date(2027, 1, 26), True),
    ]


def test_meetings_reach_four_hundred_days_ahead():
    found = days(a_series(repeats="weekly", week=None))
    assert (found[0], len(found)) == (date(2027, 1, 5), 58)
    assert NOW.date() + AHEAD - timedelta(days=7) < found[-1] <= NOW.date() + AHEAD


def test_a_series_with_a_last_meeting_ends_there():
    assert days(a_series(ends_on=date(2027, 3, 9))) == [date(2027, 1, 12), date(2027, 2, 9), date(2027, 3, 9)]


def test_a_second_alignment_changes_nothing():
    made = a_series()
    before = list(made.meetings.order_by("pk").values())
    change_series(made)
    assert list(made.meetings.order_by("pk").values()) == before


def test_a_later_run_adds_meetings_that_are_now_in_range():
    made = a_series()
    before = set(days(made))
    change_series(made, NOW + timedelta(days=40))
    assert set(days(made)) - before == {date(2028, 3, 14)}


def test_meetings_keep_their_local_time_in_summer_and_winter():
    made = a_series(repeats="weekly", weekday=6, week=None, time_of_day=time(19))
    starts = dict(made.meetings.values_list("planned_on", "starts_at"))
    assert [starts[day].hour for day in (date(2027, 3, 7), date(2027, 3, 14))] == [0, 23]
    assert [starts[day].hour for day in (date(2027, 10, 31), date(2027, 11, 7))] == [23, 0]
    assert {start.astimezone(first(made).begins.tzinfo).time() for start in starts.values()} == {time(19)}


def test_a_skipped_local_time_starts_later_by_the_length_of_the_gap():
    assert local_moment(date(2027, 3, 14), time(2, 30), "America/Toronto") == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)
    made = a_series(repeats="weekly", weekday=6, week=None, time_of_day=time(2, 30))
    skipped = made.meetings.get(planned_on=date(2027, 3, 14))
    assert skipped.begins.replace(tzinfo=None) == datetime(2027, 3, 14, 3, 30)  # noqa: DTZ001


def test_an_ambiguous_local_time_starts_at_its_first_occurrence():
    assert local_moment(date(2027, 11, 7), time(1, 30), "America/Toronto") == datetime(2027, 11, 7, 5, 30, tzinfo=UTC)


def test_a_meeting_keeps_its_length_through_a_clock_change():
    made = a_series(repeats="weekly", weekday=6, week=None, time_of_day=time(1), minutes=180)
    row = made.meetings.get(planned_on=date(2027, 3, 14))
    assert row.ends_at - row.starts_at == timedelta(hours=3)
    assert row.finishes.time() == time(5)


# --- single meetings


def test_a_moved_meeting_keeps_its_time_and_is_not_created_again():
    made = a_series()
    moved = change_one(
        made, 1, starts_at=local("America/Toronto", 2027, 2, 10, 18), ends_at=local("America/Toronto", 2027, 2, 10, 19),
        is_moved=True,
    )  # fmt: skip
    change_series(made)
    change_series(made, time_of_day=time(20))
    again = made.meetings.get(pk=moved.pk)
    assert (again.starts_at, again.planned_on) == (moved.starts_at, date(2027, 2, 9))
    assert made.meetings.filter(planned_on__month=2, planned_on__year=2027).count() == 1


def test_a_moved_meeting_still_gets_the_texts_of_its_series():
    made = a_series()
    moved = change_one(made, 1, is_moved=True, starts_at=local("America/Toronto", 2027, 2, 10, 18),
                    ends_at=local("America/Toronto", 2027, 2, 10, 19))  # fmt: skip
    change_series(made, title="Writing to a minister")
    moved.refresh_from_db()
    assert (moved.title, moved.begins.day) == ("Writing to a minister", 10)


def test_a_canceled_meeting_stays_canceled():
    made = a_series()
    off = change_one(made, 0, is_canceled=True)
    change_series(made, time_of_day=time(20))
    again = made.meetings.get(pk=off.pk)
    assert (again.is_canceled, again.starts_at) == (True, off.starts_at)
    assert date(2027, 1, 12) not in days(made)


# --- a change of the rule


def test_a_new_weekday_moves_each_meeting_within_its_week():
    made = a_series(repeats="weekly", week=None)
    before = list(made.meetings.order_by("planned_on").values_list("pk", flat=True))
    change_series(made, weekday=6)
    rows = list(made.meetings.order_by("planned_on"))
    assert [row.pk for row in rows][: len(before)] == before
    assert (rows[0].planned_on, rows[0].sequence) == (date(2027, 1, 10), 1)
    assert {row.is_canceled for row in rows} == {False}


def test_a_new_time_moves_each_meeting_and_increases_its_sequence():
    made = a_series()
    change_series(made, time_of_day=time(20), minutes=60)
    assert {(row.begins.time(), row.finishes.time(), row.sequence) for row in made.meetings.all()} == {
        (time(20), time(21), 1)
    }


def test_a_new_zone_keeps_the_local_time():
    made = a_series()
    change_series(made, zone="America/Vancouver")
    assert {(row.zone, row.begins.time()) for row in made.meetings.all()} == {("America/Vancouver", time(19))}


def test_fewer_meetings_keep_one_a_month_and_cancel_the_others():
    made = a_series(repeats="weekly", week=None)
    before = dict(made.meetings.values_list("planned_on", "pk"))
    change_series(made, repeats="monthly", weekday=3, week=2)
    assert set(made.meetings.values_list("pk", flat=True)) >= set(before.values())
    assert days(made)[:3] == [date(2027, 1, 14), date(2027, 2, 11), date(2027, 3, 11)]
    left_out = made.meetings.filter(is_left_out=True)
    assert set(left_out.values_list("is_canceled", "sequence")) == {(True, 1)}
    # The nearest one moves: people who planned to come on the 12th come on the 14th.
    assert made.meetings.get(planned_on=date(2027, 1, 14)).pk == before[date(2027, 1, 12)]


def test_the_one_meeting_left_in_a_month_is_not_one_that_a_host_canceled():
    made = a_series(repeats="weekly", week=None)
    off = change_one(made, 1, is_canceled=True)
    change_series(made, repeats="monthly", weekday=3, week=2)
    assert days(made)[:2] == [date(2027, 1, 14), date(2027, 2, 11)]
    off.refresh_from_db()
    assert (off.is_canceled, off.planned_on) == (True, date(2027, 1, 12))


def test_reverting_a_change_restores_the_meetings_that_it_canceled():
    made = a_series(repeats="weekly", week=None)
    before = dict(made.meetings.values_list("planned_on", "pk"))
    change_series(made, ends_on=date(2027, 2, 1))
    assert len(days(made)) == 4
    change_series(made, ends_on=None)
    assert dict(made.meetings.taking_place().values_list("planned_on", "pk")) == before
    assert set(made.meetings.filter(planned_on__gt=date(2027, 2, 1)).values_list("sequence", flat=True)) == {2}


def test_a_meeting_canceled_by_a_change_is_not_moved_to_another_day():
    made = a_series(repeats="weekly", week=None)
    change_series(made, ends_on=date(2027, 1, 12))
    left_out = set(made.meetings.filter(is_left_out=True).values_list("pk", "planned_on"))
    change_series(made, ends_on=None, weekday=3)
    assert set(made.meetings.filter(is_left_out=True).values_list("pk", "planned_on")) == left_out
    assert days(made)[:4] == [date(2027, 1, 7), date(2027, 1, 14), date(2027, 1, 21), date(2027, 1, 28)]


def test_a_moved_meeting_counts_for_its_month_when_the_rule_changes():
    made = a_series()
    moved = change_one(made, 1, is_moved=True, starts_at=local("America/Toronto", 2027, 2, 20, 18),
                    ends_at=local("America/Toronto", 2027, 2, 20, 19))  # fmt: skip
    change_series(made, weekday=4)
    february = made.meetings.filter(planned_on__year=2027, planned_on__month=2)
    assert [(row.pk, row.planned_on, row.starts_at) for row in february] == [
        (moved.pk, date(2027, 2, 12), moved.starts_at)
    ]


def test_a_restored_meeting_stays_even_if_the_rule_has_no_such_day():
    made = a_series(now=timezone.now(), begins_on=timezone.now().date(), repeats="weekly", week=None)
    change_series(made, timezone.now(), ends_on=made.begins_on)
    left_out = made.meetings.filter(is_left_out=True).order_by("planned_on").first()
    assert restore_meeting(made.meetings.filter(pk=left_out.pk)) == 1
    change_series(made, timezone.now())
    left_out.refresh_from_db()
    assert (left_out.is_canceled, left_out.is_left_out) == (False, False)


def test_a_restored_meeting_of_a_day_that_was_left_out_does_not_say_that_it_moved(client):
    made = a_series(now=timezone.now(), begins_on=timezone.now().date(), repeats="weekly", week=None)
    change_series(made, timezone.now(), ends_on=made.begins_on)
    left_out = made.meetings.filter(is_left_out=True).order_by("planned_on").first()
    restore_meeting(made.meetings.filter(pk=left_out.pk))
    cancel_meeting(made.meetings.filter(pk=left_out.pk), "Snow")
    restore_meeting(made.meetings.filter(pk=left_out.pk))
    change_series(made, timezone.now())
    left_out.refresh_from_db()
    assert (left_out.is_canceled, left_out.is_kept, left_out.is_moved) == (False, True, False)
    pages = [client.get(page).content.decode() for page in (f"/meetings/{left_out.pk}/", "/meetings/")]
    assert ["moved" in page.casefold().replace("meeting is moved or canceled", "") for page in pages] == [False, False]


def test_a_meeting_that_has_started_stays_unchanged():
    made = a_series()
    later = datetime(2027, 1, 13, 1, tzinfo=UTC)  # 8 p.m. on the 12th in Toronto, during the first meeting
    running = first(made)
    change_series(made, later, weekday=3, title="Writing to a minister", time_of_day=time(20))
    again = made.meetings.get(pk=running.pk)
    assert (again.planned_on, again.starts_at, again.title, again.sequence) == (
        date(2027, 1, 12), running.starts_at, "Writing to a legislator", 0,
    )  # fmt: skip


def test_tonights_meeting_stays_if_its_new_time_is_already_over():
    made = a_series()
    soon = datetime(2027, 1, 12, 23, 30, tzinfo=UTC)  # 6:30 p.m.
    change_series(made, soon, time_of_day=time(18))
    assert (first(made).begins.time(), first(made).is_canceled) == (time(19), False)


def test_draft_meetings_that_lose_their_day_are_deleted():
    made = a_series(published=False, repeats="weekly", week=None)
    change_series(made, ends_on=date(2027, 1, 19))
    assert list(made.meetings.order_by("planned_on").values_list("planned_on", "is_canceled")) == [
        (date(2027, 1, 5), False), (date(2027, 1, 12), False), (date(2027, 1, 19), False),
    ]  # fmt: skip


def test_the_plan_of_an_unsaved_change_lists_its_effects():
    made = a_series(repeats="weekly", week=None)
    made.repeats, made.week, made.weekday = "monthly", 2, 3
    plan = plan_for(made, NOW)
    assert (len(plan.moved), len(plan.left_out), len(plan.made)) == (14, 44, 0)
    assert made.meetings.filter(is_canceled=True).count() == 0


def test_a_concurrent_change_by_a_host_is_kept(monkeypatch):
    made = a_series()
    plan = services.plan_for

    def plan_then_host(series, now):
        found = plan(series, now)
        change_one(made, 0, is_canceled=True)
        return found

    monkeypatch.setattr(services, "plan_for", plan_then_host)
    change_series(made, time_of_day=time(20))
    assert (first(made).is_canceled, first(made).begins.time()) == (True, time(19))


def test_publishing_publishes_the_series_and_its_meetings_once():
    made = series(published=False)
    drafts = MeetingSeries.objects.filter(pk=made.pk)
    assert (Meeting.objects.upcoming().count(), publish_series(drafts), publish_series(drafts)) == (0, 1, 0)
    assert set(made.meetings.values_list("is_published", flat=True)) == {True}


def test_only_drafts_are_deleted():
    made, draft = series(), series(published=False)
    assert [delete_drafts(MeetingSeries.objects.filter(pk=one.pk)) for one in (made, draft)] == [0, 1]
    assert list(MeetingSeries.objects.all()) == [made]


def test_days_of_a_rule_take_no_queries(django_assert_num_queries):
    made = MeetingSeries(repeats="monthly", weekday=1, week=-1, begins_on=date(2027, 1, 1))
    with django_assert_num_queries(0):
        assert days_of(made, date(2027, 2, 28)) == [date(2027, 1, 26), date(2027, 2, 23)]
