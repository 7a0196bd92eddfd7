"""The place search: from the text that people type to ISO codes.

It knows abbreviations, other spellings, the names in each language of the site, large cities and postal codes. It does
not guess: a name of two places gives both, and an unknown name gives the nearest ones to choose from.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from itertools import chain

from django.utils.translation import get_language, gettext

from chapters.place_data.tables import all_names, cities, spellings
from chapters.place_spelling import plain
from chapters.postal_codes import places_of_postal_code
from chapters.regions import (
    NATIONS,
    TERRITORIES,
    WITH_REGIONS,
    country_choices,
    country_name,
    country_of,
    place_code,
    region_name,
    regions_of,
)

#: The minimum similarity of two spellings, from 0 to 1, for a suggestion.
ALIKE = 0.78
MOST_OFFERED = 3
#: The most words of a text that is searched for several places, and the most places in it: "Toronto ON M5V 2T6 Canada".
MOST_WORDS, MOST_PARTS = 10, 4
#: The most words of a text whose parts are compared with all names, which takes milliseconds for each.
MOST_WORDS_CORRECTED = 5
#: Separators between two places in one text: "Ontario, Canada", "Georgia (United States)".
BETWEEN = re.compile(r"[,;/()]")
#: "Georgia (country)", in each language of the site.
COUNTRY_WORDS = {"country", "pays", "pais"}


@dataclass(frozen=True)
class PlaceMatches:
    """`codes`: every place that a text names; if there are several, the user chooses.

    `nearest`: at most MOST_OFFERED places with a similar name, only if the text names none.
    """

    codes: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()


def find_places(text: str) -> PlaceMatches:
    """The places that a text names: countries, states and provinces; parts of other countries only by name."""
    codes = places_named(text)
    return PlaceMatches(codes=codes) if codes else PlaceMatches(nearest=_nearest(text, plain(text)))


def places_named(text: str) -> tuple[str, ...]:
    """The `codes` of `find_places`. It takes no time to look for the nearest names, so it suits a long list."""
    words = plain(text)
    return _codes_of(words) or _codes_of_parts(text, words) or _split(spellings()["far"], words)


def is_full_name(text: str, code: str) -> bool:
    """Whether a text is the code of a place or its name in a language of the site, with or without its country."""
    names, around = all_names()[code], [*all_names()[country_of(code)], *COUNTRY_WORDS]
    full = chain(names, (f"{name} {country}" for name in names for country in around))
    is_code = text.strip() == code or (text.strip().upper() == code and "-" in code)
    return is_code or plain(text) in map(plain, full)


# --- names for people


def place_label(code: str) -> str:
    """The unambiguous name of a place in the active language: "Ontario, Canada", "Georgia (country)"."""
    if "-" in code:
        return f"{region_name(code)}, {country_name(country_of(code))}"
    name = country_name(code)
    return gettext("%(name)s (country)") % {"name": name} if name in _shared_names(get_language()) else name


@lru_cache
def _shared_names(language: str | None) -> set[str]:
    """Names that a country shares with a state or province."""
    countries = {name for code, name in country_choices() if code not in TERRITORIES}
    return countries & {name for country in WITH_REGIONS for _code, name in regions_of(country)}


def place_choices() -> list[tuple[str, str]]:
    """Choices as pairs of code and label: the United States and Canada first, then every other country."""
    near = [code for country in reversed(WITH_REGIONS) for code, _name in regions_of(country)]
    others = [code for code, _name in country_choices() if code not in TERRITORIES]
    codes = dict.fromkeys(chain(reversed(WITH_REGIONS), near, NATIONS, others))
    return [(code, place_label(code)) for code in codes]


# --- finding


def _codes_of(words: str) -> tuple[str, ...]:
    """The codes of one place in any spelling: what most people mean by it. Empty for any other text."""
    if abbreviated := _abbreviations().get(words):
        return (abbreviated,)
    return (
        _split(spellings()["near"], words)
        or _codes_of_code(words)
        or places_of_postal_code(words)
        or _split(cities(), words)
    )


def _codes_of_code(words: str) -> tuple[str, ...]:
    """The place of an ISO code, "fr" or "ca on", and of a flag: "flag ca", "flag gbsct"."""
    flag = words.removeprefix("flag ")
    code = place_code(words.replace(" ", "-", 1) if flag == words else "-".join(filter(None, (flag[:2], flag[2:]))))
    return (code,) if code else ()


def _codes_of_parts(text: str, words: str, most: int = MOST_PARTS) -> tuple[str, ...]:
    """Places that belong together, in any order: "Ontario, Canada", "CA USA", "Toronto, ON, Canada"."""
    if most < 2:
        return ()
    for one, other in _halves(text, words):
        if codes := _inside(one, other, most) or _inside(other, one, most):
            return codes
    return ()


def _halves(text: str, words: str) -> list[tuple[str, str]]:
    """All splits of a text in two: at each separator, then between words. Empty for a text of many words."""
    parts, marks = words.split(), BETWEEN.finditer(text)
    if len(parts) > MOST_WORDS:
        return []
    at_marks = [(text[: mark.start()], text[mark.end() :]) for mark in marks]
    return at_marks[:MOST_WORDS] + [(" ".join(parts[:at]), " ".join(parts[at:])) for at in range(1, len(parts))]


def _inside(text: str, around: str, most: int) -> tuple[str, ...]:
    """The places of a text that are in one of the places `around`, or are one of them."""
    words, outer = plain(text), plain(around)
    if outer in COUNTRY_WORDS:
        return tuple(code for code in _codes_of(words) if "-" not in code)
    others = _all_codes_of(outer, with_cities=False)
    if not others:
        return ()
    # A city with the name of a state counts only beside its own state: "Ontario, California", not "Ontario, USA".
    is_near_a_region = any("-" in code for code in others)
    places = _all_codes_of(words, with_cities=is_near_a_region) or _codes_of_parts(text, words, most - 1)
    places += _split(spellings()["far"], words)
    return tuple(code for code in places if code in others or country_of(code) in others)


def _all_codes_of(words: str, *, with_cities: bool) -> tuple[str, ...]:
    """The codes of one place in every reading: "CA" is also Canada, and "Ontario" also a city in California."""
    codes = dict.fromkeys(_codes_of(words))
    if words.upper() in WITH_REGIONS:
        codes[words.upper()] = None
    if with_cities:
        codes |= dict.fromkeys(_split(cities(), words))
    return tuple(codes)


def _nearest(text: str, words: str) -> tuple[str, ...]:
    """Places with a name similar to the text, or to a half of it if there are none."""
    if found := dict.fromkeys(_alike(words)):
        return tuple(found)[:MOST_OFFERED]
    if len(words.split()) > MOST_WORDS_CORRECTED:
        return ()
    halves = [(plain(one), plain(other)) for pair in _halves(text, words) for one, other in (pair, pair[::-1])]
    alike = {one: tuple(_alike(one)) for one, _other in halves}
    inside = (code for one, other in halves for code in alike[one] if code != country_of(code) in _codes_of(other))
    known = (code for one in alike if len(one) > 1 for code in _codes_of(one))
    return tuple(dict.fromkeys(chain(inside, known, *alike.values())))[:MOST_OFFERED]


def _alike(words: str) -> Iterator[str]:
    """Places with a name that may be meant, most similar first."""
    if len(words) < 4:  # too short for a meaningful similarity
        return
    least, most = len(words) * ALIKE / (2 - ALIKE), len(words) * (2 - ALIKE) / ALIKE  # other lengths are never alike
    names = [name for length, names in _names_by_length().items() if least <= length <= most for name in names]
    for name in get_close_matches(words, names, n=MOST_OFFERED, cutoff=ALIKE):
        yield from _split(spellings()["near"], name) or _split(cities(), name)


@lru_cache
def _names_by_length() -> dict[int, list[str]]:
    """The names of places and of cities, by their length."""
    found: dict[int, list[str]] = {}
    for name in cities() | spellings()["near"]:
        found.setdefault(len(name), []).append(name)
    return found


def _split(table: dict[str, str], words: str) -> tuple[str, ...]:
    return tuple(table.get(words, "").split())


@lru_cache
def _abbreviations() -> dict[str, str]:
    """The postal abbreviations of states and provinces. They take precedence over ISO country codes: PA, IL, CA."""
    return {code[3:].casefold(): code for country in WITH_REGIONS for code, _name in regions_of(country)}
