"""The directory: everyone who agreed to a public profile, no one else, and never an email address."""

import gzip
import re
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
from tests.query_counts import for_one_and_thirty
from tests.reading import Page, words

pytestmark = pytest.mark.django_db
ADDRESS = "/representatives/"


def names_on(client, query=""):
    """Return the names on the profiles of a page, in order."""
    page = Page(profiles_of(client.get(f"{ADDRESS}{query}").content.decode()))
    return [words(e).partition(" (")[0] for e in page.all(tag="h3")]


def profiles_of(html):
    """The profiles of a page."""
    return "".join(re.findall(r"<article.*?</article>", html, flags=re.DOTALL))


def headings(client, query=""):
    return [words(e) for e in Page(client.get(f"{ADDRESS}{query}").content.decode()).all(tag="h2")]


def three_places():
    cast.representative(display_name="Orla Invented")
    cast.representative("bram", place="US-TX", display_name="Bram Madeup", words="I like quilts.", languages="Español")
    cast.representative("odalys", place="CA-AB", display_name="Odalys Madeup", pronouns="they/them")


def test_public_profiles_are_on_one_page_by_country_and_province(client):
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
def test_other_profiles_are_not_found(client, hidden, query):
    cast.representative(**hidden)
    assert "Orla Invented" not in client.get(f"{ADDRESS}{query}").content.decode()


def test_an_inactive_representative_is_not_shown(client):
    cast.representative(user=cast.person(is_active=False))
    assert names_on(client) == []


def test_a_place_code_in_the_url_shows_the_place(client):
    three_places()
    assert names_on(client, "?place=CA") == ["Odalys Madeup", "Orla Invented"]
    assert names_on(client, "?place=CA-ON") == ["Orla Invented"]
    assert names_on(client, "?place=US-TX&q=quilts") == ["Bram Madeup"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [("Ontario", "CA-ON"), (" canada", "CA"), ("ca-on", "CA-ON"), ("Québec", "CA-QC"), ("B.C.", "CA-BC")],
)
def test_a_typed_place_name_redirects_to_its_url(client, typed, code):
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
def test_an_unknown_place_name_stays_in_the_field_with_a_hint(client, typed, said):
    cast.representative()
    page = Page(client.get(ADDRESS, {"place": typed}).content.decode())
    error = words(page.one(id="id_place_error"))
    assert error == f"Error: We don’t know a place with this name. {said}"
    assert page.one(id="id_place")["value"] == typed


def test_an_ambiguous_place_name_asks_which_place(client):
    cast.representative()
    page = Page(client.get(f"{ADDRESS}?place=Georgia").content.decode())
    links = {
        e["href"]: words(e) for e in page.all(tag="a") if e["href"].startswith("?place=") and not e.get("tabindex")
    }
    assert links == {"?place=GE": "Georgia", "?place=US-GA": "Georgia, United States"}


@pytest.mark.parametrize("said", ["quilts", "QUILTS like", "español", "bram", "madeup quilts"])
def test_a_search_finds_profiles_with_all_words(client, said):
    three_places()
    assert names_on(client, f"?q={said}") == ["Bram Madeup"]


@pytest.mark.parametrize("said", ["inés", "ines", "INÉS", "zdenek", "Zdeněk", "quebecois", "ΣΟΦΙΑ"])
def test_a_search_ignores_accents(client, said):
    cast.representative(display_name="Inés Zdeněk", words="Québécois, σοφία")
    assert names_on(client, f"?q={said}") == ["Inés Zdeněk"]


def test_a_search_does_not_find_hidden_fields(client):
    cast.representative(user=cast.person("secret-sign-in"), display_name="Orla Invented", photo=None)
    assert [names_on(client, f"?q={said}") for said in ("secret", "mailbox", "CA-ON")] == [[], [], []]


