"""After a change of time zone rules meetings keep their local time, and people with an RSVP get one email.

British Columbia stays on daylight time from November 1, 2026. Meetings stored before that was known are an hour off.
"""

from datetime import UTC, date, datetime, time, timedelta
from importlib import resources

import pytest

from chapters.meetings import timezones
from chapters.meetings.realignment import realign_meetings
from chapters.meetings.services import align_series, change_meetings, move_meeting
from chapters.models import Meeting
from members.models import Rsvp
from members.rsvps.scheduled import keep_rsvps_up_to_date
from members.rsvps.services import confirm_rsvp
from s4jr.mail.discreet import coalition_words_in
from s4jr.mail.models import OutgoingEmail
from tests.chapters.meetings.meetings import local, make_meeting, series
from tests.members.rsvps.people import comes, emails, guest, member

pytestmark = pytest.mark.django_db
VANCOUVER = "America/Vancouver"
#: 7 p.m. in Vancouver on January 12, 2027: by the new rules, and by the old ones.
MEANT, STORED = datetime(2027, 1, 13, 2, tzinfo=UTC), datetime(2027, 1, 13, 3, tzinfo=UTC)
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def stored_before(**said):
    """A meeting as an older release stored it, with its start by the old rules."""
    return make_meeting(starts_at=STORED, zone=VANCOUVER, **{"offset_when_set": -8 * 60, **said})


def now(meeting):
    meeting.refresh_from_db()
    return meeting


@pytest.mark.parametrize("moved", [False, True])
def test_a_meeting_keeps_its_local_time_and_its_length(moved):
    meeting = stored_before(is_moved=moved)
    assert realign_meetings(NOW) == {"realigned": 1}
    assert (now(meeting).starts_at, meeting.begins.time()) == (MEANT, time(19))
    assert (meeting.ends_at - meeting.starts_at, meeting.sequence) == (timedelta(minutes=90), 1)


def test_a_second_run_changes_nothing():
    meeting = stored_before()
    assert (realign_meetings(NOW), realign_meetings(NOW)) == ({"realigned": 1}, {})
    assert now(meeting).sequence == 1


@pytest.mark.parametrize(
    "said",
    [
        {"zone": "America/Toronto", "starts_at": local("America/Toronto", 2027, 1, 12, 19)},
        {"zone": VANCOUVER, "starts_at": local(VANCOUVER, 2027, 1, 12, 19)},
        # On the first day clocks show 1:30 twice; on the other they skip 2:30.
        {"zone": "America/Toronto", "starts_at": datetime(2027, 11, 7, 5, 30, tzinfo=UTC)},
        {"zone": "America/Toronto", "starts_at": datetime(2027, 11, 7, 6, 30, tzinfo=UTC)},
        {"zone": "America/Toronto", "starts_at": datetime(2027, 3, 14, 7, 30, tzinfo=UTC)},
    ],
)
def test_without_a_rule_change_nothing_changes(said):
    meeting = make_meeting(**said)
    assert realign_meetings(NOW) == {}
    assert (now(meeting).starts_at, meeting.sequence) == (said["starts_at"], 0)


def test_a_meeting_that_has_started_stays_unchanged():
    meeting = stored_before()
    assert realign_meetings(STORED + timedelta(minutes=1)) == {}
    assert now(meeting).starts_at == STORED


def test_a_meeting_stored_without_an_offset_gets_it_from_the_system_rules(monkeypatch):
    right, old = (
        make_meeting(starts_at=MEANT, zone=VANCOUVER, offset_when_set=None),
        stored_before(offset_when_set=None),
    )
    monkeypatch.setattr("chapters.meetings.realignment.system_offset_minutes", lambda zone, moment: -8 * 60)
    assert realign_meetings(NOW) == {"realigned": 2}
    assert (now(old).starts_at, now(right).starts_at) == (MEANT, MEANT - timedelta(hours=1))


def test_with_equal_system_rules_only_the_offset_is_stored(monkeypatch):
    meeting = make_meeting(starts_at=MEANT, zone=VANCOUVER, offset_when_set=None)
    monkeypatch.setattr("chapters.meetings.realignment.system_offset_minutes", timezones.offset_minutes)
    assert realign_meetings(NOW) == {}
    assert (now(meeting).offset_when_set, meeting.sequence) == (-7 * 60, 0)


