"""Who offered which help is found by decrypting each answer; it is compared, and nothing of it is kept or shown."""

import pytest
from django.http import HttpResponse

from members.applications import ways_to_help
from members.applications.ways_to_help import pks_offering
from members.models import Member
from s4jr.crypto import decryption_guard
from tests import cast, make
from tests.audit.test_unreadable_values import break_one
from tests.query_counts import queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    """Four members by what they offered; the last offered nothing."""
    offers = ["policy media", "media", "meetings", ""]
    return [cast.waiting(email=f"n{number}@mailbox.example", ways_to_help=ways) for number, ways in enumerate(offers)]


@pytest.mark.parametrize(
    ("ways", "found"),
    [({"media"}, [0, 1]), ({"policy", "meetings"}, [0, 2]), ({"stories"}, []), ({"polic", "med", ""}, []), (set(), [])],
)
def test_those_who_offered_one_of_the_ways_are_found_in_order(people, ways, found):
    assert pks_offering(ways, Member.objects.all()) == [people[index].pk for index in found]


def test_only_the_given_members_are_searched(people):
    cast.put(people[1], "approved")
    assert pks_offering({"media"}, Member.objects.filter(status="approved")) == [people[1].pk]


def test_an_answer_that_cannot_be_decrypted_is_no_offer_and_stops_nothing(people):
    break_one(people[0], "ways_to_help")
    assert pks_offering({"media"}, Member.objects.all()) == [people[1].pk]


def test_the_rows_are_fetched_in_batches_without_a_query_for_each(people, monkeypatch):
    monkeypatch.setattr(ways_to_help, "ROWS_AT_ONCE", 2)
    assert queries_of(lambda: pks_offering({"media"}, Member.objects.all())) == 1


def test_an_admin_page_may_ask_without_opening_anyone(people, rf):
    """The answer is a list of numbers; what a member wrote is still closed to the page."""
    ada = make.admin("ada")
    members = Member.objects.all()

    def page(_request):
        decryption_guard.guard(ada)
        found = pks_offering({"meetings"}, members)
        with pytest.raises(decryption_guard.RecordNotOpenedError):
            Member.objects.get(pk=found[0]).ways_to_help.split()
        return HttpResponse()

    assert decryption_guard.DecryptionGuardMiddleware(page)(rf.get("/")).status_code == 200
