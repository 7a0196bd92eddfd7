"""All meetings of a member in their own information: one entry a series, filters, past ones with notes."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from members.rsvps.own_list import PAST_AT_MOST
from tests import cast
from tests.chapters.meetings.meetings import chapter, make_meeting, meeting_of_a_series, series
from tests.chapters.representatives.people import signed_in_representative
from tests.members.rsvps.people import a_meeting, comes
from tests.query_counts import for_one_and_thirty
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
LIST = "/my-details/meetings/all/"


def titles(client, query=""):
    page = Page(client.get(f"{LIST}{query}", follow=True).text)
    return [words(e) for e in page.all(tag="a") if re.match("/my-details/meetings/[0-9a-f]+-", e["href"])]


@pytest.fixture
def mine(client, member, come_in):
    come_in(member)
    return member


class TestUpcoming:
    def test_it_has_what_they_may_attend_and_nothing_else(self, client, mine):
        make_meeting(1, title="Everyone"), make_meeting(2, title="Members", audience="members")
        make_meeting(3, title="Ontario", audience="members", region="CA-ON")
        make_meeting(4, title="Texas", region="US-TX"), make_meeting(5, title="Desk", audience="representatives")
        make_meeting(6, title="Draft", is_published=False)
        assert titles(client) == ["Everyone", "Members", "Ontario"]

    @pytest.mark.parametrize("page", ["/my-details/", LIST])
    def test_a_weekly_series_is_one_entry_with_their_rsvps(self, client, mine, page):
        begins_on = timezone.now().date() + timedelta(days=2)
        made = series(repeats="weekly", title="Quiet hour", audience="members", begins_on=begins_on)
        first, second = made.meetings.upcoming()[:2]
        comes(second, mine)
        html = client.get(page).text
        assert (html.count(">Quiet hour<"), html.count("You’re going."), "Every week on Tuesday" in html) == (
            1,
            1,
            True,
        )
        assert html.index(str(first.pk)) < html.index(str(second.pk)) < html.index("You’re going.")

    def test_it_shows_six_then_more(self, client, mine):
        for number in range(31):
            make_meeting(24 * (number + 1), title=f"Circle {number}")
        assert [len(titles(client, query)) for query in ("", "?page=2", "?page=3")] == [6, 30, 31]
        assert 'href="?page=2#more"' in client.get(LIST).text

    def test_it_filters_by_type_and_place_and_by_no_chapter(self, client, mine):
        make_meeting(1, title="A skill share", kind="skill_share")
        make_meeting(2, title="Ontario", audience="members", region="CA-ON")
        assert titles(client, "?kind=skill_share") == ["A skill share"]
        assert titles(client, "?q=ontario") == ["Ontario"]
        chapter()
        assert Page(client.get(LIST).text).all(name="chapter") == []

    def test_what_they_type_as_a_place_becomes_its_code(self, client, mine):
        answer = client.get(f"{LIST}?q=ontario")
        assert (answer.status_code, answer["Location"]) == (302, f"{LIST}?place=CA-ON")

    def test_thirty_series_take_as_many_queries_as_one(self, client, mine):
        def create(number):
            comes(meeting_of_a_series(number), mine)

        one, thirty = for_one_and_thirty(create, lambda: client.get(f"{LIST}?page=2"))
        assert (one, len(titles(client, "?page=2"))) == (thirty, 30)


class TestPast:
    def test_meetings_for_members_are_found_by_their_notes(self, client, mine):
        noted = a_meeting(-48, audience="members", title="With", notes="We wrote.")
        a_meeting(-24, audience="members", title="Without"), a_meeting(-24, audience="representatives", notes="Desk.")
        assert titles(client, "?when=past") == ["Without", "With"]
        assert titles(client, "?when=past&notes=on") == ["With"]
        assert f'href="/my-details/meetings/{noted.pk}/#notes"' in client.get(f"{LIST}?when=past&notes=on").text
        assert "We wrote." in client.get(f"/my-details/meetings/{noted.pk}/").text

    def test_they_are_linked_from_their_information(self, client, mine):
        a_meeting()
        assert f'href="{LIST}?when=past&amp;notes=on"' in client.get("/my-details/").text

    def test_thirty_take_as_many_queries_as_one(self, client, mine):
        one, thirty = for_one_and_thirty(
            lambda number: meeting_of_a_series(number, hours=-300, chapter=None),
            lambda: client.get(f"{LIST}?when=past"),
        )
        assert (one, len(titles(client, "?when=past"))) == (thirty, 20)


def test_only_approved_members_who_signed_in_see_it(client, member, come_in):
    assert client.get(LIST)["Location"] == "/my-details/"
    cast.put(member, "waiting", decided_at=None)
    come_in(member)
    assert client.get(LIST).status_code == 404


def test_no_one_may_keep_the_page(client, mine):
    assert client.get(LIST)["Cache-Control"] == "no-store"


class TestRepresentatives:
    def test_they_find_the_notes_of_their_past_meetings_on_their_page(self, client):
        orla = signed_in_representative(client)
        said = {"audience": "representatives", "notes": "We spoke."}
        past = [a_meeting(-24 * (number + 2), title=f"Past {number}", **said) for number in range(PAST_AT_MOST + 1)]
        a_meeting(-24, title="Without", audience="representatives")
        a_meeting(-24, title="Of Texas", region="US-TX", **said)
        page = client.get(f"/desk/{orla.pk}/").text
        shown = [f"/desk/evenings/{meeting.pk}/#notes" in page for meeting in past]
        assert (shown, "Without" in page, "Of Texas" in page) == ([True] * PAST_AT_MOST + [False], False, False)
        assert "We spoke." in client.get(f"/desk/evenings/{past[0].pk}/").text

    def test_a_series_of_theirs_is_one_entry(self, client):
        orla = signed_in_representative(client)
        series(audience="representatives", title="Desk talk", begins_on=timezone.now().date() + timedelta(days=2))
        assert client.get(f"/desk/{orla.pk}/").text.count(">Desk talk<") == 1
