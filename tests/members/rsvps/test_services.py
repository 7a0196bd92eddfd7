"""RSVPs: a meeting is never over its cap, the waiting list keeps its order, and each change notifies once."""

import random
import threading

import pytest
from django.db import connections
from django.utils import timezone

from chapters.meetings.services import cancel_meeting
from chapters.models import Meeting
from members.models import Rsvp
from members.retention import erase_members
from members.rsvps.notified_fingerprint import fingerprint_of
from members.rsvps.scheduled import keep_rsvps_up_to_date
from members.rsvps.services import cancel_rsvp, confirm_rsvp, confirm_without_emails, make_rsvp
from s4jr.mail.models import OutgoingEmail
from tests import cast
from tests.members.rsvps.people import GUEST, NEEDS, a_meeting, cancels, comes, emails, guest, member, members, states


def now(row):
    row.refresh_from_db()
    return row


@pytest.mark.django_db
class TestMembers:
    def test_a_second_rsvp_of_a_member_updates_the_first(self):
        meeting, somebody = a_meeting(), member()
        comes(meeting, somebody, needs="captions")
        row = comes(meeting, somebody, needs=NEEDS, wants_reminder=True)
        assert (row.state, row.needs, row.wants_reminder) == ("going", NEEDS, True)
        assert (row.notified_sequence, row.notified_fingerprint) == (meeting.sequence, fingerprint_of(meeting))
        assert (Rsvp.objects.count(), emails()) == (1, [])

    def test_hidden_text_stays(self):
        meeting, somebody = a_meeting(), member()
        comes(meeting, somebody, needs=NEEDS)
        assert comes(meeting, somebody, needs=None).needs == NEEDS

    def test_past_the_cap_people_wait_in_order_and_move_up_automatically(self):
        meeting = a_meeting(capacity=2)
        rows = [comes(meeting, member(number)) for number in range(4)]
        assert [row.state for row in rows] == ["going", "going", "waiting", "waiting"]
        assert cancels(rows[0]) == 1
        assert [now(row).state for row in rows] == ["canceled", "going", "going", "waiting"]
        assert emails() == [("rsvp-spot-opened", "member2@mailbox.example")]
        assert cancels(rows[0]) == 0
        assert [now(row).state for row in rows][2:] == ["going", "waiting"]

    def test_canceling_and_returning_goes_to_the_end_of_the_waiting_list(self):
        meeting = a_meeting(capacity=1)
        first, second, third = (comes(meeting, member(number)) for number in range(3))
        cancels(first)
        assert comes(meeting, first.member).state == "waiting"
        cancels(second)
        assert [now(row).state for row in (first, second, third)] == ["waiting", "canceled", "going"]

    def test_canceling_deletes_their_text(self):
        row = comes(a_meeting(), member(), needs=NEEDS, wants_reminder=True)
        cancels(row)
        assert (now(row).needs, row.wants_reminder) == ("", False)

    def test_a_raised_cap_moves_the_next_up_and_notifies_each_once(self):
        meeting = a_meeting(capacity=1)
        rows = [comes(meeting, member(number)) for number in range(4)]
        Meeting.objects.filter(pk=meeting.pk).update(capacity=3)
        assert keep_rsvps_up_to_date() == {"moved up": 2}
        assert [now(row).state for row in rows] == ["going", "going", "going", "waiting"]
        assert (keep_rsvps_up_to_date(), len(emails("rsvp-spot-opened"))) == ({}, 2)
        Meeting.objects.filter(pk=meeting.pk).update(capacity=None)
        assert keep_rsvps_up_to_date() == {"moved up": 1}

    def test_a_lowered_cap_removes_no_one(self):
        meeting = a_meeting(capacity=2)
        rows = [comes(meeting, member(number)) for number in range(3)]
        Meeting.objects.filter(pk=meeting.pk).update(capacity=1)
        cancels(rows[0])
        assert [now(row).state for row in rows] == ["canceled", "going", "waiting"]

    @pytest.mark.parametrize("gone", ["left", "membership_ended"])
    def test_leaving_frees_a_spot(self, gone):
        meeting = a_meeting(capacity=1)
        first, second = comes(meeting, member(0), needs=NEEDS), comes(meeting, member(1))
        cast.put(first.member, gone)
        assert keep_rsvps_up_to_date() == {"let go": 1, "moved up": 1}
        assert (now(first).state, first.needs, now(second).state) == ("canceled", "", "going")

    def test_withdrawing_frees_a_spot_and_leaves_no_trace(self):
        meeting = a_meeting(capacity=1)
        first, second = comes(meeting, member(0), needs=NEEDS), comes(meeting, member(1))
        erase_members(first.member.row)
        keep_rsvps_up_to_date()
        assert (Rsvp.objects.get(), now(second).state) == (second, "going")

    @pytest.mark.parametrize(
        "said", [{"hours": -3}, {"is_canceled": True}, {"is_published": False}], ids=["over", "off", "a draft"]
    )
    def test_no_one_can_rsvp_to_a_meeting_that_does_not_take_place(self, said):
        meeting, somebody = a_meeting(**said), member()
        assert make_rsvp(meeting.pk, somebody) is False
        assert Rsvp.objects.count() == 0

    def test_no_one_moves_up_in_a_canceled_meeting(self):
        meeting = a_meeting(capacity=1)
        first, second = comes(meeting, member(0)), comes(meeting, member(1))
        cancel_meeting(Meeting.objects.filter(pk=meeting.pk))
        cancels(first)
        assert (now(second).state, emails("rsvp-spot-opened")) == ("waiting", [])


