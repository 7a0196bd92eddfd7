"""The home page: the way to join, the next meeting, and three quiet entries."""

import pytest

from tests.chapters import cast
from tests.chapters.meetings.meetings import make_meeting
from tests.reading import Page, words

pytestmark = pytest.mark.django_db


def page_of(client, address="/"):
    return Page(client.get(address).content.decode())


def next_meeting(client, address="/"):
    return words(page_of(client, address).one(class_="hero__meeting entry"))


def test_without_a_meeting_home_says_that_none_is_scheduled(client):
    assert next_meeting(client) == "Next meeting No meetings are scheduled right now."


def test_home_names_the_next_meeting_for_everyone_that_takes_place(client):
    make_meeting(-24, title="Over")
    make_meeting(1, title="Canceled", is_canceled=True)
    make_meeting(2, title="For members", audience="members")
    make_meeting(3, title="For representatives", audience="representatives")
    make_meeting(4, title="Not out yet", is_published=False)
    meeting = make_meeting(5, title="Planning around a new bill")
    make_meeting(6, title="Later")
    assert next_meeting(client) == f"Next meeting Planning around a new bill {meeting.when}"
    assert page_of(client).one(href=f"/meetings/{meeting.pk}/")["tag"] == "a"


def test_a_meeting_that_has_begun_is_happening_now(client):
    meeting = make_meeting(-1, minutes=90)
    make_meeting(5, title="Later")
    assert next_meeting(client) == f"Happening now Planning around a new bill {meeting.when}"


@pytest.mark.parametrize("address", ["/", "/fr/", "/es/"])
def test_the_representative_search_goes_to_the_directory_by_get(client, address):
    cast.representative()
    page = page_of(client, address)
    form, box = page.one(class_="find-yours"), page.one(id="find-place")
    assert (form["method"], form["action"]) == ("get", f"{address}representatives/")
    assert (box["name"], page.one(for_="find-place")["tag"]) == ("place", "label")
    assert client.get(form["action"], {box["name"]: "CA-ON"}).status_code == 200


def test_without_representatives_home_invites_readers_to_become_one(client):
    page = page_of(client)
    assert page.all(tag="form") == []
    assert words(page.one(class_="hero__entries")).startswith(
        "Find your representative No representatives are listed yet. Become a representative"
    )


def test_the_third_entry_leads_to_what_restorative_justice_is(client):
    html = client.get("/").content.decode()
    entries = html[html.index('class="hero__entries"') : html.index('class="content-note')]
    assert 'href="/justice/"' in entries


def test_home_takes_one_query_for_the_meeting_and_one_for_representatives(client, settings, django_assert_num_queries):
    cast.representative(), make_meeting(5, chapter=cast.chapter())
    client.get("/")
    settings.CACHE_VERSION_SECONDS = 3600
    with django_assert_num_queries(2):
        client.get("/")
