"""The public pages of meetings: what they show, and what they must never show."""

import pytest
from django.urls import reverse

from chapters.meetings.services import set_link
from chapters.models import Meeting
from tests.chapters.meetings.meetings import (
    LINK,
    chapter,
    local,
    make_meeting,
    make_meetings,
    meeting_of_a_series,
    series,
)
from tests.query_counts import for_one_and_thirty
from tests.reading import Page, words

pytestmark = pytest.mark.django_db


def page_of(client, address):
    return Page(client.get(address).content.decode())


def titles(page):
    return [words(e) for e in page.all(tag="h3")]


def meeting_page(client, meeting):
    return page_of(client, reverse("meeting", args=[meeting.pk]))


# --- the list


def test_the_list_has_upcoming_meetings_for_everyone(client):
    make_meeting(48, title="Letters together")
    make_meeting(24, title="Reading a bill", is_canceled=True)
    make_meeting(24, title="The egret waits at the ferry", audience="members")
    make_meeting(24, title="For representatives", audience="representatives")
    make_meeting(24, title="Not out yet", is_published=False)
    make_meeting(-24, title="Over")
    assert titles(page_of(client, "/meetings/")) == ["Reading a bill", "Letters together"]


def test_the_list_marks_canceled_meetings(client):
    make_meeting(is_canceled=True)
    make_meeting()
    page = page_of(client, "/meetings/")
    assert len(page.all(tag="strong", class_="meeting__off")) == 1


def test_the_list_filters_by_kind_and_chapter(client):
    make_meeting(1, title="A skill share", kind="skill_share")
    make_meeting(2, title="At the river", chapter=chapter())
    make_meeting(3, title="At the river, skill share", chapter=chapter("Lakeside"), kind="skill_share")
    assert titles(page_of(client, "/meetings/?kind=skill_share")) == ["A skill share", "At the river, skill share"]
    assert titles(page_of(client, "/meetings/?chapter=riverside")) == ["At the river"]
    assert titles(page_of(client, "/meetings/?chapter=lakeside&kind=gathering")) == []


@pytest.mark.parametrize("query", ["kind=nothing", "chapter=nowhere", "page=x", "page=-1", "when=never"])
def test_invalid_filters_are_ignored(client, query):
    make_meeting(title="Letters together")
    assert titles(page_of(client, f"/meetings/?{query}")) == ["Letters together"]


def test_the_list_shows_six_entries_then_more_and_keeps_the_filter(client):
    make_meetings(31, kind="skill_share")
    first = page_of(client, "/meetings/?kind=skill_share")
    (more,) = [e for e in first.all(tag="a") if words(e) == "Show more meetings"]
    assert (len(titles(first)), more["href"]) == (6, "?kind=skill_share&page=2#more")
    second = page_of(client, "/meetings/?kind=skill_share&page=2")
    assert (len(titles(second)), [e["tag"] for e in second.all(id="more")]) == (30, ["li"])
    assert len(titles(page_of(client, "/meetings/?kind=skill_share&page=3"))) == 31
    assert "Show more" not in client.get("/meetings/?kind=skill_share&page=3").text


@pytest.mark.parametrize("number", ["0", "100000", "99999999999999999999999999"])
def test_any_page_number_is_answered(client, number):
    make_meeting(title="Letters together")
    assert titles(page_of(client, f"/meetings/?page={number}")) == ["Letters together"]


def test_past_meetings_are_paginated_and_keep_the_filter(client):
    for number in range(25):
        make_meeting(-24 * (number + 1), kind="skill_share")
    first = page_of(client, "/meetings/?when=past&kind=skill_share")
    assert first.one(rel="next")["href"] == "?kind=skill_share&when=past&page=2"
    second = page_of(client, "/meetings/?kind=skill_share&when=past&page=2")
    pages = [client.get(f"/meetings/?when=past&page={number}").text for number in (1, 2)]
    assert [page.count("Planning around") for page in pages] == [20, 5]
    assert len(second.all(rel="prev")) == 1


def test_past_meetings_are_a_plain_list_with_their_notes(client):
    noted, plain = make_meeting(-48, notes="We wrote three letters."), make_meeting(-24)
    make_meeting(-24, is_canceled=True)
    make_meeting(-24, audience="members")
    page = page_of(client, "/meetings/?when=past")
    links = [e["href"] for e in page.all(tag="a") if e["href"].startswith("/meetings/") and "-" in e["href"]]
    assert links == [f"/meetings/{plain.pk}/", f"/meetings/{noted.pk}/", f"/meetings/{noted.pk}/#notes"]


@pytest.mark.parametrize(
    ("query", "said", "to"),
    [
        ("", "No meetings are scheduled right now. Members also see their meetings on the page “Your information.”",
         "/join/"),
        ("?when=past", "There are no past meetings yet.", "/meetings/"),
        ("?kind=gathering", "No meetings match right now.", "/meetings/"),
    ],
    ids=["to come", "past", "of a kind"],
)  # fmt: skip
def test_an_empty_list_is_one_box_with_what_to_do(client, query, said, to):
    html = client.get(f"/meetings/{query}").content.decode()
    (box,) = Page(html).all(class_="notice")
    assert words(box).startswith(said)
    assert f'<a href="{to}">' in html[html.index('class="notice"') : html.index("</div>", html.index('class="notice"'))]


@pytest.mark.parametrize(
    ("query", "filters"), [("", 0), ("?when=past", 0), ("?kind=gathering", 1), ("?when=past&kind=gathering", 1)]
)
def test_an_empty_list_has_no_calendar_and_no_filter_unless_one_is_set(client, query, filters):
    page = page_of(client, f"/meetings/{query}")
    links = [e["href"] for e in page.all(tag="a")]
    assert (len(page.all(class_="find")), [link for link in links if link.endswith(".ics")]) == (filters, [])


