"""A restore, an erasure and a decision meet: what is erased stays erased, and whoever comes second is told."""

import html
import io
from datetime import timedelta
from functools import partial

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.models import Member
from members.restore import hold_decisions
from members.retention import erase_members
from members.review.services import approve, settle_approvals
from s4jr.audit.models import AccessLog
from s4jr.erasure import tombstones
from s4jr.erasure.models import Tombstone
from s4jr.mail.models import OutgoingEmail
from tests import cast, make
from tests.races import race, while_uncommitted

pytestmark = [pytest.mark.only_postgres, pytest.mark.django_db(transaction=True)]
ANSWER = {
    "reason_kind": "safety", "reason": "A fictional reason", "email": "Hello,\n\nnot right now.",
    "next_step": "a talk with two of us", "next_step_on": timezone.now().date() + timedelta(days=7),
    "answer_to": "talk@coalition.example",
}  # fmt: skip
#: The status that a member has before a step, if it is not "waiting".
BEFORE = {"end_membership": "approved", "undo": "declining"}
#: Each race is run this often, so that each of the two is first at times.
TIMES = 3


@pytest.fixture(autouse=True)
def file(settings, tmp_path):
    settings.ERASURES_FILE = tmp_path / "erasures"
    return settings.ERASURES_FILE


def reapply(*arguments):
    out = io.StringIO()
    call_command("reapply_erasures", *arguments, stdout=out)
    return out.getvalue()


def restored(*names):
    """People whom a backup brought back: the file beside the database knows that they were erased."""
    people = [cast.waiting(email=f"{name}@mailbox.example") for name in names]
    tombstones.note_beside({person.number: timezone.now().date() for person in people})
    return people


def test_of_two_runs_at_once_one_erases_each_person_and_the_other_says_that_it_erased_nobody():
    for number in range(TIMES):
        people = restored(*[f"reader{number}.{one}" for one in range(20)])
        told = race(reapply, reapply)
        assert Member.objects.count() == 0
        named = [word.strip(",.") for said in told for word in said.partition("again: ")[2].split()]
        assert sorted(named) == sorted(["nobody", *(person.number for person in people)])


def test_two_runs_with_the_same_numbers_in_another_order_both_end(tmp_path):
    numbers = [f"{number:06X}" for number in range(2500)]
    for name, order in (("one", numbers), ("two", list(reversed(numbers)))):
        (tmp_path / name).write_text(tombstones.lines(dict.fromkeys(order, timezone.now().date())))
    told = race(*[partial(reapply, "--from", str(tmp_path / name)) for name in ("one", "two")])
    assert told == ["2500 tombstones; erased again: nobody.\n"] * 2
    assert Tombstone.objects.count() == 2500


def test_a_person_who_is_erased_by_someone_else_at_the_same_moment_is_erased_once():
    for number in range(TIMES):
        [person] = restored(f"reader{number}")
        erased, said = race(partial(erase_members, person.row), reapply)
        assert (erased + said.count(person.number), Member.objects.count()) == (1, 0)
        assert Tombstone.objects.filter(number=person.number).count() == 1


def test_an_approval_at_the_same_moment_brings_no_one_back_and_no_email_leaves(settings):
    settings.APPROVAL_UNDO_SECONDS = 0
    ada = make.admin("ada")
    for number in range(TIMES):
        [person] = restored(f"reader{number}")
        race(partial(approve, person.as_read, by=ada), reapply)
        settle_approvals(Member.objects.all())
        assert Member.objects.count() == 0
        assert OutgoingEmail.objects.filter(about=person.about).on_their_way().count() == 0


@pytest.mark.parametrize("step", ["approve", "keep-waiting", "close", "undo", "unflag", "not_now", "end_membership"])
def test_an_admin_who_decides_about_someone_who_is_erased_meanwhile_reads_that_nothing_changed(step):
    client, person = Client(), cast.waiting()
    make.signed_in_staff(client, "ada")
    cast.put(person, BEFORE.get(step, "waiting"))
    client.post(reverse("admin:members_member_change", args=[person.pk]), {"reason": "to decide"})
    decide = partial(client.post, address(step, person), {**ANSWER, "version": person.row.get().version}, follow=True)
    page = while_uncommitted(partial(erase_members, person.row), decide)
    said = html.unescape(page.content.decode())
    assert (page.status_code, "Nothing changed" in said, Member.objects.count()) == (200, True, 0)


def address(step, person):
    if step in ("unflag", "not_now", "end_membership"):
        return reverse(f"admin:members_member_{step}", args=[person.pk])
    return reverse("admin:members_member_action", args=[person.pk, step])


class TestHoldingDecisions:
    def test_logs_exactly_the_decisions_that_it_held(self, settings):
        """Another run, or the sender of emails, may settle one of them at the same moment."""
        settings.APPROVAL_UNDO_SECONDS = 60
        ada = make.admin("ada")
        people = [cast.waiting(email=f"reader{number}@mailbox.example") for number in range(3)]
        for person in people:
            approve(person.as_read, by=ada)
        held = while_uncommitted(lambda: erase_members(people[0].row), hold_decisions)
        logged = AccessLog.objects.filter(who="restore").values_list("object_id", flat=True)
        assert (held, sorted(logged)) == (2, sorted(person.number for person in people[1:]))

    def test_two_runs_at_once_hold_each_decision_once(self, settings):
        settings.APPROVAL_UNDO_SECONDS = 60
        ada = make.admin("ada")
        for number in range(TIMES):
            approve(cast.waiting(email=f"reader{number}@mailbox.example").as_read, by=ada)
        assert sorted(race(hold_decisions, hold_decisions)) == [0, TIMES]
        assert AccessLog.objects.filter(who="restore").count() == TIMES