def test_a_profile_without_a_province_is_found_by_country_only(client):
    cast.representative(shows_region=False)
    page = client.get(f"{ADDRESS}?place=CA").content.decode()
    assert ("Orla Invented" in page, "Ontario" in page, "CA-ON" in page) == (True, False, False)
    assert names_on(client, "?place=CA-ON") == []
    index = client.get(ADDRESS).content.decode()
    assert (index.count("Ontario"), "<title>Ontario: 0</title>" in index) == (1, True)


def test_a_representative_of_a_chapter_is_listed_at_the_chapters_place(client):
    cast.of_chapter(cast.chapter())
    assert names_on(client, "?place=CA-ON") == ["Bram Madeup"]
    assert "Lakeside circle" in client.get(ADDRESS).content.decode()


def test_the_chapter_is_hidden_if_the_province_is_hidden(client):
    cast.of_chapter(cast.chapter(), shows_region=False)
    assert names_on(client, "?place=CA") == ["Bram Madeup"]
    assert "Lakeside" not in profiles_of(client.get(f"{ADDRESS}?place=CA").content.decode())


def boxes(client, query=""):
    return [words(e) for e in Page(client.get(f"{ADDRESS}{query}").content.decode()).all(class_="notice")]


def without_profiles(place):
    return (
        f"No representative for {place} is listed right now. There may be one who prefers not to be listed. "
        "Become a representative"
    )


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "No representatives are listed yet. Become a representative"),
        ("?place=CA-ON", without_profiles("Ontario")),
        ("?place=NZ", without_profiles("New Zealand")),
    ],
)
def test_an_empty_result_shows_one_box_with_what_to_do(client, query, said):
    page = Page(client.get(f"{ADDRESS}{query}").content.decode())
    assert boxes(client, query) == [said]
    assert [e["href"] for e in page.all(tag="a") if words(e) == "Become a representative"] == [
        f"/representatives/would-you/{query}"
    ]
    empty = ("map", "legend", "find", "places")
    assert [e["class"] for e in page.elements if e.get("class") in empty] == []


def test_an_empty_place_keeps_the_search_if_there_are_profiles_elsewhere(client):
    cast.representative()
    page = Page(client.get(f"{ADDRESS}?place=NZ").content.decode())
    assert (len(page.all(class_="find")), boxes(client, "?place=NZ")) == (1, [without_profiles("New Zealand")])


def test_an_empty_directory_still_links_to_the_answers_of_earlier_messages(client):
    assert "/representatives/answer/" in [e["href"] for e in Page(client.get(ADDRESS).content.decode()).all(tag="a")]


def test_an_empty_place_names_representatives_of_the_same_country(client):
    cast.representative()
    page = Page(client.get(f"{ADDRESS}?place=CA-AB").content.decode())
    assert [e["href"] for e in page.all(tag="a") if words(e) == "1 representative elsewhere in Canada"] == ["?place=CA"]


def test_a_search_without_results_explains_why(client):
    three_places()
    page = Page(client.get(f"{ADDRESS}?place=CA&q=quilts").content.decode())
    assert words(page.one(class_="notice")) == (
        "No profiles match “quilts.” Try fewer words or another spelling. All representatives for Canada"
    )
    links = [e["href"] for e in page.all(tag="a") if words(e) == "All representatives for Canada"]
    assert (links, len(page.all(class_="find"))) == ([f"{ADDRESS}?place=CA"], 1)


def test_a_place_in_the_search_field_links_to_the_place(client):
    three_places()
    box = Page(client.get(f"{ADDRESS}?q=georgia").content.decode()).one(class_="notice")
    page = Page(client.get(f"{ADDRESS}?q=georgia").content.decode())
    links = [(e["href"], words(e)) for e in page.all(tag="a") if e["href"].startswith("?place=")]
    assert "Are you looking for a place?" in words(box)
    assert links == [("?place=US-GA", "Georgia, United States"), ("?place=GE", "Georgia (country)")]


