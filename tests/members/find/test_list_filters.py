"""The filters of the People list: codes in the URL, no counts, no encrypted column, and no query for each row."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from members.find.filters import MONTHS_LISTED, month_choices
from tests import cast, make
from tests.chapters.cast import one_of_many_chapters
from tests.query_counts import for_one_and_thirty
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
LIST = reverse("admin:members_member_changelist")
#: The last day of last month.
LAST_DAY = timezone.now().date().replace(day=1) - timedelta(days=1)
LAST_MONTH, MONTH_BEFORE = f"{LAST_DAY:%Y-%m}", f"{LAST_DAY.replace(day=1) - timedelta(days=1):%Y-%m}"
THIS_MONTH = f"{LAST_DAY + timedelta(days=1):%Y-%m}"


@pytest.fixture(autouse=True)
def ada(client):
    return make.signed_in_staff(client, "ada")


@pytest.fixture
def people():
    """Two who wait: one in Ontario, one in Quebec who differs in everything that can be filtered."""
    here, there = cast.waiting(), cast.waiting(email="other@mailbox.example")
    there.row.update(
        region="CA-QC", chapter=one_of_many_chapters(1), language="fr-ca", received_on=LAST_DAY,
        flag_reason="honeypot",
    )  # fmt: skip
    there.refresh_from_db()
    return here, there


def listed(client, **filters):
    return list(client.get(LIST, filters).context["cl"].result_list)


@pytest.mark.parametrize(
    ("name", "value"),
    [("place", "CA-QC"), ("language", "fr-ca"), ("month", LAST_MONTH), ("flagged", "1"), ("chapter", None)],
)
def test_each_filter_narrows_the_list(client, people, name, value):
    assert listed(client, **{name: value or people[1].chapter_id}) == [people[1]]


def test_a_country_includes_its_states_and_provinces(client, people):
    assert len(listed(client, place="CA")) == 2


@pytest.mark.parametrize(("month", "count"), [(MONTH_BEFORE, 0), (LAST_MONTH, 1), (THIS_MONTH, 1), ("earlier", 0)])
def test_a_month_ends_with_its_last_day(client, people, month, count):
    people[0].row.update(received_on=LAST_DAY + timedelta(days=1))
    assert len(listed(client, month=month)) == count


def test_whoever_applied_before_the_listed_months_is_found_as_earlier(client, people):
    people[0].row.update(received_on=date(2001, 1, 1))
    assert listed(client, month="earlier") == [people[0]]


def test_blank_filters_are_no_filters(client, people):
    assert len(listed(client, place="", chapter="", language="", month="", flagged="", status="")) == 2


def test_the_status_opens_on_waiting_and_can_be_everyone(client, people):
    cast.put(people[0], "approved")
    assert (listed(client), len(listed(client, status="all")), listed(client, status="approved")) == (
        [people[1]], 2, [people[0]],
    )  # fmt: skip


@pytest.mark.parametrize("name", ["status", "place", "chapter", "language", "month"])
def test_an_unknown_value_leads_back_to_the_list(client, people, name):
    assert client.get(LIST, {name: "nothing of that"}).url == f"{LIST}?e=1"


@pytest.mark.parametrize("name", ["ways_to_help", "name", "email_index", "region", "country", "received_on__gte"])
def test_no_other_column_can_be_asked_for(client, people, name):
    assert client.get(LIST, {name: "media"}).status_code == 400


def test_the_chosen_options_are_shown_and_the_page_needs_no_script(client, people):
    page = Page(client.get(LIST, {"place": "CA-QC", "language": "fr-ca"}).content.decode())
    place, [form] = page.one(id="id_place_typed"), page.all(class_="list-filters")
    assert (form["method"], place["tag"], place["value"]) == ("get", "input", "Quebec, Canada")
    assert [words(one) for one in page.all(tag="option", value="fr-ca", selected=None)] == ["Français"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [("Québec", "CA-QC"), ("CA", "US-CA"), ("Canada", "CA"), ("CA-QC", "CA-QC"), ("Toronto", "CA-ON"), ("", "")],
)
def test_a_typed_place_leads_to_the_list_with_its_code(client, people, typed, code):
    answer = client.get(LIST, {"place_typed": typed, "place": "CA-BC", "status": "all"})
    assert (answer.status_code, dict(QueryDict(answer.url.partition("?")[2]).items())) == (
        302, {"status": "all", "place": code},
    )  # fmt: skip


def test_a_place_with_two_meanings_is_asked_about_and_the_answer_leads_on(client, people):
    page = Page(client.get(LIST, {"place_typed": "Georgia"}).content.decode())
    meant = [each["value"] for each in page.all(tag="input", type="radio", name="place_typed_meant")]
    assert (words(page.one(id="id_place_typed_error")), sorted(meant)) == (
        "“Georgia” is more than one place. Choose the one you mean.", ["GE", "US-GA"],
    )  # fmt: skip
    answer = client.get(LIST, {"place_typed": "Georgia", "place_typed_meant": "US-GA"})
    assert answer.url == f"{LIST}?place=US-GA"


def test_no_option_has_a_count(client, people):
    page = client.get(LIST, {"_facets": "1"}).content.decode()
    assert ("Show counts" in page, "Français (1)" in page) == (False, False)


def test_the_months_are_listed_newest_first_without_a_gap():
    months = [value for value, _label in month_choices()]
    assert (len(months), months[-1], months[:-1]) == (
        MONTHS_LISTED + 1,
        "earlier",
        sorted(set(months[:-1]), reverse=True),
    )


@pytest.mark.parametrize("query", [{}, {"status": "all", "place": "CA"}, {"month": "earlier"}])
def test_a_filtered_list_takes_the_same_queries_for_one_and_for_thirty(client, query):
    one, thirty = for_one_and_thirty(cast.one_of_many, lambda: client.get(LIST, query))
    assert one == thirty
