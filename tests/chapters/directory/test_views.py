"""The directory: everybody who agreed to be shown, nobody else, and never an address."""

import gzip
from datetime import timedelta

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from chapters.directory.pagination import DEEPEST, PROFILES
from chapters.directory.views import FEW
from chapters.models import Representative
from chapters.representatives.place_text import rewrite
from s4jr.providers import representatives_section
from tests.chapters import cast
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
ADDRESS = "/representatives/"


def names_on(client, query=""):
    """The names on the profiles of a page, in their order."""
    page = Page(client.get(f"{ADDRESS}{query}").content.decode())
    return [words(e).partition(" (")[0] for e in page.all(tag="h3")]


def headings(client, query=""):
    return [words(e) for e in Page(client.get(f"{ADDRESS}{query}").content.decode()).all(tag="h2")]


def three_places():
    cast.representative(display_name="Orla Invented")
    cast.representative("bram", place="US-TX", display_name="Bram Madeup", words="I like quilts.", languages="Español")
    cast.representative("odalys", place="CA-AB", display_name="Odalys Madeup", pronouns="they/them")


def test_everybody_who_agreed_stands_on_one_page_by_country_and_then_by_province(client):
    three_places()
    assert names_on(client) == ["Odalys Madeup", "Orla Invented", "Bram Madeup"]
    assert headings(client)[1:3] == ["Canada", "United States"]


@pytest.mark.parametrize(
    "hidden",
    [
        {"confirmed_on": None},
        cast.hidden_since_yesterday(),
        {"ends_on": cast.today() - timedelta(days=2), "begins_on": cast.today() - timedelta(days=9)},
        {"begins_on": cast.today() + timedelta(days=2)},
    ],
    ids=["never agreed", "consent ended", "term over", "term to come"],
)
@pytest.mark.parametrize("query", ["", "?place=CA", "?place=CA-ON", "?q=Orla"])
def test_nobody_else_is_found_anywhere(client, hidden, query):
    cast.representative(**hidden)
    assert "Orla Invented" not in client.get(f"{ADDRESS}{query}").content.decode()


def test_who_may_no_longer_sign_in_is_not_shown(client):
    cast.representative(user=cast.person(is_active=False))
    assert names_on(client) == []


def test_a_place_is_found_by_its_code_and_makes_a_link_to_share(client):
    three_places()
    assert names_on(client, "?place=CA") == ["Odalys Madeup", "Orla Invented"]
    assert names_on(client, "?place=CA-ON") == ["Orla Invented"]
    assert names_on(client, "?place=US-TX&q=quilts") == ["Bram Madeup"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [("Ontario", "CA-ON"), (" canada", "CA"), ("ca-on", "CA-ON"), ("Québec", "CA-QC"), ("B.C.", "CA-BC")],
)
def test_a_place_that_is_typed_by_name_leads_to_the_link_to_share(client, typed, code):
    cast.representative()
    answer = client.get(ADDRESS, {"place": typed, "q": "quilts"})
    assert (answer.status_code, answer.url) == (302, f"{ADDRESS}?place={code}&q=quilts")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Ontaro", "Did you mean one of these? Ontario, Canada"),
        ("xyzzy", "Check the spelling, or use the list below. It has everyone who is listed here."),
    ],
)
def test_a_name_of_no_place_keeps_what_was_typed_and_says_what_to_do(client, typed, said):
    cast.representative()
    page = Page(client.get(ADDRESS, {"place": typed}).content.decode())
    error = words(page.one(id="id_place_error"))
    assert error == f"Error: We don’t know a place with this name. {said}"
    assert page.one(id="id_place")["value"] == typed


def test_a_name_of_two_places_asks_which_one_is_meant(client):
    cast.representative()
    page = Page(client.get(f"{ADDRESS}?place=Georgia").content.decode())
    links = {
        e["href"]: words(e) for e in page.all(tag="a") if e["href"].startswith("?place=") and not e.get("tabindex")
    }
    assert links == {"?place=GE": "Georgia", "?place=US-GA": "Georgia, United States"}


@pytest.mark.parametrize("said", ["quilts", "QUILTS like", "español", "bram", "madeup quilts"])
def test_words_find_those_on_whose_profile_all_of_them_stand(client, said):
    three_places()
    assert names_on(client, f"?q={said}") == ["Bram Madeup"]


