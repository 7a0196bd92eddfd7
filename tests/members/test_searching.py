"""Finding one person: by the whole address, the number or the status code, and by nothing else."""

import pytest
from django.urls import reverse

from members.models import Member
from members.searching import find
from s4jr.privacy.models import AccessLog
from s4jr.privacy.status_code import code_of_form
from tests import cast, make

pytestmark = pytest.mark.django_db
QUEUE = reverse("admin:members_member_changelist")


@pytest.fixture
def rosalind():
    """One member among others, whose number has a letter in it."""
    cast.waiting(email="another@mailbox.example")
    cast.ask(cast.without_email())
    member = cast.waiting()
    Member.objects.filter(pk=member.pk).update(number="4F2A91")
    member.refresh_from_db()
    return member


def found(term):
    return list(find(Member.objects.all(), term))


@pytest.mark.parametrize("term", [cast.ADDRESS, " Rosalind@MAILBOX.example ", "ｒosalind@mailbox.example"])
def test_the_whole_address_finds_its_owner_however_it_is_spelt(rosalind, term):
    assert found(term) == [rosalind]


@pytest.mark.parametrize("term", ["4F2A91", "4f2a91", "No. 4F2A91", "no 4f2a91", "No.4F2A91"])
def test_the_number_finds_them_with_or_without_no(rosalind, term):
    assert found(term) == [rosalind]


def test_the_status_code_finds_them_however_it_is_typed(rosalind):
    code = code_of_form(rosalind.form_token)
    assert [found(term) for term in (code, code.lower(), code.replace("-", " "))] == [[rosalind]] * 3


@pytest.mark.parametrize(
    "term",
    ["", "  ", "@", "rosalind", "rosalind@", "@mailbox.example", "mailbox.example", "osalind@mailbox.example", "%",
     cast.NAME, "Rosalind", "Ontario", "CA-ON", "heron", "4F2A9", "F2A91", "4F2A910", "No.", "waiting", "\0"],
)  # fmt: skip
def test_nothing_else_finds_anybody(rosalind, term):
    assert found(term) == []


@pytest.mark.parametrize("term", [cast.ADDRESS, "No. 4F2A91", "4FK-9QX-2TM-7WP"])
def test_it_costs_one_query_that_holds_no_address(rosalind, term, django_assert_num_queries):
    with django_assert_num_queries(1) as asked:
        found(term)
    assert [word for word in ("rosalind", "LIKE") if word in asked[0]["sql"]] == []


class TestInTheAdmin:
    @pytest.fixture(autouse=True)
    def ada(self, client):
        return make.signed_in_staff(client, "ada")

    def test_it_looks_among_everybody_and_shows_no_name(self, client, rosalind):
        cast.put(rosalind, "left")
        page = client.get(QUEUE, {"q": cast.ADDRESS})
        assert list(page.context["cl"].result_list) == [rosalind]
        assert cast.NAME not in page.content.decode()

    def test_without_a_term_it_is_the_queue(self, client, rosalind):
        assert client.get(QUEUE, {"q": ""}).context["cl"].result_count == Member.objects.waiting().count() == 3

    def test_a_term_that_finds_nobody_shows_nobody(self, client, rosalind):
        assert client.get(QUEUE, {"q": "rosalind"}).context["cl"].result_count == 0

    def test_looking_in_a_list_opens_nobody(self, client, rosalind):
        client.get(QUEUE, {"q": cast.ADDRESS})
        assert AccessLog.objects.count() == 0

    def test_the_box_says_what_may_be_typed(self, client, rosalind):
        assert "A whole e-mail address, a number (No. 4F2A91) or a status code" in client.get(QUEUE).content.decode()