@pytest.mark.django_db
class TestGuests:
    def test_with_an_address_they_are_going_after_they_confirm(self):
        row = guest(a_meeting())
        assert (row.state, emails()) == ("asked", [("rsvp-confirm", GUEST)])
        assert confirm_rsvp(Rsvp.objects.filter(pk=row.pk)) is True
        assert now(row).state == "going"

    def test_without_an_address_they_are_going_right_away_and_nothing_is_sent(self):
        row = guest(a_meeting(), contact="none", email="")
        assert (row.state, row.email_index, emails()) == ("going", None, [])

    def test_an_address_gets_one_confirmation_email_a_meeting_and_has_one_spot(self):
        meeting = a_meeting()
        first, second = guest(meeting), guest(meeting, name="Another")
        assert emails() == [("rsvp-confirm", GUEST)]
        for row in (first, second, first):
            assert confirm_rsvp(Rsvp.objects.filter(pk=row.pk)) is True
        assert sorted([now(first).state, now(second).state]) == ["asked", "going"]

    def test_a_flagged_rsvp_waits_for_one_more_confirmation(self):
        row = guest(a_meeting(), flag_reason="too_many")
        assert (row.state, emails()) == ("asked", [])
        assert confirm_without_emails(Rsvp.objects.filter(pk=row.pk)) is True
        assert (now(row).state, row.contact, row.email, row.email_index) == ("going", "none", "", None)

    def test_nothing_is_left_of_a_guest_who_cancels_and_the_next_moves_up(self):
        meeting = a_meeting(capacity=1)
        row, other = guest(meeting, contact="none", email=""), comes(meeting, member())
        assert cancels(row) == 1
        assert (Rsvp.objects.get(), now(other).state) == (other, "going")

    def test_a_pending_email_to_a_guest_who_cancels_never_leaves(self):
        row = guest(a_meeting())
        cancels(row)
        assert OutgoingEmail.objects.filter(kind="rsvp-confirm").count() == 0

    def test_guests_and_members_share_one_waiting_list(self):
        meeting = a_meeting(capacity=1)
        comes(meeting, member()), guest(meeting, contact="none", email=""), comes(meeting, member(1))
        assert states(meeting) == ["going", "waiting", "waiting"]


class Actions(threading.Thread):
    """Selects "I'm going" and "I'm not going" at random."""

    def __init__(self, meeting, somebody, seed):
        super().__init__()
        self.meeting, self.somebody, self.dice, self.failed = meeting, somebody, random.Random(seed), None

    def run(self):
        try:
            for _ in range(12):
                self.press()
        except Exception as error:
            self.failed = error
        finally:
            connections.close_all()

    def press(self):
        if self.dice.random() < 0.6:
            make_rsvp(self.meeting.pk, self.somebody)
        else:
            cancel_rsvp(Rsvp.objects.filter(meeting=self.meeting, member=self.somebody))
        assert Rsvp.objects.going().filter(meeting=self.meeting).count() <= CAP


CAP = 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_concurrent_random_actions_never_exceed_the_cap_or_change_the_order(seed):
    meeting = a_meeting(capacity=CAP)
    threads = [Actions(meeting, one, seed * 100 + number) for number, one in enumerate(members(8))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [thread.failed for thread in threads if thread.failed] == []
    rows = Rsvp.objects.filter(meeting=meeting)
    come, wait = (sorted(rows.filter(state=s).values_list("place_in_line", flat=True)) for s in ("going", "waiting"))
    taking_part = come + wait
    assert len(come) == min(CAP, len(taking_part))
    assert taking_part == sorted(set(taking_part))
    told = list(OutgoingEmail.objects.filter(kind="rsvp-spot-opened").values_list("dedupe_key", flat=True))
    assert len(told) == len(set(told))


@pytest.mark.django_db
def test_past_meetings_cause_no_queries(django_assert_num_queries):
    comes(a_meeting(), member())
    Rsvp.objects.update(emptied_on=timezone.now().date())
    with django_assert_num_queries(18):  # one of them loads the dates on which tomorrow's RSVPs were made
        assert keep_rsvps_up_to_date() == {}