@pytest.mark.parametrize(
    ("typed", "code"),
    [("pa", "US-PA"), ("Ontario, Canada", "CA-ON"), ("90210", "US-CA"), ("Toronto", "CA-ON"), ("PR", "US-PR"),
     ("Escocia", "GB-SCT"), ("Deutschland", "DE"), ("Bavaria", "DE-BY")],
)  # fmt: skip
def test_a_place_in_the_search_field_leads_to_the_place(client, typed, code):
    three_places()
    answer = client.get(ADDRESS, {"q": typed})
    assert (answer.status_code, answer.url) == (302, f"{ADDRESS}?place={code}")


def test_a_place_beside_a_place_is_a_search_word(client):
    three_places()
    assert client.get(f"{ADDRESS}?place=CA&q=pa").status_code == 200


def test_a_person_with_the_name_of_a_place_is_found_by_it(client):
    three_places()
    cast.representative("jo", place="CA-AB", display_name="Jordan Madeup")
    assert names_on(client, "?q=jordan") == ["Jordan Madeup"]
    cast.representative("hidden", place="CA-AB", display_name="Kenya Madeup", confirmed_on=None)
    assert client.get(f"{ADDRESS}?q=kenya").url == f"{ADDRESS}?place=KE"


def test_a_misspelled_place_in_the_search_field_links_to_the_nearest(client):
    three_places()
    page = Page(client.get(f"{ADDRESS}?q=Ontaro").content.decode())
    links = [(e["href"], words(e)) for e in page.all(tag="a") if e["href"].startswith("?place=")]
    assert links == [("?place=CA-ON", "Ontario, Canada")]


@pytest.mark.parametrize("name", ["place", "q"])
def test_a_long_text_gets_an_error_and_no_browser_cuts_it(client, name):
    three_places()
    page = Page(client.get(ADDRESS, {name: "x" * 81}).content.decode())
    assert words(page.one(id=f"id_{name}_error")) == "Error: This is too long. Use at most 80 characters."
    assert [box["name"] for box in page.all(tag="input") if "maxlength" in box] == []


def test_a_territory_in_the_url_has_one_address(client):
    three_places()
    assert client.get(f"{ADDRESS}?place=PR").url == f"{ADDRESS}?place=US-PR"


def test_search_words_that_are_not_a_place_link_to_none(client):
    three_places()
    box = Page(client.get(f"{ADDRESS}?q=umbrellas").content.decode()).one(class_="notice")
    assert words(box) == "No profiles match “umbrellas.” Try fewer words or another spelling."


@pytest.mark.parametrize("query", ["page=x", "place=%F0%9F%9A%AA", "place=CA&page=99999"])
def test_no_query_breaks_the_page(client, query):
    cast.representative()
    assert client.get(f"{ADDRESS}?{query}").status_code == 200


