"""The place search: from the text that people type to ISO codes.

It knows abbreviations, other spellings and the names in each language of the site, with or without accents. It does not
guess: a name of two places gives both, and an unknown name gives the nearest ones to choose from.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from itertools import chain

import pycountry
from django.conf import settings
from django.utils.translation import get_language, gettext, override

from chapters.place_aliases import ALIASES
from chapters.regions import (
    WITH_REGIONS,
    country_choices,
    country_name,
    country_of,
    folded,
    region_name,
    regions_of,
)

#: The minimum similarity of two spellings, from 0 to 1, for a suggestion.
ALIKE = 0.78
MOST_OFFERED = 3
#: The most words of a text that is searched for two places.
MOST_WORDS = 10
#: Separators between two places in one text: "Ontario, Canada", "Georgia (United States)".
BETWEEN = re.compile(r"[,;/()]")


@dataclass(frozen=True)
class PlaceMatches:
    """`codes`: every place that a text names; if there are several, the user chooses.

    `nearest`: at most MOST_OFFERED places with a similar name, only if the text names none.
    """

    codes: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()


def find_places(text: str) -> PlaceMatches:
    """The places that a text names: countries, states and provinces; parts of other countries only by name."""
    words = plain(text)
    if not words:
        return PlaceMatches()
    if codes := _codes_of(words) or _codes_of_parts(text, words) or _parts_elsewhere().get(words, ()):
        return PlaceMatches(codes=tuple(codes))
    return PlaceMatches(nearest=_nearest(text, words))


def plain(text: str) -> str:
    """A text in the form for comparing: no capitals, accents or punctuation, initials as one word ("D. C." is "dc")."""
    bare = re.sub(r"[.'’´`]", "", folded(text)).replace("&", " and ")
    words = re.sub(r"[\W_]+", " ", bare).strip()
    return re.sub(r"\b(\w) (?=\w\b)", r"\1", words).removeprefix("the ")


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
    countries = {name for code, name in country_choices() if code not in _one_code_each()}
    return countries & {name for country in WITH_REGIONS for _code, name in regions_of(country)}


def place_choices() -> list[tuple[str, str]]:
    """Choices as pairs of code and label: the United States and Canada first, then every other country."""
    near = [code for country in reversed(WITH_REGIONS) for code, _name in regions_of(country)]
    others = [code for code, _name in country_choices() if code not in _one_code_each()]
    return [(code, place_label(code)) for code in chain(reversed(WITH_REGIONS), near, others)]


@lru_cache
def _one_code_each() -> dict[str, str]:
    """Territories that ISO lists both as a country and as a part of the United States: {country code: part code}."""
    parts = {part.code: part.name for part in pycountry.subdivisions.get(country_code="US") or []}
    listed = {country.alpha_2: country.name for country in pycountry.countries}
    return {code: f"US-{code}" for code, name in listed.items() if parts.get(f"US-{code}") == name}


# --- finding


def _codes_of(words: str) -> tuple[str, ...]:
    """The codes of a country, state or province in any spelling; empty for any other text."""
    if abbreviated := _abbreviations().get(words):
        return (abbreviated,)
    return _spellings().get(words) or _iso_codes().get(words, ())


def _codes_of_parts(text: str, words: str) -> tuple[str, ...]:
    """Two places that belong together, in either order: "Ontario, Canada", "CA USA", "Georgia, United States"."""
    pairs = [(plain(BETWEEN.sub(" ", left)), plain(BETWEEN.sub(" ", right))) for left, right in _halves(text, words)]
    for left, right in pairs:
        one, other = _codes_of(left), _codes_of(right)
        if codes := _inside(one, other) or _inside(other, one):
            return codes
    return ()


def _halves(text: str, words: str) -> list[tuple[str, str]]:
    """All splits of a text in two: at each separator, then between words. Empty for a text of many words."""
    parts, marks = words.split(), BETWEEN.finditer(text)
    if len(parts) > MOST_WORDS:
        return []
    at_marks = [(text[: mark.start()], text[mark.end() :]) for mark in marks]
    return at_marks[:MOST_WORDS] + [(" ".join(parts[:at]), " ".join(parts[at:])) for at in range(1, len(parts))]


def _inside(places: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code for code in places if code in others or ("-" in code and country_of(code) in others))


def _nearest(text: str, words: str) -> tuple[str, ...]:
    """Places with a name similar to the text, or to a half of it if there are none."""
    for asked in ([words], [half for pair in _halves(text, words) for half in map(plain, pair)]):
        known = chain.from_iterable(_codes_of(half) for half in asked if len(half) > 1 and half != words)
        if found := dict.fromkeys(chain(known, *map(_alike, asked))):
            return tuple(found)[:MOST_OFFERED]
    return ()


def _alike(words: str) -> Iterator[str]:
    if len(words) < 4:  # too short for a meaningful similarity
        return
    for name in get_close_matches(words, _spellings(), n=MOST_OFFERED, cutoff=ALIKE):
        yield from _spellings()[name]


# --- cached tables


@lru_cache
def _abbreviations() -> dict[str, str]:
    """The postal abbreviations of states and provinces. They take precedence over ISO country codes: PA, IL, CA."""
    return {code[3:].casefold(): code for country in WITH_REGIONS for code, _name in regions_of(country)}


@lru_cache
def _iso_codes() -> dict[str, tuple[str, ...]]:
    """ISO codes of countries and parts in the form for comparing: "fr", "can", "ca on"."""
    found: dict[str, tuple[str, ...]] = {}
    for country in pycountry.countries:
        code = _one_code_each().get(country.alpha_2, country.alpha_2)
        found |= {country.alpha_2.casefold(): (code,), country.alpha_3.casefold(): (code,)}
    return found | {plain(part.code): (part.code,) for part in pycountry.subdivisions}


@lru_cache
def _spellings() -> dict[str, tuple[str, ...]]:
    """Codes by every name and spelling of a country, state or province."""
    found: dict[str, tuple[str, ...]] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            for code, name in _named():
                _add(found, code, name)
    for code, spellings in ALIASES.items():
        for spelling in spellings:
            _add(found, code, spelling)
    return found


def _named() -> Iterator[tuple[str, str]]:
    """Pairs of code and name in the active language."""
    for code, name in chain(country_choices(), *map(regions_of, WITH_REGIONS)):
        code = _one_code_each().get(code, code)
        yield from ((code, name), (code, place_label(code)))
    for country in pycountry.countries:
        code = _one_code_each().get(country.alpha_2, country.alpha_2)
        yield from ((code, name) for name in (country.name, getattr(country, "official_name", "")) if name)


@lru_cache
def _parts_elsewhere() -> dict[str, tuple[str, ...]]:
    """Codes by the names of all countries' parts, in each language of the site."""
    found: dict[str, tuple[str, ...]] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            for part in pycountry.subdivisions:
                _add(found, part.code, region_name(part.code))
    return found


def _add(found: dict[str, tuple[str, ...]], code: str, name: str) -> None:
    codes = found.get(plain(name), ())
    ordered = sorted({*codes, code}, key=lambda one: ("-" not in one, one))  # the state first, which most people mean
    found[plain(name)] = tuple(ordered)
