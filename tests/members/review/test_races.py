"""Two admins press the same button about one person at the same moment: it counts, and is logged, once."""

from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone

from members.models import Member
from members.review.services import close, close_as_duplicate, note_next_step, unflag
from s4jr.audit.models import AccessLog
from tests import cast, make
from tests.races import race

pytestmark = [pytest.mark.only_postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def admins():
    return make.admin("ada"), make.admin("bo")


def test_a_flag_is_removed_once(admins):
    member = cast.waiting()
    member.row.update(flag_reason="honeypot")
    told = race(*[partial(unflag, member.row, by=by) for by in admins])
    assert (sorted(told), AccessLog.objects.filter(action="changed").count()) == ([0, 1], 1)


def test_an_application_is_closed_as_a_duplicate_once(admins):
    kept, member = cast.waiting(), cast.waiting(email="other@mailbox.example")
    told = race(*[partial(close_as_duplicate, member.as_read, kept, by=by) for by in admins])
    assert sorted(len(one.won) for one in told) == [0, 1]
    assert AccessLog.objects.filter(action="decided", object_id=member.number).count() == 1


def test_of_two_applications_each_closed_as_a_duplicate_of_the_other_at_least_one_can_be_reopened(admins):
    """Nothing is lost: the words are gone, but both are closed for a day, with the number of the other."""
    one, other = cast.waiting(), cast.waiting(email="other@mailbox.example")
    race(
        partial(close_as_duplicate, one.as_read, other, by=admins[0]),
        partial(close_as_duplicate, other.as_read, one, by=admins[1]),
    )
    statuses = sorted(Member.objects.values_list("status", flat=True))
    assert statuses in (["closed", "closed"], ["closed", "waiting"])


def test_a_promised_next_step_is_noted_once(admins):
    member = cast.waiting()
    cast.put(member, "membership_ended", next_step_on=timezone.now().date() + timedelta(days=3))
    told = race(*[partial(note_next_step, member.row, by=by) for by in admins])
    assert sorted(len(one.won) for one in told) == [0, 1]
    assert AccessLog.objects.filter(action="changed", object_id=member.number).count() == 1


def test_an_application_is_either_closed_or_unflagged_and_closed(admins):
    member = cast.waiting()
    member.row.update(flag_reason="honeypot")
    closed, _unflagged = race(partial(close, member.row, by=admins[0]), partial(unflag, member.row, by=admins[1]))
    assert (len(closed.won), Member.objects.get().status) == (1, "closed")


def test_the_second_of_two_who_say_not_spam_reads_that_nothing_changed(client):
    make.signed_in_staff(client, "ada")
    member = cast.waiting()
    member.row.update(flag_reason="honeypot")
    address = reverse("admin:members_member_unflag", args=[member.pk])
    first, second = (client.post(address, follow=True).content.decode() for _ in range(2))
    assert ["Nothing changed: these are no longer marked" in page for page in (first, second)] == [False, True]
