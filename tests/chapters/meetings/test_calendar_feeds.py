"""Calendar feeds: what they contain, what they leave out, and their headers."""

import pytest

from chapters.meetings.services import cancel_meeting
from chapters.models import Meeting
from tests.chapters.meetings.meetings import chapter, make_meeting, meeting_of_a_series

pytestmark = pytest.mark.django_db


def uids(response):
    found = response.content.decode().replace("\r\n ", "").split("\r\n")
    return {line.removeprefix("UID:") for line in found if line.startswith("UID:")}


def names(*meetings):
    return {str(meeting.pk) for meeting in meetings}


@pytest.fixture
def hidden():
    """Meetings that no feed contains: not for everyone, not published, or over for long."""
    return [
        make_meeting(audience="members", title="The egret waits at the ferry"),
        make_meeting(audience="representatives"),
        make_meeting(is_published=False),
        make_meeting(-24 * 40),
    ]


def test_the_feed_of_all_meetings_has_only_those_for_everyone(client, hidden):
    shown = [make_meeting(), make_meeting(72, chapter=chapter()), make_meeting(24, is_canceled=True), make_meeting(-24)]
    response = client.get("/meetings.ics")
    assert uids(response) == names(*shown)
    assert "egret" not in response.content.decode()


def test_the_feed_of_a_chapter_has_only_its_meetings(client, hidden):
    riverside, lakeside = chapter(), chapter("Lakeside")
    mine = make_meeting(chapter=riverside)
    make_meeting(chapter=lakeside)
    make_meeting(chapter=riverside, audience="members")
    assert uids(client.get("/chapters/riverside/meetings.ics")) == names(mine)


def test_only_an_open_chapter_has_a_feed(client):
    chapter("Asked", status="asked")
    assert client.get("/chapters/asked/meetings.ics").status_code == 404
    assert client.get("/chapters/nowhere/meetings.ics").status_code == 404


def test_a_meeting_for_everyone_has_its_own_file(client, hidden):
    one = make_meeting()
    assert uids(client.get(f"/meetings/{one.pk}.ics")) == names(one)
    assert [client.get(f"/meetings/{other.pk}.ics").status_code for other in hidden[:3]] == [404, 404, 404]


def test_a_feed_sets_no_cookie_and_may_be_cached_for_15_minutes(client):
    make_meeting()
    response = client.get("/meetings.ics")
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=900"
    assert dict(response.cookies) == {}


def test_a_matching_etag_gets_304_until_something_changes(client):
    one = make_meeting()
    tag = client.get("/meetings.ics").headers["ETag"]
    assert client.get("/meetings.ics", headers={"If-None-Match": tag}).status_code == 304
    cancel_meeting(Meeting.objects.filter(pk=one.pk))
    assert client.get("/meetings.ics", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("count", [1, 30])
def test_a_feed_takes_one_query(client, django_assert_num_queries, count):
    shown = [meeting_of_a_series(number) for number in range(count)]
    with django_assert_num_queries(1):
        response = client.get("/meetings.ics")
    assert uids(response) == names(*shown)


@pytest.mark.parametrize("count", [1, 30])
def test_the_feed_of_a_chapter_takes_one_query_more(client, django_assert_num_queries, count):
    riverside = chapter()
    shown = [meeting_of_a_series(number, chapter=riverside) for number in range(count)]
    with django_assert_num_queries(2):
        response = client.get("/chapters/riverside/meetings.ics")
    assert uids(response) == names(*shown)


def test_feeds_accept_only_get_and_head(client):
    assert client.post("/meetings.ics").status_code == 405


def test_feed_urls_have_no_language_prefix(client):
    assert client.get("/fr/meetings.ics").status_code == 404


@pytest.mark.parametrize("mark", ["\n", "\r\n ", "\u2028", "\u0085"])
def test_a_line_break_in_a_name_does_not_break_the_calendar(client, mark):
    lakeside = chapter(f"Lakeside{mark}circle", slug="lakeside")
    answer = client.get(f"/chapters/{lakeside.slug}/meetings.ics")
    assert (answer.status_code, b"X-WR-CALNAME:Lakeside circle\r\n" in answer.content) == (200, True)
