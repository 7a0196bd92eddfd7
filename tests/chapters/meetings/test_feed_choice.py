"""The list of meetings offers the calendar of what it shows, with what each calendar app needs."""

import pytest
from django.http import QueryDict
from django.urls import reverse

from chapters.meetings.feed_choice import feed_for
from chapters.meetings.filter_form import FindMeetingsForm
from tests.chapters.meetings.meetings import chapter, make_meeting, series
from tests.reading import Page

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "path", "words"),
    [
        ("", "/meetings.ics", "Calendar of all meetings open to everyone"),
        ("kind=skill_share", "/meetings/kind/skill_share.ics", "Calendar of these meetings: Skill share"),
        ("chapter=riverside", "/chapters/riverside/meetings.ics", "Calendar of these meetings: Riverside"),
        ("place=CA-ON", "/meetings/place/CA-ON.ics", "Calendar of these meetings: Ontario, Canada"),
        # No feed has two filters, or a search for words.
        ("kind=skill_share&place=CA-ON", "/meetings.ics", "Calendar of all meetings open to everyone"),
        ("topic=bill", "/meetings.ics", "Calendar of all meetings open to everyone"),
    ],
)
def test_one_filter_leads_to_its_feed(query, path, words):
    chapter()
    found = feed_for(FindMeetingsForm(QueryDict(query)))
    assert (found.path, found.words) == (path, words)


def test_the_list_has_the_feed_that_fits_its_filter(client):
    make_meeting(kind="skill_share")
    found = client.get(reverse("meetings"), {"kind": "skill_share"}).content.decode()
    assert found.count('href="/meetings/kind/skill_share.ics"') == 2  # in the head, and for readers


def addresses(response):
    """Return the links that open a calendar app, and the addresses to copy."""
    page = Page(response.content.decode())
    opened = [one["href"] for one in page.all(tag="a") if one["href"].startswith("webcal:")]
    return opened, [one["text"] for one in page.all(tag="code")]


@pytest.mark.parametrize("place", ["list", "series", "chapter"])
def test_a_page_has_a_link_for_the_calendar_app_and_the_address_to_copy(client, settings, place):
    settings.SITE_URL = "https://site.example"
    riverside = chapter()
    made = series(chapter=riverside)
    page, path = {
        "list": (reverse("meetings"), "/meetings.ics"),
        "series": (reverse("meeting_series", args=[made.pk]), f"/meetings/series/{made.pk}.ics"),
        "chapter": (reverse("chapter", args=["riverside"]), "/chapters/riverside/meetings.ics"),
    }[place]
    found = addresses(client.get(page))
    assert found == ([f"webcal://site.example{path}"], [f"https://site.example{path}"])
