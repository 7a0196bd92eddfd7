"""RSVPs are deleted when the data inventory says, and right away with a member who withdraws."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from chapters.meetings.timezones import day_in
from members.models import OwnCalendar, Rsvp
from members.purge import purge
from members.retention import erase_members
from members.rsvps.personal_calendar import make_calendar
from tests.members.rsvps.people import NEEDS, a_meeting, comes, guest, member

pytestmark = pytest.mark.django_db


def rows_after(**time):
    """Returns (members' rows, guests' rows) after that much time and a purge."""
    purge(timezone.now() + timedelta(**time))
    rows = Rsvp.objects.all()
    return rows.filter(member__isnull=False).count(), rows.guests().count()


def test_guests_are_deleted_a_day_after_the_meeting_and_members_rows_after_thirty():
    meeting = a_meeting(hours=1, minutes=60)
    comes(meeting, member()), guest(meeting, contact="none", email="")
    assert rows_after(hours=25) == (1, 1)
    assert rows_after(hours=27) == (1, 0)
    assert rows_after(days=29) == (1, 0)
    assert rows_after(days=31) == (0, 0)


def test_an_unconfirmed_rsvp_is_deleted_after_a_week_even_for_a_distant_meeting():
    guest(a_meeting(hours=24 * 60))
    Rsvp.objects.update(asked_on=timezone.now().date())
    assert rows_after(days=7) == (0, 1)
    assert rows_after(days=9) == (0, 0)


@pytest.mark.parametrize("zone", ["America/Toronto", "Pacific/Pago_Pago", "Europe/Madrid", "Pacific/Auckland"])
@pytest.mark.parametrize("hour", [4, 23])
def test_an_unconfirmed_rsvp_has_seven_full_days_and_at_most_one_more(zone, hour):
    asked_at = datetime(2026, 12, 2, hour, 30, tzinfo=UTC)
    guest(a_meeting(hours=24 * 60, zone=zone))
    Rsvp.objects.update(asked_on=day_in(zone, asked_at))
    left = []
    for passed in (timedelta(days=7) - timedelta(minutes=1), timedelta(days=8)):
        purge(asked_at + passed)
        left.append(Rsvp.objects.count())
    assert left == [1, 0]


def test_withdrawing_deletes_only_ones_own_rsvps_and_calendar():
    meeting, somebody, other = a_meeting(), member(0), member(1)
    comes(meeting, somebody, needs=NEEDS), comes(meeting, other)
    for one in (somebody, other):
        make_calendar(one, OwnCalendar.Shows.ALL)
    erase_members(somebody.row)
    assert (Rsvp.objects.get().member, OwnCalendar.objects.get().member) == (other, other)