@pytest.mark.parametrize("said", ["inés", "ines", "INÉS", "zdenek", "Zdeněk", "quebecois", "ΣΟΦΙΑ"])
def test_words_find_whoever_writes_with_accents_or_without(client, said):
    cast.representative(display_name="Inés Zdeněk", words="Québécois, σοφία")
    assert names_on(client, f"?q={said}") == ["Inés Zdeněk"]


def test_words_do_not_find_what_the_profile_does_not_show(client):
    cast.representative(user=cast.person("secret-sign-in"), display_name="Orla Invented", photo=None)
    assert [names_on(client, f"?q={said}") for said in ("secret", "mailbox", "CA-ON")] == [[], [], []]


def test_who_shows_no_province_is_found_by_country_only(client):
    cast.representative(shows_region=False)
    page = client.get(f"{ADDRESS}?place=CA").content.decode()
    assert ("Orla Invented" in page, "Ontario" in page, "CA-ON" in page) == (True, False, False)
    assert names_on(client, "?place=CA-ON") == []
    assert "Ontario" not in client.get(ADDRESS).content.decode()


def test_a_representative_of_a_chapter_stands_where_the_chapter_is(client):
    cast.of_chapter(cast.chapter())
    assert names_on(client, "?place=CA-ON") == ["Bram Madeup"]
    assert "Lakeside circle" in client.get(ADDRESS).content.decode()


def test_a_chapter_is_not_named_where_the_province_is_not_shown(client):
    cast.of_chapter(cast.chapter(), shows_region=False)
    assert names_on(client, "?place=CA") == ["Bram Madeup"]
    assert "Lakeside" not in client.get(f"{ADDRESS}?place=CA").content.decode()


def boxes(client, query=""):
    return [words(e) for e in Page(client.get(f"{ADDRESS}{query}").content.decode()).all(class_="notice")]


def of_nobody(place):
    return (
        f"No representative for {place} is listed right now. There may be one who prefers not to be listed. "
        "Become a representative"
    )


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "No representatives are listed yet. Become a representative"),
        ("?place=CA-ON", of_nobody("Ontario")),
        ("?place=NZ", of_nobody("New Zealand")),
    ],
)
def test_where_nobody_is_one_box_says_what_to_do_and_nothing_empty_is_shown(client, query, said):
    page = Page(client.get(f"{ADDRESS}{query}").content.decode())
    assert boxes(client, query) == [said]
    assert [e["href"] for e in page.all(tag="a") if words(e) == "Become a representative"] == [
        "/representatives/would-you/"
    ]
    empty = ("map", "legend", "find", "places")
    assert [e["class"] for e in page.elements if e.get("class") in empty] == []


def test_a_place_without_anybody_keeps_the_search_where_there_is_somebody_to_find(client):
    cast.representative()
    page = Page(client.get(f"{ADDRESS}?place=NZ").content.decode())
    assert (len(page.all(class_="find")), boxes(client, "?place=NZ")) == (1, [of_nobody("New Zealand")])


def test_without_anybody_the_answer_to_an_earlier_message_can_still_be_read(client):
    assert "/representatives/answer/" in [e["href"] for e in Page(client.get(ADDRESS).content.decode()).all(tag="a")]


def test_where_nobody_is_those_of_the_same_country_are_named(client):
    cast.representative()
    page = Page(client.get(f"{ADDRESS}?place=CA-AB").content.decode())
    assert [e["href"] for e in page.all(tag="a") if words(e) == "1 representative elsewhere in Canada"] == ["?place=CA"]


def test_words_that_find_nobody_explain_themselves(client):
    three_places()
    page = Page(client.get(f"{ADDRESS}?place=CA&q=quilts").content.decode())
    assert words(page.one(class_="notice")) == (
        "No profiles match “quilts.” Try fewer words or another spelling. All representatives for Canada"
    )
    links = [e["href"] for e in page.all(tag="a") if words(e) == "All representatives for Canada"]
    assert (links, len(page.all(class_="find"))) == ([f"{ADDRESS}?place=CA"], 1)


def test_a_place_typed_where_words_belong_leads_to_the_place(client):
    three_places()
    box = Page(client.get(f"{ADDRESS}?q=georgia").content.decode()).one(class_="notice")
    page = Page(client.get(f"{ADDRESS}?q=georgia").content.decode())
    links = [(e["href"], words(e)) for e in page.all(tag="a") if e["href"].startswith("?place=")]
    assert "Are you looking for a place?" in words(box)
    assert links == [("?place=US-GA", "Georgia, United States"), ("?place=GE", "Georgia (country)")]


