"""Hosts accept guests by name, and message everyone who is going: once, and at most twice a day."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from members.models import MeetingMessage, Rsvp
from members.purge import purge
from members.rsvps.host_services import accept_guest, send_message, unaccept_guest
from members.rsvps.services import GuestAnswers, confirm_rsvp, make_rsvp_of_guest
from s4jr.audit.models import AccessLog
from s4jr.mail.discreet import coalition_words_in
from s4jr.mail.models import OutgoingEmail
from tests import make
from tests.members.rsvps.people import GUEST, a_meeting, comes, emails, guest, later, member, never_emailed

pytestmark = pytest.mark.django_db
WORDS = "Please bring a pen.\n\nThe survivors' room is upstairs."


@pytest.fixture
def host():
    return make.person_who_signs_in("imogen")


def this(row):
    return Rsvp.objects.filter(pk=row.pk)


def is_accepted(row):
    return Rsvp.objects.values_list("accepted_at", flat=True).get(pk=row.pk) is not None


def log():
    return list(AccessLog.objects.order_by("pk").values_list("who", "action", "object_kind", "field_names"))


def send(meeting, host, text=WORDS, token="one"):
    return send_message(meeting.pk, text, token=token, by=host)


class TestGuests:
    def test_a_host_accepts_a_guest_and_takes_it_back_and_each_is_logged_once(self, host):
        row = guest(a_meeting(), contact="none", email="")
        assert [accept_guest(this(row), by=host), accept_guest(this(row), by=host)] == [1, 0]
        assert is_accepted(row)
        assert [unaccept_guest(this(row), by=host), unaccept_guest(this(row), by=host)] == [1, 0]
        assert (is_accepted(row), log()) == (
            False,
            [("imogen", "changed", "chapters.meeting", "accepted_at")] * 2,
        )

    def test_a_guest_who_has_not_confirmed_is_not_accepted(self, host):
        row = guest(a_meeting())
        assert (accept_guest(this(row), by=host), is_accepted(row)) == (0, False)
        confirm_rsvp(this(row))
        assert (accept_guest(this(row), by=host), is_accepted(row)) == (1, True)

    def test_a_member_needs_no_acceptance_and_gets_none(self, host):
        row = comes(a_meeting(), member())
        assert (accept_guest(this(row), by=host), is_accepted(row)) == (0, False)

    def test_a_guest_who_changes_their_name_has_to_be_accepted_again(self, host):
        meeting, said = a_meeting(), {"form_token": "f" * 32, "contact": "none"}
        make_rsvp_of_guest(meeting.pk, GuestAnswers(**said, name="Gustava Testperson"))
        row = Rsvp.objects.get()
        accept_guest(this(row), by=host)
        make_rsvp_of_guest(meeting.pk, GuestAnswers(**said, name="Gustava Testperson"))
        assert is_accepted(row)
        make_rsvp_of_guest(meeting.pk, GuestAnswers(**said, name="Somebody Else"))
        row.refresh_from_db()
        assert (row.name, is_accepted(row)) == ("Somebody Else", False)


class TestMessages:
    def test_everyone_who_is_going_gets_one_email_and_no_one_else(self, host):
        meeting = a_meeting(capacity=4)
        comes(meeting, member(0)), comes(meeting, member(1, contact="discreet"))
        comes(meeting, never_emailed(2))
        confirm_rsvp(this(guest(meeting)))
        comes(meeting, member(3))  # is on the waitlist
        assert send(meeting, host)
        going = [GUEST, "member0@mailbox.example", "member1@mailbox.example"]
        assert sorted(to for _kind, to in emails("meeting-message")) == going
        assert log() == [("imogen", "sent", "chapters.meeting", "message")]

    def test_an_email_has_the_message_in_its_own_lines(self, host):
        meeting = a_meeting()
        comes(meeting, member())
        send(meeting, host)
        [email] = OutgoingEmail.objects.filter(kind="meeting-message")
        assert "\n\nPlease bring a pen.\n\nThe survivors' room is upstairs.\n\n" in email.body
        assert ("/meetings/coming/" in email.body, "mailbox.example" in email.body) == (True, False)

    def test_curly_brackets_in_a_message_stay_as_they_are(self, host):
        meeting = a_meeting()
        comes(meeting, member())
        send(meeting, host, "Bring {rsvp_link} and {nothing}.")
        assert "\n\nBring {rsvp_link} and {nothing}.\n\n" in OutgoingEmail.objects.get().body

    def test_the_discreet_form_has_no_word_of_it(self, host):
        meeting = a_meeting(title="Survivors kayak")
        comes(meeting, member(contact="discreet"))
        send(meeting, host)
        email = OutgoingEmail.objects.get()
        words = email.subject + email.body
        assert (coalition_words_in(words), "pen" in words.split(), "kayak" in words) == ([], False, False)

    def test_the_same_form_is_sent_once(self, host):
        meeting = a_meeting()
        comes(meeting, member())
        assert [send(meeting, host), send(meeting, host)] == [True, True]
        assert (MeetingMessage.objects.count(), len(emails("meeting-message")), len(log())) == (1, 1, 1)

    def test_other_words_in_the_same_form_are_another_message(self, host):
        meeting = a_meeting()
        comes(meeting, member())
        sent = [send(meeting, host, words) for words in (WORDS, "Bring two pens.", WORDS, "Bring three pens.")]
        assert (sent, MeetingMessage.objects.count(), len(emails("meeting-message"))) == (
            [True, True, True, False],
            2,
            2,
        )

    def test_one_host_sends_ten_a_day_about_all_meetings(self, host):
        meetings = [a_meeting() for _ in range(11)]
        assert [send(meeting, host) for meeting in meetings] == [True] * 10 + [False]
        assert (send(meetings[0], host), send(meetings[10], make.person_who_signs_in("edda"))) == (True, True)

    def test_there_are_two_a_day_for_each_meeting(self, host):
        meeting, other = a_meeting(), a_meeting()
        assert [send(meeting, host, token=token) for token in ("one", "two", "three")] == [True, True, False]
        assert send(other, host, token="three")
        MeetingMessage.objects.update(sent_at=timezone.now() - timedelta(days=1))
        assert send(meeting, host, token="three")

    @pytest.mark.parametrize("off", [{"is_canceled": True}, {"is_published": False}, {"starts_at": "yesterday"}])
    def test_nothing_is_sent_about_a_meeting_that_no_one_can_come_to(self, host, off):
        meeting = a_meeting(-48) if "starts_at" in off else a_meeting(**off)
        assert (send(meeting, host), MeetingMessage.objects.count(), log()) == (False, 0, [])

    def test_a_message_is_stored_encrypted_and_deleted_the_day_after(self, host):
        meeting = a_meeting()
        send(meeting, host)
        purge()
        assert MeetingMessage.objects.get().text == WORDS
        later(meeting, days=4)
        purge()
        assert MeetingMessage.objects.count() == 0

    def test_ten_people_take_as_many_queries_as_one(self, host, django_assert_max_num_queries):
        meeting = a_meeting()
        for number in range(10):
            comes(meeting, member(number))
        with django_assert_max_num_queries(24):
            send(meeting, host)


@pytest.mark.django_db(transaction=True)
def test_two_concurrent_submissions_of_one_form_are_one_message(host):
    meeting = a_meeting()
    comes(meeting, member())

    def run():
        send(meeting, host)
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (MeetingMessage.objects.count(), len(emails("meeting-message"))) == (1, 1)
