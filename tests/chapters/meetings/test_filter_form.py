"""The filters of the list: type, chapter, place, topic and notes."""

import pytest

from tests.chapters.meetings.meetings import chapter, make_meeting
from tests.reading import Page, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def meetings():
    """One meeting of each kind of place; returns nothing, tests ask by title."""
    make_meeting(1, title="Everywhere"), make_meeting(2, title="Canada", region="CA")
    make_meeting(3, title="Ontario", region="CA-ON"), make_meeting(4, title="Riverside", chapter=chapter())
    make_meeting(5, title="Texas", region="US-TX"), make_meeting(6, title="Georgia", region="US-GA")
    make_meeting(7, title="Tbilisi", region="GE")
    make_meeting(8, title="United Kingdom", region="GB"), make_meeting(9, title="Scotland", region="GB-SCT")


def titles(client, query):
    answer = client.get(f"/meetings/?{query}", follow=True)
    return [words(e) for e in Page(answer.text).all(tag="h3")]


class TestPlace:
    @pytest.mark.parametrize(
        ("place", "found"),
        [
            ("CA-ON", ["Ontario", "Riverside", "Canada"]),
            ("CA", ["Canada", "Ontario", "Riverside"]),
            ("US-TX", ["Texas"]),
            ("GE", ["Tbilisi"]),
            ("CA-BC", ["Canada"]),
            ("GB-SCT", ["Scotland", "United Kingdom"]),
            ("GB", ["United Kingdom", "Scotland"]),
        ],
    )
    def test_a_code_finds_the_place_its_parts_and_chapters_there_and_then_its_whole_country(
        self, client, meetings, place, found
    ):
        assert titles(client, f"place={place}") == found

    def test_past_meetings_of_the_place_come_before_those_of_its_whole_country(self, client):
        (
            make_meeting(-2, title="Canada, last week", region="CA"),
            make_meeting(-9, title="Ontario, before", region="CA-ON"),
        )
        page = client.get("/meetings/?place=CA-ON&when=past").text
        assert page.index("Ontario, before") < page.index("Canada, last week")

    @pytest.mark.parametrize(
        ("query", "to"),
        [
            ("q=Ontario", "place=CA-ON"),
            ("q=on&kind=organizing", "kind=organizing&place=CA-ON"),
            ("q=Ontario,+Canada&when=past&notes=on", "when=past&notes=on&place=CA-ON"),
            ("place=ontario", "place=CA-ON"),
            ("place=CA-BC&q=Texas", "place=US-TX"),
        ],
    )
    def test_what_people_type_becomes_the_code_in_the_address(self, client, query, to):
        answer = client.get(f"/meetings/?{query}")
        assert (answer.status_code, answer["Location"]) == (302, f"/meetings/?{to}")

    def test_the_field_shows_the_name_of_the_place(self, client, meetings):
        page = Page(client.get("/meetings/?place=CA-ON").text)
        assert page.one(tag="input", name="q")["value"] == "Ontario, Canada"

    def test_sending_the_form_again_keeps_the_place(self, client, meetings):
        assert titles(client, "q=Ontario,+Canada&topic=river") == ["Riverside"]

    def test_a_name_of_two_places_asks_which_one_and_shows_both(self, client, meetings):
        assert titles(client, "q=Georgia") == ["Georgia", "Tbilisi"]
        (notice,) = Page(client.get("/meetings/?q=Georgia&kind=organizing").text).all(class_="notice")
        assert "Which one do you mean?" in words(notice)
        links = [e["href"] for e in Page(client.get("/meetings/?q=Georgia&kind=organizing").text).all(tag="a")]
        assert [link for link in links if "place=" in link] == [
            "/meetings/?kind=organizing&place=US-GA", "/meetings/?kind=organizing&place=GE"
        ]  # fmt: skip

    def test_a_typo_offers_the_nearest_place(self, client, meetings):
        page = client.get("/meetings/?q=Ontaroi").text
        assert ("Did you mean one of these?" in page, 'href="/meetings/?place=CA-ON"' in page) == (True, True)

    def test_what_names_no_place_is_searched_as_words(self, client):
        make_meeting(1, title="Reading a bill"), make_meeting(2, title="Letters together")
        assert titles(client, "q=letters+tog") == ["Letters together"]

    @pytest.mark.parametrize("query", ["place=XX-99", "place=" + "x" * 300, "q=" + "x" * 300, "topic=" + "x" * 300])
    def test_what_means_nothing_filters_nothing(self, client, meetings, query):
        assert len(titles(client, query)) == 6


class TestTheFold:
    @pytest.mark.parametrize(
        ("query", "is_open"),
        [
            ("", False),
            ("place=CA-ON", False),
            ("topic=x", True),
            ("kind=gathering", True),
            ("notes=on&when=past", True),
        ],
    )
    def test_it_is_open_if_a_filter_in_it_is_set(self, client, meetings, query, is_open):
        make_meeting(-48, notes="We wrote.")
        html = client.get(f"/meetings/?{query}").text
        assert ('<details class="more" open>' in html, "More filters" in html) == (is_open, True)


class TestTopic:
    def test_it_finds_each_word_in_title_topic_description_or_city(self, client):
        make_meeting(1, title="The heron bill"), make_meeting(2, topic="A bill about herons")
        make_meeting(3, words="Bill and heron"), make_meeting(4, city="Heron Bay", title="Bill")
        make_meeting(5, title="A bill"), make_meeting(6, notes="The heron bill")
        assert len(titles(client, "topic=HERON+bill")) == 4

    def test_it_reads_no_link_and_no_venue(self, client):
        make_meeting(join_link="https://rooms.example/heron", venue="12 Heron Street")
        assert titles(client, "topic=heron") == []


class TestNotes:
    def test_past_meetings_can_be_narrowed_to_those_with_notes(self, client):
        make_meeting(-48, title="With", notes="We wrote."), make_meeting(-24, title="Without")
        seen = {query: client.get(f"/meetings/?{query}").text for query in ("when=past", "when=past&notes=on")}
        assert [("With<" in page, "Without<" in page) for page in seen.values()] == [(True, True), (True, False)]

    def test_the_filter_is_offered_for_past_ones_only(self, client):
        make_meeting(-48, notes="We wrote."), make_meeting()
        offered = [Page(client.get(f"/meetings/{query}").text).all(name="notes") for query in ("", "?when=past")]
        assert [len(fields) for fields in offered] == [0, 1]
