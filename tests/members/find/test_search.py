"""Search finds one person by full address, number or status code; it is logged and counted. Names are in test_names."""

import pytest
from django.test import Client
from django.urls import reverse

from members.find.search import find
from members.models import Member
from s4jr.audit.models import AccessLog
from s4jr.security.status_code import code_of_form
from tests import cast, make
from tests.reading import Page

pytestmark = pytest.mark.django_db
QUEUE = reverse("admin:members_member_changelist")
FIND = reverse("admin:members_member_find")
BY_NAME = reverse("admin:members_member_find_by_name")


@pytest.fixture
def rosalind():
    """One of several members, with a letter in her number."""
    cast.waiting(email="another@mailbox.example")
    cast.ask(cast.without_email())
    member = cast.waiting()
    Member.objects.filter(pk=member.pk).update(number="4F2A91")
    member.refresh_from_db()
    return member


def found(term):
    return list(find(Member.objects.all(), term))


@pytest.mark.parametrize(
    "term",
    [
        cast.ADDRESS,
        " Rosalind@MAILBOX.example ",
        "ｒosalind@mailbox.example",
        "\u200brosalind@mailbox.example.",
        "Rosalind <mailto:rosalind@mailbox.example>",
        "rosalind＠mailbox.example",
    ],
)
def test_the_whole_address_finds_its_owner_in_any_spelling(rosalind, term):
    assert found(term) == [rosalind]


@pytest.mark.parametrize(
    "term", ["4F2A91", "4f2a91", "No. 4F2A91", "no 4f2a91", "No.4F2A91", "\ufeff4F2A91", "４F2A91"]
)
def test_the_number_finds_them_with_or_without_its_prefix(rosalind, term):
    assert found(term) == [rosalind]


def test_the_status_code_finds_them_in_any_spelling(rosalind):
    code = code_of_form(rosalind.form_token)
    assert [found(term) for term in (code, code.lower(), code.replace("-", " "))] == [[rosalind]] * 3


@pytest.mark.parametrize(
    "term",
    ["", "  ", "@", "rosalind", "rosalind@", "@mailbox.example", "mailbox.example", "osalind@mailbox.example", "%",
     cast.NAME, "Rosalind", "Ontario", "CA-ON", "heron", "4F2A9", "F2A91", "4F2A910", "No.", "waiting", "\0"],
)  # fmt: skip
def test_nothing_else_finds_anyone(rosalind, term):
    assert found(term) == []


@pytest.mark.parametrize("term", [cast.ADDRESS, "No. 4F2A91", "4FK-9QX-2TM-7WP"])
def test_it_takes_one_query_that_contains_no_address(rosalind, term, django_assert_num_queries):
    with django_assert_num_queries(1) as asked:
        found(term)
    assert [word for word in ("rosalind", "LIKE") if word in asked[0]["sql"]] == []


class TestInTheAdmin:
    @pytest.fixture(autouse=True)
    def ada(self, client):
        return make.signed_in_staff(client, "ada")

    def ask(self, client, term, reason="they called"):
        return client.post(FIND, {"term": term, "reason": reason})

    def rows(self):
        rows = AccessLog.objects.order_by("pk")
        return [(row.action, row.object_id, row.field_names, row.reason, row.budget) for row in rows]

    def test_an_address_is_searched_among_all_members_and_logged(self, client, rosalind):
        cast.put(rosalind, "left")
        page = self.ask(client, cast.ADDRESS).content.decode()
        assert (f"No. {rosalind.number}" in page, cast.NAME in page) == (True, False)
        assert self.rows() == [("searched", rosalind.number, "email_index code_hash", "they called", "lists")]

    def test_an_unknown_address_is_logged_and_counted_too(self, client, rosalind, settings):
        settings.OPENINGS_AN_HOUR = 1
        assert "No one was found." in self.ask(client, "stranger@mailbox.example").content.decode()
        assert self.rows() == [("searched", "", "email_index code_hash", "they called", "lists")]
        stopped = self.ask(client, cast.ADDRESS)
        assert (stopped.status_code, rosalind.number in stopped.content.decode()) == (403, False)

    def test_it_asks_for_a_reason_before_the_search(self, client, rosalind):
        page = client.post(FIND, {"term": cast.ADDRESS}).content.decode()
        assert ("Why are you looking for them?" in page, f"No. {rosalind.number}</a>" in page, self.rows()) == (
            True,
            False,
            [],
        )

    def test_no_url_contains_an_address_or_a_code(self, client, rosalind):
        for term in (cast.ADDRESS, code_of_form(rosalind.form_token)):
            assert client.get(QUEUE, {"q": term}).context["cl"].result_count == 0
        box = client.get(QUEUE).content.decode()
        assert f'method="post" action="{FIND}"' in box

    @pytest.mark.parametrize("term", ["4F2A91", "no. 4f2a91"])
    def test_a_number_leads_to_the_record_which_asks_why(self, client, rosalind, term):
        page = client.post(FIND, {"term": term}, follow=True)
        assert page.redirect_chain == [(reverse("admin:members_member_change", args=[rosalind.pk]), 302)]
        said = page.content.decode()
        assert ("Why are you opening this record?" in said, cast.NAME in said, self.rows()) == (True, False, [])

    def test_an_unknown_number_is_said_to_be_unknown(self, client, rosalind):
        assert "No one has this number." in client.post(FIND, {"term": "ABCDEF"}).content.decode()

    @pytest.mark.parametrize("term", ["Rosalind", "Abe", "Zéphyrine O’Neil"])
    def test_a_name_leads_to_the_search_by_name_and_finds_no_one_yet(self, client, rosalind, term):
        page = client.post(FIND, {"term": term, "reason": "they called"})
        [form] = [form for form in Page(page.content.decode()).all(tag="form") if form.get("action") == BY_NAME]
        assert (form["method"], page.context["form"]["name"].value(), self.rows()) == ("post", term, [])

    def test_users_who_may_not_see_members_find_none(self, rosalind):
        client = Client()
        make.signed_in_staff(client, "grace", superuser=False)
        assert self.ask(client, cast.ADDRESS).status_code == 403

    def test_without_a_term_it_shows_the_queue(self, client, rosalind):
        assert client.get(QUEUE, {"q": ""}).context["cl"].result_count == Member.objects.waiting().count() == 3

    def test_a_term_without_results_shows_no_one(self, client, rosalind):
        assert client.get(QUEUE, {"q": "rosalind"}).context["cl"].result_count == 0

    def test_the_search_box_says_what_can_be_typed(self, client, rosalind):
        assert "A full email address, a number (No. 4F2A91), a status code" in client.get(QUEUE).content.decode()
