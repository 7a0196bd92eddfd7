"""Places by their ISO codes."""

import pytest
from django.utils.translation import override

from chapters.regions import (
    by_name,
    country_choices,
    country_name,
    country_of,
    place_code,
    place_name,
    region_groups,
    region_name,
)


def test_all_states_and_provinces_exist():
    groups = [(name, len(regions)) for name, regions in region_groups()]
    assert groups == [("Canada", 13), ("United States", 57), ("United Kingdom", 4)]


@pytest.mark.parametrize("language", ["en", "fr-ca", "es"])
def test_countries_are_sorted_by_name_without_accents(language):
    with override(language):
        names = [name for _, name in country_choices()]
    assert names == sorted(names, key=by_name)
    assert len(names) == 249


def test_an_accent_does_not_move_a_country_to_the_end():
    names = [name for _, name in country_choices()]
    assert names[:3] == ["Afghanistan", "Åland Islands", "Albania"]


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["United States", "New York", "British Columbia", "Bolivia"]),
        ("fr-ca", ["États-Unis", "New York", "Colombie-Britannique", "Bolivie"]),
        ("es", ["Estados Unidos", "Nueva York", "Columbia Británica", "Bolivia"]),
    ],
)
def test_places_are_named_in_the_language_of_the_page(language, names):
    with override(language):
        said = [country_name("US"), region_name("US-NY"), region_name("CA-BC"), country_name("BO")]
    assert said == names


def test_the_most_specific_known_place_is_named():
    assert place_name("CA", "CA-ON") == "Ontario"
    assert place_name("NZ", "") == "New Zealand"
    assert place_name("NZ", "NZ") == "New Zealand"
    assert place_name("", "") == "place not given"


def test_an_unknown_code_names_nothing():
    assert (country_of("CA-ON"), country_of(""), country_name("XX"), region_name("CA-XX")) == ("CA", "", "", "")


def test_a_place_is_a_country_or_a_part_of_one():
    assert [place_code(text) for text in ("CA", "ca", "CA-ON", "ca-on")] == ["CA", "CA", "CA-ON", "CA-ON"]
    assert [place_code(text) for text in ("", "XX", "CA-XX", "-", "Ontario")] == [""] * 5
