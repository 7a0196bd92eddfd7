"""Reads the place of a line in a list, which has it in one column or in two: the country, and its state or province."""

from collections.abc import Iterable
from functools import lru_cache

from chapters.place_search import place_label, places_named
from chapters.regions import WITH_REGIONS, country_of, listed_place, place_code, regions_of


@lru_cache(maxsize=1000)
def place_of(region: str, country: str, *, any_part: bool = False) -> tuple[str, str]:
    """Returns (country code, region code) for codes, names and short forms of places. Raises LookupError for an unknown
    place, and its subclass SeveralPlaces for the name of several.

    Two letters in the region column are a state or province, as `CA` is in US lists. A country is spelled out or has
    its own column. Where forms offer no part of a country, the country is enough; with `any_part` its parts count too.
    """
    around = (_one_of([place_code(country)] if place_code(country) else places_named(country))) if country else ""
    if not region or (around and not any_part and not regions_of(country_of(around))):
        return _in_columns(around)
    if not around:
        return _in_columns(_one_of(places_named(region), any_part))
    inside = [code for code in places_named(f"{region}, {place_label(around)}") if around in (code, country_of(code))]
    if not inside and around not in WITH_REGIONS and not any_part:
        return _in_columns(around)
    return _in_columns(_one_of(inside, any_part))


class SeveralPlaces(LookupError):
    """A name of several places. `args` has their codes."""


def _one_of(codes: Iterable[str], any_part: bool = False) -> str:
    """The only place among some; without `any_part`, the only one that forms offer."""
    places = dict.fromkeys(codes if any_part else map(listed_place, codes))
    if len(places) > 1:
        raise SeveralPlaces(*places)
    if not places:
        raise LookupError
    return next(iter(places))


def _in_columns(code: str) -> tuple[str, str]:
    return country_of(code), code if "-" in code else ""