def test_without_upcoming_meetings_the_list_still_links_to_past_ones(client):
    assert "/meetings/?when=past" not in [e["href"] for e in page_of(client, "/meetings/").all(tag="a")]
    make_meeting(-24)
    assert "/meetings/?when=past" in [e["href"] for e in page_of(client, "/meetings/").all(tag="a")]


@pytest.mark.parametrize(
    ("address", "hours", "shown"),
    [("/meetings/", 24, 6), ("/meetings/?page=2", 24, 30), ("/meetings/?when=past", -300, 20)],
)
def test_the_list_takes_as_many_queries_for_thirty_as_for_one(client, address, hours, shown):
    one, thirty = for_one_and_thirty(
        lambda number: meeting_of_a_series(number, hours=hours), lambda: client.get(address)
    )
    assert (one, client.get(address).content.decode().count("· Circle ")) == (thirty, shown)


# --- one meeting


def test_the_page_shows_the_local_time_with_its_zone(client):
    page = meeting_page(
        client, make_meeting(starts_at=local("America/St_Johns", 2027, 7, 6, 19, 30), zone="America/St_Johns")
    )
    time = page.one(tag="time")
    assert (words(time), time["datetime"]) == ("Tuesday, July 6, 2027 at 7:30 p.m.", "2027-07-06T22:00:00Z")
    (zone,) = page.all(class_="when__zone")
    assert words(zone) == "to 9:00 p.m. Newfoundland Time"


def test_only_our_script_adds_the_readers_own_time(client):
    page = meeting_page(client, make_meeting(starts_at=local("America/Toronto", 2027, 7, 6, 19)))
    assert [e["src"] for e in page.all(tag="script")] == ["/static/js/exit.js", "/static/js/own-time.js"]
    assert page.one(tag="time")["data-offset"] == "-240"


def test_the_page_lists_access_information_and_a_contact(client):
    said = {"captions": True, "breaks": True, "sign_language": "LSQ", "content_notes": "We speak of courts."}
    text = client.get(reverse("meeting", args=[make_meeting(**said).pk])).content.decode()
    wanted = ["live captions", "breaks", "Sign language: LSQ", "camera can stay off", "need to speak", "of courts"]
    assert [words for words in wanted if words not in text] == []


def test_the_page_promises_no_access_that_is_not_provided(client):
    bare = make_meeting(camera_optional=False, speaking_optional=False)
    text = client.get(reverse("meeting", args=[bare.pk])).content.decode()
    promised = ["captions", "breaks", "Sign language", "camera", "speak", "Content notes"]
    assert [words for words in promised if words in text] == []


@pytest.mark.parametrize("hidden", [{"audience": "members"}, {"audience": "representatives"}, {"is_published": False}])
def test_meetings_that_are_not_for_everyone_have_no_page(client, hidden):
    meeting = make_meeting(**hidden)
    assert client.get(f"/meetings/{meeting.pk}/").status_code == 404


def test_the_meeting_link_is_on_no_public_page_and_in_no_structured_data(client):
    made = series(words="We write together.")
    meeting = made.meetings.order_by("starts_at").first()
    set_link(Meeting.objects.filter(pk=meeting.pk), f"{LINK}-tonight")
    assert Meeting.objects.get(pk=meeting.pk).way_in == f"{LINK}-tonight"
    for address in ("/meetings/", f"/meetings/{meeting.pk}/", f"/meetings/{meeting.pk}.ics", "/fr/meetings/"):
        assert "rooms.example" not in client.get(address).content.decode()


def test_a_canceled_meeting_keeps_its_page_and_marks_its_structured_data(client):
    page = meeting_page(client, make_meeting(is_canceled=True))
    assert "This meeting is canceled." in [words(e) for e in page.all(tag="strong")]
    assert page.one(tag="link", itemprop="eventStatus")["href"] == "https://schema.org/EventCancelled"
    assert "Ways to take part" not in [words(e) for e in page.all(tag="h2")]


def test_notes_are_on_the_page_of_their_meeting(client):
    page = meeting_page(client, make_meeting(-48, notes="We wrote **three** letters.\n\n<script>alert(1)</script>"))
    notes = page.one(id="notes")
    assert "We wrote three letters." in words(notes)
    assert [e["src"] for e in page.all(tag="script")] == ["/static/js/exit.js", "/static/js/own-time.js"]


def test_the_page_offers_a_calendar_file_and_says_who_can_see_it(client):
    meeting = make_meeting()
    page = meeting_page(client, meeting)
    assert f"/meetings/{meeting.pk}.ics" in [e["href"] for e in page.all(tag="a")]
    assert "Anyone who sees your calendar sees them, too." in " ".join(words(e) for e in page.all(tag="p"))


@pytest.mark.parametrize("address", ["/meetings/", "/meetings/?when=past"])
def test_the_lists_set_no_cookie(client, address):
    make_meeting()
    assert dict(client.get(address).cookies) == {}


def test_a_meeting_page_sets_no_cookie_and_may_be_cached(client):
    response = client.get(reverse("meeting", args=[make_meeting().pk]))
    assert (dict(response.cookies), response.headers["Cache-Control"]) == ({}, "no-cache")


@pytest.mark.parametrize(("address", "zone"), [("/fr/meetings/", "heure"), ("/es/meetings/", "hora")])
def test_zone_names_are_in_the_language_of_the_page(client, address, zone):
    make_meeting()
    (said,) = page_of(client, address).all(class_="when__zone")
    assert zone in words(said)