def test_the_query_is_escaped(client):
    page = client.get(ADDRESS, {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_profile_says_not_stated_for_empty_fields(client):
    cast.representative(mandated_reporter="", ties="")
    page = Page(client.get(ADDRESS).content.decode())
    facts = [(words(dt), words(dd)) for dt, dd in zip(page.all(tag="dt"), page.all(tag="dd"), strict=True)]
    assert facts[1:3] == [
        ("Mandated reporter", "not stated"),
        ("Ties to police, prosecution or courts", "not stated"),
    ]


def test_a_profile_shows_its_fields_and_the_date_of_confirmation(client):
    profile = cast.representative(mandated_reporter="yes", ties="A cousin is a clerk.", answer_days="1 9 2")
    page = Page(client.get(ADDRESS).content.decode())
    assert [words(dd) for dd in page.all(tag="dd")][1:4] == ["yes", "A cousin is a clerk.", "2 days"]
    assert page.one(tag="time")["datetime"] == profile.confirmed_on.isoformat()


def test_a_name_cannot_reverse_the_text_around_it(client):
    cast.representative(display_name="אורלה Invented")
    page = Page(client.get(ADDRESS).content.decode())
    assert words(page.all(tag="bdi")[0]) == "אורלה Invented"


def test_the_directory_shows_no_email_address_and_is_not_indexed(client):
    three_places()
    for query in ("", "?place=CA", "?place=CA-ON", "?q=Orla"):
        answer = client.get(f"{ADDRESS}{query}")
        page = answer.content.decode()
        assert [sign for sign in ("@", "mailto:", "mailbox.example", "orla.invented") if sign in page] == []
        assert answer.headers["X-Robots-Tag"] == "noindex, noimageindex"
        assert '<meta name="robots" content="noindex">' in page


def test_the_directory_sets_no_cookie_and_must_be_revalidated(client):
    cast.representative()
    answer = client.get(ADDRESS)
    assert (dict(answer.cookies), answer.headers["Cache-Control"]) == ({}, "no-cache")


@pytest.mark.parametrize(
    ("language", "country"), [("", "United States"), ("/fr", "États-Unis"), ("/es", "Estados Unidos")]
)
def test_country_names_are_in_the_language_of_the_page(client, language, country):
    cast.representative(place="US-TX")
    assert country in client.get(f"{language}{ADDRESS}?place=US").content.decode()


# --- large directories


def texts_are_cached(client, settings):
    """Site texts are cached, as for all but one request a second."""
    client.get(ADDRESS)
    settings.CACHE_VERSION_SECONDS = 3600


def of_a_chapter_of_its_own(number):
    """A representative of a chapter in Ontario, each of another one."""
    circle = cast.one_of_many_chapters(number, country="CA", region="CA-ON")
    return cast.of_chapter(circle, f"bram{number}", appointed_by=cast.person(f"ada{number}"))


@pytest.mark.parametrize("query", ["?place=CA-ON", "?place=CA", "?q=here"])
def test_the_pages_take_as_many_queries_for_thirty_as_for_one(client, settings, query):
    texts_are_cached(client, settings)
    one, thirty = for_one_and_thirty(of_a_chapter_of_its_own, lambda: client.get(f"{ADDRESS}{query}"))
    page = Page(client.get(f"{ADDRESS}{query}").content.decode())
    assert (one, len(page.all(tag="article"))) == (thirty, PROFILES)


@pytest.mark.parametrize(("count", "queries"), [(1, 2), (FEW, 2), (30, 2)])
def test_the_index_counts_all_profiles_and_shows_a_few(client, settings, django_assert_num_queries, count, queries):
    for number in range(count):
        of_a_chapter_of_its_own(number)
    texts_are_cached(client, settings)
    with django_assert_num_queries(queries):
        client.get(ADDRESS)


def links_to_all(page):
    return [(e["href"], words(e)) for e in page.all(tag="a") if e["href"] == "?show=all"]


def test_above_six_the_index_shows_those_who_confirmed_last_and_leads_to_all(client):
    for number in range(FEW + 2):
        day = cast.today() - timedelta(days=number)
        cast.representative(f"r{number}", display_name=f"Madeup {8 - number}", confirmed_on=day)
    assert names_on(client) == [f"Madeup {number}" for number in range(3, 9)]
    page = Page(client.get(ADDRESS).content.decode())
    assert links_to_all(page) == [("?show=all", "Show all 8 representatives")]
    assert names_on(client, "?show=all") == [f"Madeup {number}" for number in range(1, 9)]
    assert words(Page(client.get(f"{ADDRESS}?show=all").content.decode()).one(tag="h1")) == "All representatives"


def test_the_list_of_all_has_pages_and_an_end(client):
    cast.many((DEEPEST + 2) * PROFILES, regions=1)
    page = Page(client.get(f"{ADDRESS}?show=all").content.decode())
    assert [e["href"] for e in page.all(tag="a") if e.get("rel") == "next"] == [f"{ADDRESS}?show=all&page=2"]
    assert f"Page {DEEPEST} of {DEEPEST}" in client.get(f"{ADDRESS}?show=all&page=9999").content.decode()


def test_many_profiles_are_grouped_by_place(client):
    cast.many(FEW, regions=3)
    page = Page(client.get(ADDRESS).content.decode())
    assert (len(page.all(tag="article")), links_to_all(page)) == (FEW, [])
    cast.representative()
    page = Page(client.get(ADDRESS).content.decode())
    assert len(page.all(tag="article")) == FEW
    folded = [e["href"] for e in page.all(tag="a") if "place=" in e["href"] and not e.get("tabindex")]
    assert folded == ["?place=CA", "?place=CA-AB", "?place=CA-BC", "?place=CA-MB", "?place=CA-ON"]


def test_a_place_with_many_profiles_is_paginated(client):
    cast.many(2 * PROFILES + 1, regions=1)
    pages = [_ids(client, f"?place=CA-AB&page={number}") for number in (1, 2, 3)]
    assert [len(names) for names in pages] == [PROFILES, PROFILES, 1]
    assert len({name for names in pages for name in names}) == 2 * PROFILES + 1


def _ids(client, query):
    return [e["id"] for e in Page(client.get(f"{ADDRESS}{query}").content.decode()).all(tag="article")]


def test_a_search_cannot_list_the_whole_directory(client):
    cast.many((DEEPEST + 2) * PROFILES, regions=1)
    last = client.get(f"{ADDRESS}?q=here&page=9999").content.decode()
    assert f"Page {DEEPEST} of {DEEPEST}" in last
    assert "There are more results than we show." in last


def test_the_index_holds_ten_thousand_in_six_hundred_regions(client, settings, django_assert_num_queries):
    """Two queries for the index; a place has two more than its people for chapters and meetings."""
    cast.many(10_000, regions=600)
    assert Representative.objects.count() == 10_000
    texts_are_cached(client, settings)
    with django_assert_num_queries(2):
        index = client.get(ADDRESS)
    with django_assert_num_queries(4):
        region = client.get(f"{ADDRESS}?place=CA-ON")
    with django_assert_num_queries(5):
        country = client.get(f"{ADDRESS}?place=US")
    # The index has the names of all places on the map and six profiles.
    assert len(index.content) < 37_000
    assert len(client.get(ADDRESS, {"map": "world"}).content) < 37_000
    assert len(region.content) < 28_000
    assert len(country.content) < 28_000
    assert len(gzip.compress(index.content)) < 25_000


def test_the_index_is_compressed(client):
    plain = client.get(ADDRESS)
    small = client.get(ADDRESS, headers={"accept-encoding": "gzip"})
    assert gzip.decompress(small.content) == plain.content
    assert small.headers["Content-Encoding"] == "gzip"


def test_the_pages_load_only_our_own_files(client):
    cast.representative()
    page = Page(client.get(ADDRESS).content.decode())
    loading = [e for e in page.elements if e["tag"] in {"link", "img", "script"} and e.get("rel") != "alternate"]
    loaded = [e.get("src") or e["href"] for e in loading]
    assert [address for address in loaded if not finders.find(address.removeprefix("/static/"))] == []
    assert [e["tag"] for e in page.elements if e["tag"] == "style" or "style" in e] == []


def test_the_page_of_a_place_shows_its_representatives_text(client):
    profile = cast.representative()
    rewrite("CA-ON", "en", "We meet by the lake, **all year**.", by=profile.user)
    assert "We meet by the lake, <strong>all year</strong>." in client.get(f"{ADDRESS}?place=CA-ON").content.decode()
    assert "by the lake" not in client.get(f"{ADDRESS}?place=CA-AB").content.decode()


def test_results_in_all_countries_name_the_country_of_a_province(client):
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
def test_other_pages_can_show_the_number_of_profiles(rf, places, said, django_assert_num_queries):
    for number, place in enumerate(places):
        cast.representative(f"person-{number}", place=place)
    with django_assert_num_queries(1):
        links = links_of_section(rf)
    assert links == [(ADDRESS, said), (ADDRESS, "Find your representative")]


def test_other_pages_say_what_to_do_without_profiles(rf):
    assert links_of_section(rf) == [(f"{ADDRESS}would-you/", "Become a representative")]


def links_of_section(rf):
    section = representatives_section.call(rf.get("/"))
    links = Page(render_to_string(section.template, {"section": section})).all(tag="a")
    return [(link["href"], words(link)) for link in links]
