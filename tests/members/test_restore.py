"""After a restore, no decision that could be undone at the time of the backup takes effect without a person."""

from datetime import timedelta

import pytest

from members.models import Member
from members.restore import hold_decisions
from members.review.services import approve, decline, end_grace_periods, end_membership, settle_approvals
from s4jr.audit.models import AccessLog
from s4jr.mail.models import OutgoingEmail
from tests import cast, make

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=1)


@pytest.fixture
def begun(settings):
    """An approval, a "not now" and an end of a membership, each in the time to undo it."""
    settings.APPROVAL_UNDO_SECONDS = 60
    ada = make.admin("ada")
    people = [cast.waiting(email=f"reader{number}@mailbox.example") for number in range(3)]
    cast.put(people[2], "approved")
    OutgoingEmail.objects.all().delete()
    approve(people[0].row, by=ada)
    decline(people[1].row, by=ada, reason_kind="safety", reason="A fictional reason", parting_email="Hello")
    end_membership(people[2].row, by=ada, reason="A fictional reason", parting_email="Hello")
    return people


def now(people):
    return [Member.objects.get(pk=person.pk) for person in people]


def let_time_pass():
    rows = Member.objects.exclude(effective_at=None)
    for row in rows:
        row.row.update(effective_at=row.effective_at - LONG_AGO)
    settle_approvals(Member.objects.all())
    end_grace_periods(Member.objects.all())


def test_decisions_of_before_the_backup_wait_for_a_person(begun):
    assert [hold_decisions(), hold_decisions()] == [3, 0]
    let_time_pass()
    assert [one.status for one in now(begun)] == ["waiting", "waiting", "approved"]
    assert OutgoingEmail.objects.count() == 0


def test_nothing_of_a_held_decision_is_left(begun):
    hold_decisions()
    left = [(one.effective_at, one.reason, one.reason_kind, one.parting_email, one.proposed_by) for one in now(begun)]
    assert left == [(None, "", "", "", None)] * 3


def test_a_member_who_stays_keeps_the_day_of_their_approval(begun):
    before = begun[2].row.get().decided_at
    hold_decisions()
    assert begun[2].row.get().decided_at == before


def test_the_access_log_says_which_decisions_were_held(begun):
    hold_decisions()
    logged = AccessLog.objects.filter(who="restore").order_by("pk").values_list("object_id", flat=True)
    assert sorted(logged) == sorted(person.number for person in begun)
