"""Emails about a meeting go once to each person who is going and wants emails, in the form that is safe for them."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from chapters.meetings.services import cancel_meeting, change_meetings, move_meeting, publish_notes, restore_meeting
from chapters.models import Meeting
from members.models import Member, Rsvp
from members.rsvps.host_services import send_message
from members.rsvps.notifications import send_reminders
from members.rsvps.scheduled import keep_rsvps_up_to_date
from members.rsvps.services import cancel_rsvp, confirm_rsvp
from s4jr.mail.discreet import coalition_words_in
from s4jr.mail.models import OutgoingEmail, Suppression
from tests import cast, make
from tests.chapters.meetings.meetings import LINK, local
from tests.members.rsvps.people import (
    GUEST,
    NEEDS,
    a_meeting,
    comes,
    emails,
    guest,
    later,
    member,
    members,
    never_emailed,
    states,
)

pytestmark = pytest.mark.django_db
VANCOUVER = "America/Vancouver"
IN_PERSON = {"format": "in_person", "city": "Toronto", "venue": "12 Invented Street"}


def these(meeting):
    return Meeting.objects.filter(pk=meeting.pk)


def confirmed_guest(meeting, **said):
    row = guest(meeting, **said)
    confirm_rsvp(Rsvp.objects.filter(pk=row.pk))
    return row


class TestMeetingLink:
    def test_it_goes_half_an_hour_before_only_to_people_who_are_going(self):
        meeting = a_meeting(hours=48, capacity=3)
        comes(meeting, member(0)), comes(meeting, member(1, contact="discreet"))
        guest(meeting, contact="none", email="")
        comes(meeting, member(2))  # is on the waiting list
        gone = comes(meeting, member(3))
        cancel_rsvp(Rsvp.objects.filter(pk=gone.pk))
        member(4)
        later(meeting, hours=47, minutes=29)
        assert keep_rsvps_up_to_date() == {}
        later(meeting, minutes=1)
        assert keep_rsvps_up_to_date() == {"links": 2}
        assert {to for _, to in emails("rsvp-meeting-link")} == {"member0@mailbox.example", "member1@mailbox.example"}
        assert keep_rsvps_up_to_date() == {}

    def test_only_a_confirmed_guest_gets_it(self):
        meeting = a_meeting()
        confirmed_guest(meeting), guest(meeting, email="other@mailbox.example")
        later(meeting, hours=47, minutes=45)
        assert keep_rsvps_up_to_date() == {"links": 1}
        assert emails("rsvp-meeting-link") == [("rsvp-meeting-link", GUEST)]

    @pytest.mark.parametrize("off", ["over", "canceled"])
    def test_no_one_gets_it_for_a_canceled_meeting(self, off):
        meeting = a_meeting()
        comes(meeting, member())
        if off == "over":
            later(meeting, hours=50)
        else:
            cancel_meeting(these(meeting))
            later(meeting, hours=47, minutes=45)
        keep_rsvps_up_to_date()
        assert emails("rsvp-meeting-link") == []

    def test_after_the_meeting_moves_it_goes_again(self):
        meeting = a_meeting(hours=0.25)
        comes(meeting, member())
        assert keep_rsvps_up_to_date() == {"links": 1}
        moved = {"starts_at": meeting.starts_at + timedelta(days=2), "ends_at": meeting.ends_at + timedelta(days=2)}
        change_meetings(these(meeting), **moved)
        assert keep_rsvps_up_to_date() == {"told of a change": 1}
        meeting.refresh_from_db()
        later(meeting, days=2)
        assert keep_rsvps_up_to_date() == {"links": 1}


class TestReminders:
    def test_they_go_the_day_before_to_people_who_asked(self):
        meeting = a_meeting(hours=72)
        comes(meeting, member(0), wants_reminder=True), comes(meeting, member(1))
        keep_rsvps_up_to_date()
        assert emails() == []
        later(meeting, hours=49)
        assert keep_rsvps_up_to_date() == {"reminders": 1}
        assert emails() == [("rsvp-reminder", "member0@mailbox.example")]
        assert keep_rsvps_up_to_date() == {}

    @pytest.fixture
    def meeting_in_vancouver(self):
        """A meeting at 7 p.m. in Vancouver on December 8, which is December 9 in UTC."""
        return a_meeting(starts_at=local(VANCOUVER, 2026, 12, 8, 19), zone=VANCOUVER)

    @pytest.mark.parametrize(("day", "reminders"), [(7, 1), (8, 0)])
    def test_they_go_to_people_who_asked_on_an_earlier_local_date(
        self, meeting_in_vancouver, monkeypatch, day, reminders
    ):
        asked = local(VANCOUVER, 2026, 12, day, 18)
        monkeypatch.setattr(timezone, "now", lambda: asked)
        comes(meeting_in_vancouver, member(), wants_reminder=True)
        assert Rsvp.objects.get().asked_on == asked.date()
        the_day = local(VANCOUVER, 2026, 12, 8, 18, 1)
        assert (send_reminders(the_day), len(emails("rsvp-reminder"))) == (reminders,) * 2


class TestChanges:
    @pytest.fixture
    def meeting(self):
        meeting = a_meeting()
        comes(meeting, member()), guest(meeting, contact="none", email="")
        return meeting

    def test_a_move_notifies_people_who_are_going_once(self, meeting):
        move_meeting(these(meeting), meeting.starts_at + timedelta(hours=1), meeting.ends_at + timedelta(hours=1))
        keep_rsvps_up_to_date(), keep_rsvps_up_to_date()
        assert emails() == [("meeting-changed", "member0@mailbox.example")]

    def test_a_cancellation_and_its_reversal_notify_them(self, meeting):
        cancel_meeting(these(meeting))
        keep_rsvps_up_to_date(), keep_rsvps_up_to_date()
        assert emails() == [("meeting-canceled", "member0@mailbox.example")]
        restore_meeting(these(meeting))
        keep_rsvps_up_to_date()
        assert [kind for kind, _to in emails()] == ["meeting-canceled", "meeting-changed"]

    @pytest.fixture
    def full(self):
        """A meeting with one spot, one person who has it, and one on the waiting list."""
        full = a_meeting(capacity=1)
        comes(full, member(0)), comes(full, member(1))
        assert states(full) == ["going", "waiting"]
        return full

    def test_the_waiting_list_is_notified_of_a_cancellation_once(self, full):
        cancel_meeting(these(full))
        keep_rsvps_up_to_date(), keep_rsvps_up_to_date()
        assert sorted(emails()) == [("meeting-canceled", f"member{number}@mailbox.example") for number in (0, 1)]

    def test_the_waiting_list_is_notified_of_a_move_once(self, full):
        move_meeting(these(full), full.starts_at + timedelta(hours=1), full.ends_at + timedelta(hours=1))
        keep_rsvps_up_to_date(), keep_rsvps_up_to_date()
        assert sorted(emails()) == [("meeting-changed", f"member{number}@mailbox.example") for number in (0, 1)]

    def test_the_waiting_list_is_not_notified_if_nothing_changed(self, full):
        change_meetings(these(full), join_link="https://rooms.example/other")
        keep_rsvps_up_to_date()
        assert emails() == []

    @pytest.mark.parametrize(("press", "told"), [("move", []), ("cancel", ["meeting-canceled"])])
    def test_without_a_notified_fingerprint_the_waiting_list_hears_only_of_a_cancellation(self, full, press, told):
        Rsvp.objects.filter(state="waiting").update(notified_fingerprint="", notified_sequence=0)
        later = {"starts_at": full.starts_at + timedelta(hours=1), "ends_at": full.ends_at + timedelta(hours=1)}
        move_meeting(these(full), **later) if press == "move" else cancel_meeting(these(full))
        keep_rsvps_up_to_date()
        assert [kind for kind, to in emails() if to == "member1@mailbox.example"] == told

    def test_no_notification_promises_a_spot_to_the_waiting_list(self, full):
        change_meetings(these(full), title="Another")
        keep_rsvps_up_to_date()
        body = OutgoingEmail.objects.get(about=Rsvp.objects.get(state="waiting").about).body
        words = " ".join(body.split())
        assert (" spot" in words, "yours" in words, "/meetings/coming/" in words) == (False, False, True)

    def test_a_change_undone_in_time_notifies_no_one(self, meeting):
        cancel_meeting(these(meeting)), restore_meeting(these(meeting))
        keep_rsvps_up_to_date()
        assert emails() == []

    @pytest.mark.parametrize("change", [{"join_link": "https://rooms.example/other"}, {"capacity": 9}])
    def test_another_link_or_cap_notifies_no_one(self, meeting, change):
        change_meetings(these(meeting), **change)
        keep_rsvps_up_to_date()
        assert (emails(), keep_rsvps_up_to_date()) == ([], {})


class TestNotes:
    def over_with(self, *people):
        """A meeting that is over, to which these people went."""
        over = a_meeting(-3)
        for somebody in people:
            Rsvp.objects.create(meeting=over, member=somebody, state="going", asked_on=over.starts_at.date())
        return over

    def test_people_who_were_going_hear_of_notes_once(self):
        over = self.over_with(member(0), never_emailed(1))
        Rsvp.objects.create(meeting=over, member=member(2), state="canceled", asked_on=over.starts_at.date())
        assert keep_rsvps_up_to_date() == {}
        publish_notes(these(over), "We wrote.")
        assert keep_rsvps_up_to_date() == {"told of notes": 1}
        publish_notes(these(over), ""), publish_notes(these(over), "We wrote three letters.")
        assert (keep_rsvps_up_to_date(), emails()) == ({}, [("meeting-notes", "member0@mailbox.example")])

    def test_notes_taken_down_in_time_notify_no_one(self):
        over = self.over_with(member())
        publish_notes(these(over), "We wrote."), publish_notes(these(over), "")
        assert (keep_rsvps_up_to_date(), emails()) == ({}, [])

    def test_the_email_has_no_word_of_the_notes_and_leads_to_them(self, client):
        over = self.over_with(member())
        publish_notes(these(over), "We wrote three letters.", "[The bill](https://laws.example/1)")
        keep_rsvps_up_to_date()
        body = OutgoingEmail.objects.get().body
        path = cast.paths_in(body)[0]
        page = client.post(path, {"do": "look"}).content.decode()
        assert ("letters" in body, "We wrote three letters." in page, "https://laws.example/1" in page) == (
            False,
            True,
            True,
        )


class TestWhoGetsNothing:
    def test_paused_members(self):
        meeting, somebody = a_meeting(hours=0.25), member()
        comes(meeting, somebody)
        Member.objects.filter(pk=somebody.pk).update(paused_at=timezone.now())
        change_meetings(these(meeting), title="Another")
        keep_rsvps_up_to_date()
        assert emails() == []

    @pytest.mark.parametrize("status", ["left", "membership_ended"])
    def test_former_members(self, status):
        meeting, somebody = a_meeting(hours=0.25), member()
        comes(meeting, somebody)
        cast.put(somebody, status)
        keep_rsvps_up_to_date()
        assert emails() == []

    def test_suppressed_addresses(self):
        meeting, somebody = a_meeting(hours=0.25), member()
        comes(meeting, somebody)
        make.stop(somebody.email_index, Suppression.Reason.UNSUBSCRIBED)
        keep_rsvps_up_to_date()
        assert emails() == []

    def test_undecryptable_addresses_while_the_others_get_theirs(self):
        meeting, broken = a_meeting(hours=0.25), member(1)
        comes(meeting, member(0)), comes(meeting, broken)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE members_member SET email = name WHERE id = %s", [broken.pk])
        keep_rsvps_up_to_date()
        assert emails() == [("rsvp-meeting-link", "member0@mailbox.example")]


class TestText:
    @pytest.fixture
    def bodies(self):
        """Every kind of email, to someone whose inbox others may read."""
        meeting = a_meeting(hours=20, title="Survivors kayak", capacity=1, **IN_PERSON)
        somebody = member(contact="discreet")
        first = comes(meeting, member(1))
        comes(meeting, somebody, wants_reminder=True, needs=NEEDS)
        cancel_rsvp(Rsvp.objects.filter(pk=first.pk))
        guest(meeting, contact="discreet")
        Rsvp.objects.update(asked_on=timezone.now().date() - timedelta(days=3))
        keep_rsvps_up_to_date()
        later(meeting, hours=19, minutes=45)
        keep_rsvps_up_to_date()
        change_meetings(these(meeting), topic="Another")
        keep_rsvps_up_to_date()
        send_message(meeting.pk, "Survivors, bring a kayak.", token="one", by=make.person_who_signs_in())
        cancel_meeting(these(meeting), "The kayak is lost.")
        keep_rsvps_up_to_date()
        over = a_meeting(-20, title="Survivors kayak", **IN_PERSON)
        Rsvp.objects.create(meeting=over, member=somebody, state="going", asked_on=over.starts_at.date())
        publish_notes(these(over), "We paddled the kayak.")
        keep_rsvps_up_to_date()
        return {email.kind: email.subject + email.body for email in OutgoingEmail.objects.all()}

    def test_the_discreet_form_names_no_cause_and_no_title(self, bodies):
        assert sorted(kind for kind in bodies if kind.startswith(("rsvp", "meeting"))) == [
            "meeting-canceled",
            "meeting-changed",
            "meeting-message",
            "meeting-notes",
            "rsvp-confirm",
            "rsvp-meeting-link",
            "rsvp-reminder",
            "rsvp-spot-opened",
        ]
        assert {kind: coalition_words_in(text) for kind, text in bodies.items() if coalition_words_in(text)} == {}
        assert [kind for kind, text in bodies.items() if "kayak" in text] == []

    def test_no_email_contains_the_join_link_the_street_address_or_access_needs(self, bodies):
        secrets = (LINK, "rooms.example", "Invented Street", NEEDS)
        assert [kind for kind, text in bodies.items() if any(secret in text for secret in secrets)] == []


class TestForgetting:
    def test_guests_and_their_emails_are_deleted_the_day_after_and_access_needs_emptied(self):
        meeting = a_meeting()
        row = comes(meeting, member(), needs=NEEDS)
        confirmed_guest(meeting)
        later(meeting, hours=48 + 25)
        keep_rsvps_up_to_date()
        assert Rsvp.objects.count() == 2
        later(meeting, minutes=31)
        assert keep_rsvps_up_to_date() == {"needs emptied": 2, "guests forgotten": 1}
        row.refresh_from_db()
        assert (Rsvp.objects.get(), row.needs) == (row, "")
        assert OutgoingEmail.objects.filter(to_index__gt="", kind="rsvp-confirm").count() == 0
        assert keep_rsvps_up_to_date() == {}


@pytest.mark.parametrize("count", [1, 30])
def test_notifying_many_takes_as_many_queries_as_one(count, django_assert_num_queries):
    """Each of them goes to three meetings of their own: one begins, one is tomorrow, and one has changed."""
    for number in range(count):
        somebody = cast.one_of_many(number, contact=["yes", "discreet"][number % 2])
        cast.put(somebody, "approved")
        soon, tomorrow, changed = (a_meeting(hours=48, title=f"Meeting {number}") for _ in range(3))
        comes(soon, somebody), comes(tomorrow, somebody, wants_reminder=True), comes(changed, somebody)
        later(soon, hours=47, minutes=45), later(tomorrow, hours=30)
        change_meetings(these(changed), title="Another")
    with django_assert_num_queries(45):
        assert keep_rsvps_up_to_date() == {"told of a change": count, "links": count, "reminders": count}


@pytest.mark.django_db(transaction=True)
def test_two_concurrent_runs_write_each_email_once():
    meeting = a_meeting(hours=0.25)
    for somebody in members(20):
        comes(meeting, somebody)
    change_meetings(these(meeting), title="Another")

    def run():
        keep_rsvps_up_to_date()
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kinds = [kind for kind, _to in emails()]
    assert (kinds.count("rsvp-meeting-link"), kinds.count("meeting-changed"), len(set(emails()))) == (20, 20, 40)
