"""Places by their ISO codes."""

from chapters.regions import country_choices, country_name, country_of, place_name, region_groups


def test_the_states_and_provinces_are_all_there():
    assert [(name, len(regions)) for name, regions in region_groups()] == [("Canada", 13), ("United States", 57)]


def test_countries_are_offered_by_name():
    names = [name for _, name in country_choices()]
    assert names == sorted(names)
    assert len(names) == 249


def test_the_most_exact_place_that_is_known_is_named():
    assert place_name("CA", "CA-ON") == "Ontario"
    assert place_name("NZ", "") == "New Zealand"
    assert place_name("", "") == "place not given"


def test_a_code_that_is_none_names_nothing():
    assert (country_of("CA-ON"), country_of(""), country_name("XX")) == ("CA", "", "")
