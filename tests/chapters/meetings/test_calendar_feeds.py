"""The addresses of calendars: what is in them, what is not, and what they leave in a browser."""

import pytest

from chapters.meetings.services import cancel_meeting
from chapters.models import Meeting
from tests.chapters.meetings.meetings import chapter, make_meeting, make_meetings

pytestmark = pytest.mark.django_db


def uids(response):
    found = response.content.decode().replace("\r\n ", "").split("\r\n")
    return {line.removeprefix("UID:") for line in found if line.startswith("UID:")}


def names(*meetings):
    return {str(meeting.pk) for meeting in meetings}


@pytest.fixture
def hidden():
    """What no feed may have: not for everybody, not published, or over for long."""
    return [
        make_meeting(audience="members", title="The egret waits at the ferry"),
        make_meeting(audience="representatives"),
        make_meeting(is_published=False),
        make_meeting(-24 * 40),
    ]


def test_the_feed_of_all_meetings_has_those_for_everybody_and_no_others(client, hidden):
    shown = [make_meeting(), make_meeting(72, chapter=chapter()), make_meeting(24, is_canceled=True), make_meeting(-24)]
    response = client.get("/meetings.ics")
    assert uids(response) == names(*shown)
    assert "egret" not in response.content.decode()


def test_the_feed_of_a_chapter_has_its_own(client, hidden):
    riverside, lakeside = chapter(), chapter("Lakeside")
    mine = make_meeting(chapter=riverside)
    make_meeting(chapter=lakeside)
    make_meeting(chapter=riverside, audience="members")
    assert uids(client.get("/chapters/riverside/meetings.ics")) == names(mine)


def test_only_an_open_chapter_has_a_feed(client):
    chapter("Asked", status="asked")
    assert client.get("/chapters/asked/meetings.ics").status_code == 404
    assert client.get("/chapters/nowhere/meetings.ics").status_code == 404


def test_a_meeting_for_everybody_has_a_file_of_its_own(client, hidden):
    one = make_meeting()
    assert uids(client.get(f"/meetings/{one.pk}.ics")) == names(one)
    assert [client.get(f"/meetings/{other.pk}.ics").status_code for other in hidden[:3]] == [404, 404, 404]


def test_a_feed_is_a_calendar_that_sets_no_cookie_and_may_be_kept_for_a_quarter_of_an_hour(client):
    make_meeting()
    response = client.get("/meetings.ics")
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=900"
    assert dict(response.cookies) == {}


def test_who_has_the_feed_already_is_told_so_until_something_changes(client):
    one = make_meeting()
    tag = client.get("/meetings.ics").headers["ETag"]
    assert client.get("/meetings.ics", headers={"If-None-Match": tag}).status_code == 304
    cancel_meeting(Meeting.objects.filter(pk=one.pk))
    assert client.get("/meetings.ics", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("count", [1, 30])
def test_a_feed_is_one_query(client, django_assert_num_queries, count):
    make_meetings(count)
    with django_assert_num_queries(1):
        client.get("/meetings.ics")


def test_feeds_are_only_read(client):
    assert client.post("/meetings.ics").status_code == 405


def test_its_address_has_no_language(client):
    assert client.get("/fr/meetings.ics").status_code == 404


@pytest.mark.parametrize("mark", ["\n", "\r\n ", "\u2028", "\u0085"])
def test_a_name_on_two_lines_is_one_line_of_the_calendar(client, mark):
    lakeside = chapter(f"Lakeside{mark}circle", slug="lakeside")
    answer = client.get(f"/chapters/{lakeside.slug}/meetings.ics")
    assert (answer.status_code, b"X-WR-CALNAME:Lakeside circle\r\n" in answer.content) == (200, True)
