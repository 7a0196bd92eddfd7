"""Over 400 days in six zones the meetings are on the days and times that dateutil computes, with its own zone data."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from dateutil.rrule import MONTHLY, WEEKLY, rrule
from dateutil.tz import resolve_imaginary
from dateutil.zoneinfo import get_zonefile_instance
from hypothesis import given, settings
from hypothesis import strategies as some

from chapters.meetings.services import align_series, change_meetings
from chapters.models import MeetingSeries
from tests.chapters.meetings.meetings import series

pytestmark = pytest.mark.django_db
ZONES = [
    "America/Toronto",
    "America/St_Johns",
    "America/Phoenix",
    "Europe/London",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
]
#: dateutil has its own zones: neither the machine's nor those of the library under test.
DATEUTILS_ZONES = get_zonefile_instance()
AHEAD = timedelta(days=400)

RULES = some.one_of(
    some.just({"repeats": "once", "weekday": None, "week": None}),
    some.fixed_dictionaries(
        {"repeats": some.sampled_from(["weekly", "two_weekly"]), "weekday": some.integers(0, 6), "week": some.none()}
    ),
    some.fixed_dictionaries(
        {
            "repeats": some.just("twice_monthly"),
            "weekday": some.integers(0, 6),
            "week": some.sampled_from([1, 2]),
            "second_week": some.sampled_from([3, 4, -1]),
        }
    ),
    some.fixed_dictionaries(
        {
            "repeats": some.sampled_from(["monthly", "two_monthly"]),
            "weekday": some.integers(0, 6),
            "week": some.sampled_from([1, 2, 3, 4, -1]),
        }
    ),
)
#: Any time, but more often one at which clocks change.
TIMES = some.one_of(
    some.times().map(lambda moment: moment.replace(microsecond=0, fold=0)),
    some.sampled_from([time(2), time(1, 30), time(2, 15), time(0, 1)]),
)
NOWS = some.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=some.just(UTC))  # noqa: DTZ001
HANDS = some.dictionaries(
    some.integers(0, 60),
    some.one_of(some.just("off"), some.integers(-6 * 60, 6 * 60)),
    max_size=6,
)


def days_by_dateutil(rule, begins_on, until):
    """Return the days of a rule, computed independently of the code under test."""
    span = {"dtstart": datetime.combine(begins_on, time()), "until": datetime.combine(until, time())}
    if rule["repeats"] == "once":
        return [begins_on] if begins_on <= until else []
    if rule["repeats"] in ("weekly", "two_weekly"):
        found = rrule(WEEKLY, byweekday=rule["weekday"], **span)
    else:
        weeks = [rule["week"], *filter(None, [rule.get("second_week")])]
        found = rrule(MONTHLY, byweekday=rule["weekday"], bysetpos=weeks, **span)
    return [moment.date() for moment in found][:: 2 if rule["repeats"].startswith("two_") else 1]


def moment_by_dateutil(day, time_of_day, zone):
    local = datetime.combine(day, time_of_day, tzinfo=DATEUTILS_ZONES.get(zone))
    return resolve_imaginary(local).astimezone(UTC)


def expected(rule, begins_on, time_of_day, zone, now):
    """Return {day: start} of the meetings that have not started."""
    today = now.astimezone(DATEUTILS_ZONES.get(zone)).date()
    days = [day for day in days_by_dateutil(rule, begins_on, today + AHEAD) if day >= today]
    moments = {day: moment_by_dateutil(day, time_of_day, zone) for day in days}
    return {day: moment for day, moment in moments.items() if moment > now}


def rows_of(made):
    return {row.planned_on: row for row in made.meetings.all()}


def change_some_by_hand(made, hands, now):
    """Move some meetings by these minutes and cancel others; return {day: (is_canceled, starts_at)} of them."""
    rows = made.meetings.order_by("planned_on")
    left = {}
    for number, hand in hands.items():
        if number >= len(rows):
            continue
        row = rows[number]
        by = timedelta() if hand == "off" else timedelta(minutes=hand)
        if row.starts_at + by <= now:
            continue
        here = made.meetings.filter(pk=row.pk)
        if hand == "off":
            change_meetings(here, is_canceled=True)
        else:
            change_meetings(here, is_moved=True, starts_at=row.starts_at + by, ends_at=row.ends_at + by)
        left[row.planned_on] = (hand == "off", row.starts_at + by)
    return left


@pytest.mark.parametrize("zone", ZONES)
@settings(max_examples=12, deadline=None)
@given(rule=RULES, days=some.integers(-60, 60), time_of_day=TIMES, now=NOWS, hands=HANDS)
def test_meetings_are_where_dateutil_or_a_host_puts_them(zone, rule, days, time_of_day, now, hands):
    begins_on = now.date() + timedelta(days=days)
    made = series(**rule, zone=zone, time_of_day=time_of_day, begins_on=begins_on)
    made.meetings.all().delete()
    again = MeetingSeries.objects.filter(pk=made.pk)
    align_series(again, now)
    wanted = expected(rule, begins_on, time_of_day, zone, now)
    assert {day: row.starts_at for day, row in rows_of(made).items()} == wanted

    left = change_some_by_hand(made, hands, now)
    align_series(again, now)
    found = {day: (row.is_canceled, row.starts_at) for day, row in rows_of(made).items()}
    assert found == {day: (False, moment) for day, moment in wanted.items()} | left
    again.delete()


@pytest.mark.parametrize("zone", ZONES)
@settings(max_examples=12, deadline=None)
@given(
    rules=some.tuples(RULES, RULES),
    times=some.tuples(TIMES, TIMES),
    days=some.integers(-60, 60),
    now=NOWS,
    hands=HANDS,
)
def test_after_a_rule_change_untouched_meetings_follow_dateutil_and_none_is_deleted(
    zone, rules, times, days, now, hands
):
    begins_on = now.date() + timedelta(days=days)
    made = series(**rules[0], zone=zone, time_of_day=times[0], begins_on=begins_on)
    made.meetings.all().delete()
    again = MeetingSeries.objects.filter(pk=made.pk)
    align_series(again, now)
    left = change_some_by_hand(made, hands, now)
    by_hand = {row.pk: left[row.planned_on] for row in made.meetings.all() if row.planned_on in left}
    before = set(made.meetings.values_list("pk", flat=True))

    again.update(**{"second_week": None, **rules[1]}, time_of_day=times[1])
    align_series(again, now)
    rows = list(made.meetings.all())
    assert before <= {row.pk for row in rows}
    assert {row.pk: (row.is_canceled, row.starts_at) for row in rows if row.pk in by_hand} == by_hand

    wanted = expected(rules[1], begins_on, times[1], zone, now)
    kept = {row.planned_on for row in rows if row.pk in by_hand}
    horizon = now.astimezone(DATEUTILS_ZONES.get(zone)).date() + AHEAD
    untouched = {
        row.planned_on: row.starts_at
        for row in rows
        # Tonight's meeting keeps its time if its new one is already over.
        if row.planned_on <= horizon and moment_by_dateutil(row.planned_on, times[1], zone) > now
        if row.pk not in by_hand and not row.is_canceled
    }
    assert untouched == {day: moment for day, moment in wanted.items() if day not in kept}
    again.delete()


def test_the_six_zones_change_their_clocks_on_different_days():
    """This makes the test above meaningful: its days include clock changes."""
    july, january = date(2027, 7, 1), date(2027, 1, 1)
    noon = {day: [moment_by_dateutil(day, time(12), zone).time() for zone in ZONES] for day in (july, january)}
    change = [zone for zone, *times in zip(ZONES, noon[july], noon[january], strict=True) if times[0] != times[1]]
    assert change == ["America/Toronto", "America/St_Johns", "Europe/London", "Australia/Lord_Howe"]
