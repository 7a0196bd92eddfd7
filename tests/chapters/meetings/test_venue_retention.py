"""Street addresses and dial-ins are emptied the day after their meeting."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from chapters.meetings.venue_retention import empty_past_venues
from chapters.models import Meeting, MeetingSeries
from members.purge import purge
from members.rsvps.scheduled import LATELY, keep_rsvps_up_to_date
from tests.chapters.meetings.meetings import make_meeting, series

pytestmark = pytest.mark.django_db
VENUE = "12 Heron Street, second door"


def venue_of(row):
    return type(row).objects.get(pk=row.pk).venue


def test_a_meeting_keeps_it_for_a_day():
    meeting = make_meeting(-1.5, minutes=60, venue=VENUE)
    assert (empty_past_venues(meeting.ends_at + timedelta(hours=23)), venue_of(meeting)) == (0, VENUE)
    assert (empty_past_venues(meeting.ends_at + timedelta(hours=24)), venue_of(meeting)) == (1, "")


def test_emptying_is_no_change_that_calendars_or_people_hear_of():
    meeting = make_meeting(-72, venue=VENUE)
    empty_past_venues(timezone.now())
    after = Meeting.objects.get()
    assert (after.sequence, after.changed_at) == (meeting.sequence, meeting.changed_at)


def test_a_series_keeps_it_until_the_day_after_its_last_meeting():
    made = series(repeats="weekly", begins_on=timezone.now().date() + timedelta(days=2), venue=VENUE)
    last = made.meetings.order_by("-starts_at").first()
    assert (empty_past_venues(last.ends_at), venue_of(made)) == (0, VENUE)
    assert (empty_past_venues(last.ends_at + timedelta(days=1)), venue_of(made)) == (1, "")


def test_a_series_whose_first_meeting_is_still_to_be_created_keeps_it():
    made = series(begins_on=timezone.now().date() + timedelta(days=900), venue=VENUE)
    assert (made.meetings.count(), empty_past_venues(timezone.now()), venue_of(made)) == (0, 0, VENUE)


def test_a_canceled_date_to_come_keeps_it_because_it_can_be_brought_back():
    made = series(repeats="once", begins_on=timezone.now().date() + timedelta(days=2), venue=VENUE)
    past = timezone.now() - timedelta(days=9)
    day = timezone.now().date() - timedelta(days=9)
    make_meeting(starts_at=past, series=made, planned_on=day)
    made.meetings.update(is_canceled=True)
    assert (empty_past_venues(timezone.now()), venue_of(made)) == (0, VENUE)


def test_one_that_cannot_be_decrypted_goes_as_well():
    meeting = make_meeting(-72, venue=VENUE)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE chapters_meeting SET venue = 'v1.gone.AAAA'")
    assert (empty_past_venues(timezone.now()), venue_of(meeting)) == (1, "")


def test_the_run_of_every_minute_empties_lately_and_the_retention_run_everything():
    lately, long_ago = make_meeting(-48, venue=VENUE), make_meeting(-24 * 400, venue=VENUE)
    assert (keep_rsvps_up_to_date(), venue_of(lately), venue_of(long_ago)) == ({"venues emptied": 1}, "", VENUE)
    assert (purge()["venues of past meetings"], venue_of(long_ago)) == (1, "")


def test_the_run_of_every_minute_reaches_back_further_than_a_meeting_and_a_day():
    meeting = make_meeting(-24, minutes=24 * 60, venue=VENUE)
    assert timedelta(days=2) < LATELY
    assert (empty_past_venues(meeting.ends_at + timedelta(days=1), within=LATELY), venue_of(meeting)) == (1, "")


def test_thirty_meetings_take_as_many_queries_as_one(django_assert_num_queries):
    made = series(repeats="once", begins_on=timezone.now().date() - timedelta(days=200), venue=VENUE)
    for count in (1, 30):
        for number in range(count):
            day = timezone.now().date() - timedelta(days=count + number + 2)
            make_meeting(-24 * (count + number + 2), series=made, planned_on=day, venue=VENUE)
        MeetingSeries.objects.update(title=f"Series {count}")
        made.venue = VENUE
        made.save(update_fields=["venue"])
        with django_assert_num_queries(4):
            assert empty_past_venues(timezone.now()) == count + 1
