"""Two admins import lists that name the same people at the same moment: each person is here once, and both are told."""

from functools import partial

import pytest

from members.import_export.importer import read_list
from members.import_export.services import add_members
from members.models import Member
from s4jr.audit.models import AccessLog
from s4jr.mail.models import OutgoingEmail
from tests import make
from tests.races import race

pytestmark = [pytest.mark.only_postgres, pytest.mark.django_db(transaction=True)]
#: So many that each import is still writing when the other begins.
MANY = 600


def people(numbers):
    rows = [f"Ida,ida{number}@mailbox.example,," for number in numbers]
    return read_list("\n".join(["name,email,region,joined", *rows]) + "\n").usable


def searched(by):
    return AccessLog.objects.filter(user_id=by.pk, action="searched").exclude(object_id="").count()


def test_of_lists_in_opposite_order_each_person_is_imported_once():
    ada, bo, numbers = make.admin("ada"), make.admin("bo"), range(MANY)
    told = race(
        partial(add_members, people(numbers), by=ada, reason="our old list"),
        partial(add_members, people(reversed(numbers)), by=bo, reason="our other list"),
    )
    assert ([len(members) for members in told], Member.objects.count()) in (([MANY, 0], MANY), ([0, MANY], MANY))


def test_of_two_lists_of_one_admin_the_second_sees_that_the_first_spent_the_budget(settings):
    settings.OPENINGS_AN_HOUR = 5
    ada = make.admin("ada")
    add_members(people(range(8)), by=make.admin("bo"))
    told = race(*[partial(add_members, people(range(first, first + 6)), by=ada) for first in (0, 2)])
    assert sorted(type(one).__name__ for one in told) == ["TooManyOpeningsError", "list"]
    assert (searched(ada), Member.objects.count()) == (6, 8)


def test_of_overlapping_lists_each_admin_is_told_how_many_were_new_and_is_charged_for_the_known_ones():
    ada, bo = make.admin("ada"), make.admin("bo")
    told = race(
        partial(add_members, people(range(MANY)), by=ada, reason="our old list"),
        partial(add_members, people(range(MANY // 2, MANY + MANY // 2)), by=bo, reason="our other list"),
    )
    added = [len(members) for members in told]
    assert (sorted(added), Member.objects.count()) == ([MANY // 2, MANY], MANY + MANY // 2)
    assert [searched(by) for by in (ada, bo)] == [MANY - count for count in added]
    assert OutgoingEmail.objects.exclude(kind="admin-openings").count() == 0
