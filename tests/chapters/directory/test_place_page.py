"""The page of a place: its representatives, its chapters, its next public meetings, and what can start there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chapters.directory.place_page import CHAPTERS, NEXT_MEETINGS
from tests.chapters import cast
from tests.chapters.meetings.meetings import make_meeting, meeting_of_a_series, series
from tests.query_counts import for_one_and_thirty, queries_of
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
ADDRESS = "/representatives/?place=CA-ON"


def page_of(client, address=ADDRESS):
    return Page(client.get(address).content.decode())


def links(page, start):
    return [(e["href"], words(e)) for e in page.all(tag="a") if e["href"].startswith(start)]


def test_the_page_shows_the_chapters_of_the_place(client):
    cast.chapter(area="Toronto")
    cast.chapter(slug="hilltop", name="Hilltop", status="resting")
    cast.chapter(slug="asked", name="Asked for", status="asked")
    cast.chapter(slug="far", name="Far away", region="CA-AB")
    there = [("/chapters/hilltop/", "Hilltop"), ("/chapters/lakeside/", "Lakeside circle")]
    shown = [link for link in links(page_of(client), "/chapters/") if link[1] != "Start a chapter"]
    assert [link for link in shown if link[1] != "Chapters"] == there
    country = page_of(client, "/representatives/?place=CA")
    assert ("/chapters/far/", "Far away") in links(country, "/chapters/")


def test_a_place_with_many_chapters_leads_to_the_page_of_all(client):
    for number in range(CHAPTERS + 1):
        cast.one_of_many_chapters(number, country="CA", region="CA-ON")
    page = page_of(client)
    assert len(page.all(class_="chapters__one")) == CHAPTERS
    assert ("/chapters/", "All chapters") in links(page, "/chapters/")


def test_the_page_shows_the_next_public_meetings_one_for_each_series(client):
    weekly = series(
        repeats="weekly", title="Quiet hour", begins_on=timezone.now().date() + timedelta(days=2), region="CA-ON"
    )
    make_meeting(24, title="In the chapter", chapter=cast.chapter())
    make_meeting(5, title="Elsewhere", region="CA-AB")
    make_meeting(5, title="Members", region="CA-ON", audience="members")
    make_meeting(5, title="Not public yet", region="CA-ON", is_published=False)
    page = page_of(client)
    headings = [words(e) for e in page.all(tag="h3")]
    assert headings[:2] == ["In the chapter", "Quiet hour"]
    assert (f"/meetings/{weekly.meetings.upcoming().first().pk}/", "Quiet hour") in links(page, "/meetings/")
    html = client.get(ADDRESS).content.decode()
    assert [title for title in ("Elsewhere", "Members", "Not public") if title in html.split("<main")[1]] == []


def test_more_meetings_are_behind_a_link_to_those_of_the_place(client):
    for number in range(NEXT_MEETINGS + 1):
        make_meeting(24 + number, region="CA-ON", title=f"Meeting {number}")
    page = page_of(client)
    assert len(page.all(class_="meeting")) == NEXT_MEETINGS
    assert ("/meetings/?place=CA-ON", "All meetings for Ontario") in links(page, "/meetings/")


def test_the_address_of_a_meeting_is_not_on_the_page(client):
    made = series(
        repeats="once", region="CA-ON", format="in_person", city="Toronto", venue="12 Heron Street, back door"
    )
    made.meetings.update(venue="12 Heron Street, back door")
    html = client.get(ADDRESS).content.decode()
    assert ("Heron" in html, "rooms.example" in html, "Writing to a legislator" in html) == (False, False, True)


def test_a_place_without_anyone_has_the_page_and_says_what_to_do(client):
    page = page_of(client)
    assert [words(e) for e in page.all(tag="h2") if e.get("id", "").startswith("place-")] == [
        "Next meetings",
        "Chapters",
        "Is this your place?",
    ]
    assert links(page, "/representatives/would-you/") == [
        ("/representatives/would-you/?place=CA-ON", "Become a representative")
    ]
    assert ("/chapters/start/?place=CA-ON", "Start a chapter") in links(page, "/chapters/start/")
    assert links(page, "/my-details/change/") == [("/my-details/change/place/", "Tell me when something starts here")]


@pytest.mark.parametrize("form", ["/representatives/would-you/", "/chapters/start/"])
def test_the_forms_of_a_place_have_it_filled_in(client, form):
    cast.representative()
    [address] = {href for href, _name in links(page_of(client), form)}
    assert page_of(client, address).one(id="id_place")["value"] == "Ontario, Canada"


def test_a_search_in_a_place_shows_only_profiles(client):
    cast.chapter()
    assert "Lakeside" not in client.get(f"{ADDRESS}&q=quilts").content.decode()


def test_the_page_is_not_indexed_and_sets_no_cookie(client):
    make_meeting(region="CA-ON")
    answer = client.get(ADDRESS)
    assert (answer.headers["X-Robots-Tag"], dict(answer.cookies)) == ("noindex, noimageindex", {})


def test_the_page_takes_as_many_queries_for_thirty_chapters_and_meetings_as_for_one(client, settings):
    client.get(ADDRESS)
    settings.CACHE_VERSION_SECONDS = 3600

    def create(number):
        circle = cast.chapter(slug=f"circle-{number}", name=f"Circle {number}")
        meeting_of_a_series(number, chapter=circle)
        cast.of_chapter(circle, f"bram{number}")

    one, thirty = for_one_and_thirty(create, lambda: client.get(ADDRESS))
    assert (one, queries_of(lambda: client.get(ADDRESS))) == (thirty, one)
