"""Checks that the counting detects each fault, made by hand; otherwise a run without faults would prove nothing."""

import random
from dataclasses import replace

import pytest
from django.utils import timezone

from members.models import Member
from members.review.services import approve
from s4jr.mail.models import OutgoingEmail
from tests import make
from tests.chaos import counting
from tests.chaos.counting import NONE
from tests.chaos.lives import Life, born
from tests.chaos.sink import Taken


class Record:
    """A record of a mail sink, written by hand."""

    def __init__(self):
        self.taken = []

    def take(self, email):
        self.taken.append(Taken(0.0, str(email.pk), email.to, email.subject))


@pytest.fixture
def sink():
    return Record()


@pytest.fixture
def admins(db):
    return [make.admin("ada"), make.admin("grace")]


@pytest.fixture
def life(transactional_db, admins):
    """A person who applied and was approved."""
    [life] = born(1, seed=8)
    life.live(admins)
    return life


@pytest.fixture
def all_is_well(life, sink):
    for email in OutgoingEmail.objects.all():
        sink.take(email)
    OutgoingEmail.objects.update(state="sent", sent_at=timezone.now())
    assert counting.count([life], sink).faults == NONE


@pytest.mark.usefixtures("all_is_well")
class TestEachFaultIsDetected:
    def test_an_email_accepted_twice(self, life, sink):
        # To its recipient, an email with the same text is the same email, whatever its Message-ID.
        sink.taken.append(replace(sink.taken[0], number="another"))
        assert counting.count([life], sink).faults == replace(NONE, taken_twice=1)

    def test_a_missing_email(self, life, sink):
        OutgoingEmail.objects.filter(kind="welcome").delete()
        assert counting.count([life], sink).faults == replace(NONE, lost=1)

    def test_a_missing_person(self, life, sink):
        Member.objects.all().delete()
        assert counting.count([life], sink).faults == replace(NONE, lost=2)

    def test_an_email_marked_sent_that_was_not(self, life, sink):
        sink.taken.pop()
        assert counting.count([life], sink).faults == replace(NONE, sent_untaken=1)

    def test_an_accepted_email_that_is_marked_pending(self, life, sink):
        OutgoingEmail.objects.filter(kind="confirm").update(state="pending", sent_at=None)
        assert counting.count([life], sink).faults == replace(NONE, lost=1, taken_unsettled=1)

    def test_an_accepted_email_that_is_marked_unknown_is_no_fault(self, life, sink):
        OutgoingEmail.objects.filter(kind="confirm").update(state="unknown", sent_at=None)
        found = counting.count([life], sink)
        assert (found.faults, found.unknown_taken) == (NONE, 1)

    def test_an_approval_that_happened_twice(self, life, sink, admins):
        Member.objects.update(status="waiting")
        approve(Member.objects.all(), by=admins[1])
        OutgoingEmail.objects.filter(state="pending").delete()
        assert counting.count([life], sink).faults == replace(NONE, approved_twice=1)


def test_an_email_to_a_person_who_withdrew(transactional_db, admins, sink):
    life = withdrawing()
    emails = []
    life.hesitates = 0
    confirming = life._confirm
    life._confirm = lambda: emails.extend(OutgoingEmail.objects.all()) or confirming()
    life.live(admins)
    assert counting.count([life], sink).faults == NONE

    sink.take(emails[0])
    assert counting.count([life], sink).faults == replace(NONE, after_withdrawal=1)


def withdrawing():
    """A person who withdraws right after confirming; none of their pending emails may leave."""
    life = Life(1, random.Random(8), withdraws=True)
    life.withdraws_after = "confirming"
    return life