def test_words_that_are_no_place_name_none(client):
    three_places()
    box = Page(client.get(f"{ADDRESS}?q=umbrellas").content.decode()).one(class_="notice")
    assert words(box) == "No profiles match “umbrellas.” Try fewer words or another spelling."


@pytest.mark.parametrize("query", ["page=x", "place=%F0%9F%9A%AA", "place=CA&page=99999"])
def test_nothing_that_is_asked_breaks_the_page(client, query):
    cast.representative()
    assert client.get(f"{ADDRESS}?{query}").status_code == 200


def test_what_is_asked_is_shown_as_text(client):
    page = client.get(ADDRESS, {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_profile_says_not_stated_where_nothing_was_said(client):
    cast.representative(mandated_reporter="", ties="")
    page = Page(client.get(ADDRESS).content.decode())
    facts = [(words(dt), words(dd)) for dt, dd in zip(page.all(tag="dt"), page.all(tag="dd"), strict=True)]
    assert facts[1:3] == [
        ("Mandated reporter", "not stated"),
        ("Ties to police, prosecution or courts", "not stated"),
    ]


def test_a_profile_says_what_was_said_and_when_it_was_confirmed(client):
    profile = cast.representative(mandated_reporter="yes", ties="A cousin is a clerk.", answer_days="1 9 2")
    page = Page(client.get(ADDRESS).content.decode())
    assert [words(dd) for dd in page.all(tag="dd")][1:4] == ["yes", "A cousin is a clerk.", "2 days"]
    assert page.one(tag="time")["datetime"] == profile.confirmed_on.isoformat()


def test_a_name_cannot_turn_the_words_around_it(client):
    cast.representative(display_name="אורלה Invented")
    page = Page(client.get(ADDRESS).content.decode())
    assert words(page.all(tag="bdi")[0]) == "אורלה Invented"


def test_the_directory_tells_no_address_and_asks_search_engines_to_pass_by(client):
    three_places()
    for query in ("", "?place=CA", "?place=CA-ON", "?q=Orla"):
        answer = client.get(f"{ADDRESS}{query}")
        page = answer.content.decode()
        assert [sign for sign in ("@", "mailto:", "mailbox.example", "orla.invented") if sign in page] == []
        assert answer.headers["X-Robots-Tag"] == "noindex, noimageindex"
        assert '<meta name="robots" content="noindex">' in page


def test_the_directory_sets_no_cookie_and_may_not_be_kept_without_asking(client):
    cast.representative()
    answer = client.get(ADDRESS)
    assert (dict(answer.cookies), answer.headers["Cache-Control"]) == ({}, "no-cache")


@pytest.mark.parametrize(
    ("language", "country"), [("", "United States"), ("/fr", "États-Unis"), ("/es", "Estados Unidos")]
)
def test_countries_stand_in_the_language_of_the_page(client, language, country):
    cast.representative(place="US-TX")
    assert country in client.get(f"{language}{ADDRESS}?place=US").content.decode()


# --- as large as it may get


def words_are_known(client, settings):
    """As for all but one reader a second: no question goes to the texts of the site."""
    client.get(ADDRESS)
    settings.CACHE_VERSION_SECONDS = 3600


@pytest.mark.parametrize("count", [1, 30])
def test_the_pages_ask_the_database_as_often_for_thirty_as_for_one(client, settings, django_assert_num_queries, count):
    """The index counts, and shows all profiles while they are few; a region shows its profiles, and what they say of
    it.
    """
    cast.many(count, regions=1)
    words_are_known(client, settings)
    with django_assert_num_queries(2 if count <= FEW else 1):
        client.get(ADDRESS)
    with django_assert_num_queries(2):
        client.get(f"{ADDRESS}?place=CA-AB")


def test_more_than_a_few_fold_into_places(client):
    cast.many(FEW, regions=3)
    assert len(Page(client.get(ADDRESS).content.decode()).all(tag="article")) == FEW
    cast.representative()
    page = Page(client.get(ADDRESS).content.decode())
    assert len(page.all(tag="article")) == 0
    folded = [e["href"] for e in page.all(tag="a") if "place=" in e["href"] and not e.get("tabindex")]
    assert folded == ["?place=CA", "?place=CA-AB", "?place=CA-BC", "?place=CA-MB", "?place=CA-ON"]


def test_a_long_place_has_pages(client):
    cast.many(2 * PROFILES + 1, regions=1)
    pages = [_ids(client, f"?place=CA-AB&page={number}") for number in (1, 2, 3)]
    assert [len(names) for names in pages] == [PROFILES, PROFILES, 1]
    assert len({name for names in pages for name in names}) == 2 * PROFILES + 1


def _ids(client, query):
    return [e["id"] for e in Page(client.get(f"{ADDRESS}{query}").content.decode()).all(tag="article")]


def test_a_search_is_for_finding_somebody_and_not_for_copying_everybody(client):
    cast.many((DEEPEST + 2) * PROFILES, regions=1)
    last = client.get(f"{ADDRESS}?q=here&page=9999").content.decode()
    assert f"Page {DEEPEST} of {DEEPEST}" in last
    assert "There are more results than we show." in last


def test_ten_thousand_in_six_hundred_regions_fit_on_a_page(client, settings, django_assert_num_queries):
    """One query for the index, two for a region."""
    cast.many(10_000, regions=600)
    assert Representative.objects.count() == 10_000
    words_are_known(client, settings)
    with django_assert_num_queries(1):
        index = client.get(ADDRESS)
    with django_assert_num_queries(2):
        region = client.get(f"{ADDRESS}?place=CA-ON")
    with django_assert_num_queries(3):
        country = client.get(f"{ADDRESS}?place=US")
    assert len(index.content) < 28_000
    assert len(client.get(ADDRESS, {"map": "world"}).content) < 28_000
    assert len(region.content) < 28_000
    assert len(country.content) < 28_000
    assert len(gzip.compress(index.content)) < 25_000


def test_the_index_travels_compressed(client):
    plain = client.get(ADDRESS)
    small = client.get(ADDRESS, headers={"accept-encoding": "gzip"})
    assert gzip.decompress(small.content) == plain.content
    assert small.headers["Content-Encoding"] == "gzip"


def test_what_the_pages_load_is_ours(client):
    cast.representative()
    page = Page(client.get(ADDRESS).content.decode())
    loading = [e for e in page.elements if e["tag"] in {"link", "img", "script"} and e.get("rel") != "alternate"]
    loaded = [e.get("src") or e["href"] for e in loading]
    assert [address for address in loaded if not finders.find(address.removeprefix("/static/"))] == []
    assert [e["tag"] for e in page.elements if e["tag"] == "style" or "style" in e] == []


def test_what_the_representatives_say_of_their_place_stands_on_its_page(client):
    profile = cast.representative()
    rewrite("CA-ON", "en", "We meet by the lake, **all year**.", by=profile.user)
    assert "We meet by the lake, <strong>all year</strong>." in client.get(f"{ADDRESS}?place=CA-ON").content.decode()
    assert "by the lake" not in client.get(f"{ADDRESS}?place=CA-AB").content.decode()


def test_a_search_everywhere_says_of_which_country_a_province_is(client):
    cast.representative()
    cast.representative("bram", place="FR", display_name="Bram Madeup")
    page = Page(client.get(f"{ADDRESS}?q=here").content.decode())
    assert [words(e) for e in page.all(class_="profile__place")] == ["Ontario, Canada", "France"]


@pytest.mark.parametrize(
    ("places", "said"),
    [
        (["CA-ON"], "1 representative is listed in 1 country"),
        (["CA-ON", "CA-BC", "US-TX"], "3 representatives are listed in 2 countries"),
    ],
)
def test_other_pages_can_say_how_many_are_shown(rf, places, said, django_assert_num_queries):
    for number, place in enumerate(places):
        cast.representative(f"person-{number}", place=place)
    with django_assert_num_queries(1):
        links = links_of_section(rf)
    assert links == [(ADDRESS, said), (ADDRESS, "Find your representative")]


def test_other_pages_say_what_to_do_while_nobody_is_shown(rf):
    assert links_of_section(rf) == [(f"{ADDRESS}would-you/", "Become a representative")]


def links_of_section(rf):
    section = representatives_section.call(rf.get("/"))
    links = Page(render_to_string(section.template, {"section": section})).all(tag="a")
    return [(link["href"], words(link)) for link in links]
