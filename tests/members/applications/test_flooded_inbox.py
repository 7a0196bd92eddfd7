"""Correcting, canceling, deleting or leaving repeatedly never allows one more email to a stranger's inbox."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chapters.models import RepresentativeMessage
from chapters.representative_messages import escalation, retention
from members.applications.services import correct_address
from members.models import Member, Rsvp
from members.retention import erase_members
from members.rsvps.services import GuestAnswers, cancel_rsvp, confirm_without_emails, make_rsvp_of_guest
from members.self_service.address_change import request_address_change
from members.self_service.deletion_receipt import erase_with_receipt
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import settle_sent
from tests import cast
from tests.chapters.representative_messages import cast as messages
from tests.erasure.whole_database import places_of
from tests.members.rsvps.people import a_meeting, guest

pytestmark = pytest.mark.django_db
EMPTY_MARK = {"about": "", "to": "", "subject": "", "body": "", "state": "sent", "claim": None, "last_error": ""}


@pytest.fixture
def seen():
    """Collects every email that left, by primary key."""
    return set()


def leave(kind, seen):
    """Sends all pending emails."""
    waiting = OutgoingEmail.objects.filter(kind=kind, state="pending")
    seen |= set(waiting.values_list("pk", flat=True))
    waiting.update(state="sent", sent_at=timezone.now(), to="", subject="", body="")


def test_correcting_the_address_repeatedly(seen):
    cast.ask(form_token="f" * 32)
    leave("confirm", seen)
    for number in range(6):
        asked = [cast.ask(name=f"Mallory {number}{n}", earlier_token="f" * 32) for n in range(2)]
        hers = OutgoingEmail.objects.filter(to_index=blind_index(cast.ADDRESS))
        if hers.filter(state="pending").exists():
            leave("confirm", seen)
        correct_address(Member.objects.filter(pk=asked[1].pk), f"own{number}@mailbox.example")
        OutgoingEmail.objects.exclude(to_index=blind_index(cast.ADDRESS)).delete()
        if not Member.objects.filter(form_token="f" * 32).exists():  # keep one application with the same browser mark
            cast.ask(form_token="f" * 32)
            leave("confirm", seen)
    assert len(seen) <= 2


def test_deleting_and_applying_repeatedly(seen):
    for _ in range(6):
        member = cast.ask()
        leave("confirm", seen)
        erase_members(Member.objects.filter(pk=member.pk))
    assert len(seen) == 2


def test_an_rsvp_canceled_by_code(seen):
    meeting = a_meeting()
    for number in range(6):
        row = guest(meeting, email=f"ada+{number}@mailbox.example")
        leave("rsvp-confirm", seen)
        cancel_rsvp(Rsvp.objects.filter(pk=row.pk))
    for _ in range(6):
        row = guest(meeting, email="ada@mailbox.example")
        leave("rsvp-confirm", seen)
        confirm_without_emails(Rsvp.objects.filter(pk=row.pk))
    assert len(seen) == 3


def test_a_deleted_message(seen):
    to = messages.representative()
    for _ in range(3):
        message = messages.message(to, email=cast.ADDRESS)
        RepresentativeMessage.objects.update(last_word_on="2026-01-01")
        escalation.escalate_unread()
        leave("message-not-read", seen)
        retention.erase_messages(messages.these(message))
    assert len(seen) == 1


def test_requesting_a_strangers_address_and_withdrawing(seen):
    for number in range(8):
        member = cast.waiting(email=f"own{number}@mailbox.example")
        mine = Member.objects.filter(pk=member.pk)
        request_address_change(mine, cast.ADDRESS, "yes")
        leave("confirm-change", seen)
        OutgoingEmail.objects.update(created_at=timezone.now() - timedelta(minutes=11))
        erase_with_receipt(mine)
    assert len(seen) == 5


@pytest.mark.parametrize("state", ["sent", "committing"])
def test_the_remaining_row_of_a_sent_email_names_no_one(state):
    """Even if a sender is delivering it at this moment."""
    member = cast.ask()
    sending = {"claim": member.decision or "0" * 32, "lease_until": timezone.now()} if state == "committing" else {}
    sent = {"sent_at": timezone.now()} if state == "sent" else {}
    OutgoingEmail.objects.update(state=state, last_error="550 for rosalind", **sending, **sent)
    [email] = OutgoingEmail.objects.all()
    erase_members(Member.objects.filter(pk=member.pk))
    settle_sent(email)
    email.refresh_from_db()
    assert {name: getattr(email, name) for name in EMPTY_MARK} == EMPTY_MARK
    found = places_of(member.number, cast.NAME, cast.ADDRESS)
    assert found == {("erasure_tombstone", "number")}
    assert OutgoingEmail.objects.filter(to_index=blind_index(cast.ADDRESS), sent_at__isnull=False).count() == 1


@pytest.mark.parametrize("state", ["pending", "claimed", "canceled", "failed", "unknown"])
def test_an_email_that_as_far_as_we_know_never_left_leaves_no_row(state):
    member = cast.ask()
    lease = {"claim": "0" * 32, "lease_until": timezone.now()} if state == "claimed" else {}
    OutgoingEmail.objects.update(state=state, **lease)
    erase_members(Member.objects.filter(pk=member.pk))
    assert OutgoingEmail.objects.count() == 0


def test_an_email_that_only_we_cause_leaves_no_row():
    member = cast.waiting()
    cast.written(kind="welcome", about=member.about)
    OutgoingEmail.objects.update(state="sent", sent_at=timezone.now())
    erase_members(Member.objects.filter(pk=member.pk))
    assert OutgoingEmail.objects.count() == 0


class TestCorrectedRsvp:
    def corrected(self, meeting, row, **said):
        said = {"contact": "yes", "email": row.email, "name": "Gustava", **said}
        make_rsvp_of_guest(meeting.pk, GuestAnswers(form_token=row.form_token, **said))
        return Rsvp.objects.get(form_token=row.form_token)

    def test_the_sent_link_still_works(self, seen):
        meeting = a_meeting()
        row = guest(meeting)
        leave("rsvp-confirm", seen)
        assert self.corrected(meeting, row).pk == row.pk
        assert OutgoingEmail.objects.filter(kind="rsvp-confirm").count() == 1

    def test_a_pending_email_is_rewritten(self):
        meeting = a_meeting()
        row = guest(meeting)
        before = OutgoingEmail.objects.get().body
        assert self.corrected(meeting, row, contact="discreet").contact == "discreet"
        assert OutgoingEmail.objects.get().body != before

    def test_another_address_makes_another_rsvp(self, seen):
        meeting = a_meeting()
        row = guest(meeting)
        leave("rsvp-confirm", seen)
        assert self.corrected(meeting, row, email="other@mailbox.example").pk != row.pk
        assert OutgoingEmail.objects.get(state="pending").to == "other@mailbox.example"
