"""The map is a picture; the list has the same content."""

import gzip
import re
from functools import partial

import pycountry
import pytest

from chapters.map import drawing
from chapters.models import Representative
from chapters.regions import place_code
from tests.chapters import cast
from tests.reading import Page, words
from tooling import build_map

ADDRESS = "/representatives/"


def shown(client, view=""):
    return client.get(ADDRESS, {"map": view} if view else {}).content.decode()


def pictures(html):
    return re.findall(r'<svg class="map__.*?</svg>', html, flags=re.DOTALL)


def on_shades(picture):
    """Return the place codes of each shade, from none to the most."""
    return [[shape.code for shape in shapes] for shapes in picture.shades]


def test_exactly_the_states_and_provinces_are_drawn():
    drawn = drawing._drawings()
    asked_for = {part.code for country in ("CA", "US") for part in pycountry.subdivisions.get(country_code=country)}
    assert set(drawn["north_america"]["shapes"]) == asked_for
    assert [code for code in drawn["world"]["shapes"] if code and place_code(code) != code] == []
    assert {"CA", "US", "MX", "FR", "NZ", "ZA", "BR", "IN"} <= set(drawn["world"]["shapes"])


def test_every_shape_is_path_data_with_integers():
    shapes = [path for picture in drawing._drawings().values() for path in picture["shapes"].values()]
    assert [path for path in shapes if not re.fullmatch(r"(M\d+ \d+(l-?\d+([ -]\d+)*|(h|v)-?\d+)+z)+", path)] == []


def test_a_place_is_shaded_by_its_number_of_representatives():
    counts = {
        ("CA", "CA-ON"): 1,
        ("CA", "CA-BC"): 3,
        ("US", "US-TX"): 10,
        ("US", "US-NY"): 30,
        ("US", ""): 500,
        ("FR", "FR-75"): 2,
    }
    picture = drawing.north_america(counts)
    assert on_shades(picture)[1:] == [["CA-ON"], ["CA-BC"], ["US-TX"], ["US-NY"]]
    assert picture.with_somebody == 4
    assert on_shades(drawing.world(counts))[1:] == [["FR"], ["CA"], [], ["US"]]


@pytest.mark.parametrize(("count", "shade"), [(0, 0), (1, 1), (2, 1), (3, 2), (9, 2), (10, 3), (29, 3), (30, 4)])
def test_the_shades_are_those_of_the_legend(count, shade):
    assert drawing.shade_of(count) == shade


def test_a_province_without_representatives_is_a_link_without_shade():
    picture = drawing.north_america({})
    assert [len(codes) for codes in on_shades(picture)] == [70, 0, 0, 0, 0]
    assert (picture.land, picture.with_somebody) == ("", 0)
    assert on_shades(drawing.world({})) == [["CA", "US"], [], [], [], []]


def test_a_place_too_small_to_draw_is_counted():
    assert drawing.world({("LI", ""): 1}).with_somebody == 1


@pytest.mark.django_db
@pytest.mark.parametrize("view", ["north-america", "world"])
@pytest.mark.parametrize("count", [1, 30])
def test_each_shape_says_its_place_and_number_and_is_no_tab_stop(client, count, view):
    cast.many(count, regions=600)
    (svg,) = pictures(shown(client, view))
    page, named = Page(svg), re.findall(r'<a href="\?place=([A-Z-]+)" tabindex="-1"><title>(.*?)</title><path', svg)
    drawn = drawing.VIEWS[view](Representative.objects.public().placed().count_by_place())
    shapes = [shape for shapes in drawn.shades for shape in shapes]
    assert named == [(shape.code, f"{shape.name}: {shape.count}") for shape in shapes]
    assert len(named) == len(page.all(tag="a"))
    assert (page.elements[0]["role"], page.elements[0]["aria-labelledby"]) == ("group", "map-title")
    assert [e for e in page.elements if "style" in e] == []


