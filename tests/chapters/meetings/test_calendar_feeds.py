"""Calendar feeds: what they contain, what they leave out, and their headers."""

import gzip
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from django.utils.http import http_date

from chapters.meetings.services import cancel_meeting
from chapters.models import Meeting
from tests.chapters.meetings.meetings import chapter, make_meeting, meeting_of_a_series, series
from tests.make import signed_in_staff

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


@pytest.mark.parametrize("is_signed_in", [False, True], ids=["visitor", "admin"])
def test_every_public_feed_is_the_same_for_everyone_so_a_proxy_may_keep_one_copy(client, is_signed_in):
    meeting = meeting_of_a_series(0, chapter=chapter(), region="")
    addresses = [
        "/meetings.ics", f"/meetings/{meeting.pk}.ics", f"/meetings/series/{meeting.series_id}.ics",
        "/meetings/place/CA-ON.ics", f"/meetings/kind/{meeting.kind}.ics", "/chapters/riverside/meetings.ics",
    ]  # fmt: skip
    if is_signed_in:
        signed_in_staff(client)
    responses = [client.get(address, headers={"Accept-Encoding": "gzip"}) for address in addresses]
    assert [response.status_code for response in responses] == [200] * 6
    assert {response.get("Vary", "") for response in responses} <= {"", "Accept-Encoding"}
    assert {response["Cache-Control"] for response in responses} == {"public, max-age=900"}


def test_only_an_open_chapter_has_a_feed(client):
    chapter("Asked", status="asked")
    assert client.get("/chapters/asked/meetings.ics").status_code == 404
    assert client.get("/chapters/nowhere/meetings.ics").status_code == 404


def test_the_feed_of_a_place_has_its_meetings_and_those_of_chapters_there(client, hidden):
    ontario, toronto = make_meeting(region="CA-ON"), make_meeting(72, chapter=chapter())
    make_meeting(region="CA-QC")
    make_meeting(region="CA-ON", audience="members")
    assert uids(client.get("/meetings/place/CA-ON.ics")) == names(ontario, toronto)


def test_the_feed_of_a_country_has_its_regions(client):
    here = [make_meeting(region="CA"), make_meeting(72, region="CA-QC")]
    make_meeting(region="US-NY")
    assert uids(client.get("/meetings/place/CA.ics")) == names(*here)


def test_the_feed_of_a_place_has_one_address(client):
    response = client.get("/meetings/place/ca-on.ics")
    assert (response.status_code, response["Location"]) == (302, "/meetings/place/CA-ON.ics")


@pytest.mark.parametrize("path", ["place/XX", "place/Ontario", "kind/party", "kind/", "place/"])
def test_there_is_no_feed_of_what_is_not_known(client, path):
    assert client.get(f"/meetings/{path}.ics").status_code == 404


def test_the_feed_of_a_type_has_only_its_meetings(client, hidden):
    one = make_meeting(kind="skill_share")
    make_meeting(72)
    assert uids(client.get("/meetings/kind/skill_share.ics")) == names(one)


def test_the_feed_of_a_series_has_only_its_meetings(client):
    made, other = series(), series(repeats="weekly", weekday=1, week=None)
    found = uids(client.get(f"/meetings/series/{made.pk}.ics"))
    assert found == names(*made.meetings.all())
    assert found & names(*other.meetings.all()) == set()


@pytest.mark.parametrize("changes", [{"audience": "members"}, {"published": False}])
def test_only_a_published_series_for_everyone_has_a_feed(client, changes):
    assert client.get(f"/meetings/series/{series(**changes).pk}.ics").status_code == 404


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/meetings.ics", "Meetings"),
        ("/chapters/riverside/meetings.ics", "Riverside"),
        ("/meetings/place/CA-ON.ics", "Meetings: Ontario"),
        ("/meetings/place/CA.ics", "Meetings: Canada"),
        ("/meetings/kind/skill_share.ics", "Meetings: Skill share"),
    ],
)
def test_a_feed_has_a_name_and_is_valid_without_meetings(client, path, name):
    chapter()
    found = client.get(path).content.decode().split("\r\n")
    assert [f"NAME:{name}", f"X-WR-CALNAME:{name}"] == [line for line in found if "NAME:" in line and name in line]
    assert "BEGIN:VTIMEZONE" in found


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


def test_head_has_the_headers_of_get(client):
    make_meeting()
    wanted = ["ETag", "Last-Modified", "Cache-Control", "Content-Type"]
    got, head = client.get("/meetings.ics"), client.head("/meetings.ics")
    assert [head.get(name, "") for name in wanted] == [got[name] for name in wanted]
    assert head.content == b""
    tag = {"If-None-Match": head["ETag"]}
    assert [ask("/meetings.ics", headers=tag).status_code for ask in (client.head, client.get)] == [304, 304]


def test_last_modified_is_the_last_change_of_a_meeting(client):
    changed_at = timezone.now() + timedelta(seconds=90)
    make_meeting(changed_at=timezone.now())
    make_meeting(72, changed_at=changed_at)
    said = client.get("/meetings.ics")["Last-Modified"]
    assert said == http_date(changed_at.timestamp())
    assert client.get("/meetings.ics", headers={"If-Modified-Since": said}).status_code == 304


def test_an_app_that_goes_by_the_time_alone_asks_anew_each_day(client):
    """A meeting may leave the feed without a change of any other."""
    make_meeting(changed_at=timezone.now() - timedelta(days=9))
    today = timezone.now().astimezone(UTC).date()
    midnight = datetime(today.year, today.month, today.day, tzinfo=UTC)
    assert client.get("/meetings.ics")["Last-Modified"] == http_date(midnight.timestamp())


def test_a_feed_is_compressed_for_those_who_can_read_that(client):
    make_meeting()
    plain = client.get("/meetings.ics")
    packed = client.get("/meetings.ics", headers={"Accept-Encoding": "gzip"})
    assert (packed["Content-Encoding"], gzip.decompress(packed.content)) == ("gzip", plain.content)
    assert "Accept-Encoding" in packed["Vary"].split(", ")
    headers = {"Accept-Encoding": "gzip", "If-None-Match": packed["ETag"]}
    assert client.get("/meetings.ics", headers=headers).status_code == 304


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize("path", ["/meetings/place/CA.ics", "/meetings/kind/chapter.ics"])
def test_the_feed_of_a_place_or_type_takes_one_query(client, django_assert_num_queries, path, count):
    shown = [meeting_of_a_series(number) for number in range(count)]
    Meeting.objects.update(chapter=None, region="CA-ON")
    with django_assert_num_queries(1):
        response = client.get(path)
    assert uids(response) == names(*shown)


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