def test_the_system_rules_are_read_from_their_folder(monkeypatch, tmp_path):
    (tmp_path / "America").mkdir()
    old = resources.files("tzdata.zoneinfo").joinpath("Etc/GMT+8").read_bytes()
    (tmp_path / "America" / "Vancouver").write_bytes(old)
    monkeypatch.setattr(timezones.sysconfig, "get_config_var", lambda name: f"/nowhere:{tmp_path}")
    assert timezones.system_offset_minutes(VANCOUVER, MEANT) == -8 * 60
    assert timezones.system_offset_minutes("America/Toronto", MEANT) == -5 * 60


def test_a_removed_zone_does_not_stop_the_others():
    make_meeting(zone="America/Toronto")
    Meeting.objects.update(zone="Mars/Olympus")
    meeting = stored_before()
    assert realign_meetings(NOW) == {"realigned": 1}
    assert now(meeting).starts_at == MEANT


def test_meetings_of_a_series_store_their_offset():
    made = series(zone=VANCOUVER, repeats="weekly", week=None, begins_on=date(2027, 1, 4))
    assert set(made.meetings.values_list("offset_when_set", flat=True)) == {-7 * 60}


def test_a_moved_meeting_stores_it_too():
    meeting = make_meeting(zone="America/Toronto", offset_when_set=0)
    july = local("America/Toronto", 2027, 7, 6, 19)
    move_meeting(Meeting.objects.filter(pk=meeting.pk), july, july + timedelta(hours=1))
    assert now(meeting).offset_when_set == -4 * 60


def test_a_moved_meeting_keeps_its_start_when_its_series_changes_zone():
    made = series(repeats="weekly", week=None)
    one = made.meetings.order_by("planned_on")[3]
    later = one.starts_at + timedelta(hours=1)
    move_meeting(Meeting.objects.filter(pk=one.pk), later, later + timedelta(hours=1))
    type(made).objects.filter(pk=made.pk).update(zone=VANCOUVER)
    align_series(type(made).objects.filter(pk=made.pk))
    assert realign_meetings() == {}
    assert now(one).starts_at == later


class TestNotification:
    @pytest.fixture
    def meeting(self):
        meeting = stored_before(capacity=2, title="Planning around a new bill")
        comes(meeting, member(0)), comes(meeting, member(1, contact="discreet")), comes(meeting, member(2))
        return meeting

    def test_people_with_an_rsvp_or_on_the_waitlist_get_one_email(self, meeting):
        realign_meetings(NOW)
        keep_rsvps_up_to_date(NOW), keep_rsvps_up_to_date(NOW)
        assert sorted(emails()) == [("meeting-clock-rules", f"member{number}@mailbox.example") for number in range(3)]

    def test_a_guest_gets_it_too(self):
        meeting = stored_before()
        confirm_rsvp(Rsvp.objects.filter(pk=guest(meeting).pk))
        realign_meetings(NOW)
        keep_rsvps_up_to_date(NOW)
        assert [kind for kind, _to in emails("meeting")] == ["meeting-clock-rules"]

    def test_the_email_states_the_local_time_and_the_reason(self, meeting):
        realign_meetings(NOW)
        keep_rsvps_up_to_date(NOW)
        bodies = {
            email.to: " ".join(email.body.split()) for email in OutgoingEmail.objects.filter(kind__startswith="meeting")
        }
        open_one, discreet = bodies["member0@mailbox.example"], bodies["member1@mailbox.example"]
        assert ["January 12, 2027 at 7:00 p.m." in body for body in (open_one, discreet)] == [True, True]
        assert ["The rules for clocks in that time zone have changed" in body for body in (open_one, discreet)] == [
            True
        ] * 2
        assert ("bill" in discreet, coalition_words_in(discreet)) == (False, [])

    def test_the_email_also_mentions_other_changes(self, meeting):
        realign_meetings(NOW)
        change_meetings(Meeting.objects.filter(pk=meeting.pk), title="Another")
        keep_rsvps_up_to_date(NOW)
        assert {kind for kind, _to in emails()} == {"meeting-changed"}