@pytest.mark.django_db
def test_the_names_on_the_map_are_in_the_language_of_the_page(client):
    cast.many(3, regions=1)
    assert "<title>Alberta: 3</title>" in shown(client)
    french = client.get(f"/fr{ADDRESS}").content.decode()
    assert ("<title>Colombie-Britannique: 0</title>" in french, "British Columbia" in french) == (True, False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("count", "view", "sentence"),
    [
        (1, "", "United States and Canada: 1 state or province has a listed representative."),
        (30, "", "United States and Canada: 30 states and provinces have a listed representative."),
        (1, "world", "World: 1 country has a listed representative."),
        (1, "moon", "United States and Canada: 1 state or province has a listed representative."),
    ],
)
def test_one_sentence_says_what_the_picture_shows(client, count, view, sentence):
    cast.many(count, regions=600)
    assert words(Page(shown(client, view)).one(tag="figcaption")) == sentence


@pytest.mark.django_db
def test_one_sentence_says_that_the_picture_is_empty(client):
    cast.representative(place="FR-75")
    said = "United States and Canada: no state or province has a listed representative yet."
    assert words(Page(shown(client)).one(tag="figcaption")) == said


@pytest.mark.django_db
def test_without_representatives_there_is_no_picture(client):
    assert pictures(shown(client)) + pictures(shown(client, "world")) == []


@pytest.mark.django_db
def test_each_view_links_to_the_other(client):
    cast.representative()
    there = [e["href"] for e in Page(shown(client)).all(tag="a") if words(e) == "Show the world"]
    back = [e["href"] for e in Page(shown(client, "world")).all(tag="a") if words(e).startswith("Show the United")]
    assert (there, back) == (["?map=world#map-title"], ["?map=north-america#map-title"])


@pytest.mark.django_db
def test_a_place_on_the_map_has_the_link_of_the_list(client):
    cast.representative()
    views = shown(client) + shown(client, "world")
    links = {e["href"] for svg in pictures(views) for e in Page(svg).all(tag="a")}
    assert {"?place=CA-ON", "?place=US-TX", "?place=US-DC", "?place=CA"} <= links
    assert client.get(f"{ADDRESS}?place=US-DC").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 10_000])
def test_the_pictures_are_small(client, count):
    cast.many(count, regions=5000)
    assert Representative.objects.count() == count
    for view in ("north-america", "world"):
        assert len(gzip.compress("".join(pictures(shown(client, view))).encode())) < 25_000


@pytest.mark.django_db
def test_the_shades_differ_by_more_than_color(client):
    cast.representative()
    patterns = Page(shown(client)).all(tag="pattern")
    assert [e["id"] for e in patterns] == ["shade-1", "shade-2", "shade-3", "shade-4"]


# --- how the shapes were simplified


def test_neighbours_keep_the_border_they_share():
    border = [(1, 0), (1.02, 0.2), (0.99, 0.5), (1.01, 0.8), (1, 1)]
    left = [(0, 0), *border, (0, 1)]
    right = [*border[::-1], (2, 0), (2, 1)]
    corners = build_map.junctions([left, right])
    lines = [build_map.redrawn(ring, corners, partial(build_map.simplified, least=0.1)) for ring in (left, right)]
    assert [point for point in border if point in lines[0]] == [(1, 0), (1, 1)]
    assert [point for point in border if point in lines[1]] == [(1, 0), (1, 1)]


def test_a_visible_corner_stays():
    assert build_map.simplified([(0, 0), (5, 0.01), (10, 0), (10, 10)], least=1) == [(0, 0), (10, 0), (10, 10)]


def test_specks_are_left_out_but_never_a_whole_place():
    speck, island = [(0, 0), (2, 0), (2, 2), (0, 2)], [(10, 10), (12, 10), (12, 11), (10, 11)]
    assert build_map.path_of([island, speck], smallest=9) == "M0 0l2 0 0 2-2 0z"
