"""The place search of the site: from what people type to ISO codes.

It reads abbreviations, other spellings and names in each language of the site, with or without accents. Nothing is
guessed: a name of two places gives both, and an unknown name gives the nearest ones for its writer to choose from.
"""

import re
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

#: How alike two spellings are, from 0 to 1, so that one is offered for the other.
ALIKE = 0.78
MOST_OFFERED = 3
#: Two places in one text have no more words than this together.
MOST_WORDS = 10
#: The marks between two places of one text: "Ontario, Canada", "Georgia (United States)".
BETWEEN = re.compile(r"[,;/()]")


@dataclass(frozen=True)
class PlaceMatches:
    """`codes`: every place that a text names; the writer chooses where there are several.

    `nearest`: at most MOST_OFFERED places with a similar name, only where the text names none.
    """

    codes: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()


def find_places(text: str) -> PlaceMatches:
    """The places that a text names: countries, states and provinces; parts of other countries by their names only."""
    words = plain(text)
    if not words:
        return PlaceMatches()
    if codes := _codes_of(words) or _codes_of_parts(text, words) or _parts_elsewhere().get(words, ()):
        return PlaceMatches(codes=tuple(codes))
    return PlaceMatches(nearest=_nearest(text, words))


def plain(text: str) -> str:
    """A text as spellings are compared: no capitals, accents or marks, and initials as one word ("D. C." is "dc")."""
    bare = re.sub(r"[.'’´`]", "", folded(text)).replace("&", " and ")
    words = re.sub(r"[\W_]+", " ", bare).strip()
    return re.sub(r"\b(\w) (?=\w\b)", r"\1", words).removeprefix("the ")


# --- names for people


def place_label(code: str) -> str:
    """The name that is one place's only, in the language of the page: "Ontario, Canada", "Georgia (country)"."""
    if "-" in code:
        return f"{region_name(code)}, {country_name(country_of(code))}"
    name = country_name(code)
    return gettext("%(name)s (country)") % {"name": name} if name in _shared_names(get_language()) else name


@lru_cache
def _shared_names(language):
    """Names that a country shares with a state or province."""
    countries = {name for code, name in country_choices() if code not in _one_code_each()}
    return countries & {name for country in WITH_REGIONS for _code, name in regions_of(country)}


def place_choices() -> list[tuple[str, str]]:
    """Pairs of code and label to choose from: the United States and Canada first, then every other country."""
    near = [code for country in reversed(WITH_REGIONS) for code, _name in regions_of(country)]
    others = [code for code, _name in country_choices() if code not in _one_code_each()]
    return [(code, place_label(code)) for code in chain(reversed(WITH_REGIONS), near, others)]


@lru_cache
def _one_code_each():
    """Territories that ISO lists twice, as a country and as a part of the United States: {country's code: part's}."""
    parts = {part.code: part.name for part in pycountry.subdivisions.get(country_code="US")}
    listed = {country.alpha_2: country.name for country in pycountry.countries}
    return {code: f"US-{code}" for code, name in listed.items() if parts.get(f"US-{code}") == name}


# --- finding


def _codes_of(words):
    """The codes of a country, state or province, however it is written; nothing for any other text."""
    if abbreviated := _abbreviations().get(words):
        return (abbreviated,)
    return _spellings().get(words) or _iso_codes().get(words, ())


def _codes_of_parts(text, words):
    """Two places that belong together, in either order: "Ontario, Canada", "CA USA", "Georgia, United States"."""
    pairs = [(plain(BETWEEN.sub(" ", left)), plain(BETWEEN.sub(" ", right))) for left, right in _halves(text, words)]
    for left, right in pairs:
        one, other = _codes_of(left), _codes_of(right)
        if codes := _inside(one, other) or _inside(other, one):
            return codes
    return ()


def _halves(text, words):
    """A text cut in two in every way: at each mark, then between its words. Of a text of many words, nothing."""
    parts, marks = words.split(), BETWEEN.finditer(text)
    if len(parts) > MOST_WORDS:
        return []
    at_marks = [(text[: mark.start()], text[mark.end() :]) for mark in marks]
    return at_marks[:MOST_WORDS] + [(" ".join(parts[:at]), " ".join(parts[at:])) for at in range(1, len(parts))]


def _inside(places, others):
    return tuple(code for code in places if code in others or ("-" in code and country_of(code) in others))


def _nearest(text, words):
    """Places with a similar name; those of a half of the text where the whole resembles none."""
    for asked in ([words], [half for pair in _halves(text, words) for half in map(plain, pair)]):
        known = chain.from_iterable(_codes_of(half) for half in asked if len(half) > 1 and half != words)
        if found := dict.fromkeys(chain(known, *map(_alike, asked))):
            return tuple(found)[:MOST_OFFERED]
    return ()


def _alike(words):
    if len(words) < 4:  # too short for a likeness to mean anything
        return
    for name in get_close_matches(words, _spellings(), n=MOST_OFFERED, cutoff=ALIKE):
        yield from _spellings()[name]


# --- what is known, read once


@lru_cache
def _abbreviations():
    """The postal abbreviations of states and provinces. They come before ISO's codes of countries: PA, IL, CA."""
    return {code[3:].casefold(): code for country in WITH_REGIONS for code, _name in regions_of(country)}


@lru_cache
def _iso_codes():
    """ISO's codes of countries and parts, as people may type them: "fr", "can", "ca on"."""
    found = {}
    for country in pycountry.countries:
        code = _one_code_each().get(country.alpha_2, country.alpha_2)
        found |= {country.alpha_2.casefold(): (code,), country.alpha_3.casefold(): (code,)}
    return found | {plain(part.code): (part.code,) for part in pycountry.subdivisions}


@lru_cache
def _spellings():
    """Codes by every name and other spelling of a country, state or province."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            for code, name in _named():
                _add(found, code, name)
    for code, spellings in ALIASES.items():
        for spelling in spellings:
            _add(found, code, spelling)
    return found


def _named():
    """Pairs of a code and a name in the present language."""
    for code, name in chain(country_choices(), *map(regions_of, WITH_REGIONS)):
        code = _one_code_each().get(code, code)
        yield from ((code, name), (code, place_label(code)))
    for country in pycountry.countries:
        code = _one_code_each().get(country.alpha_2, country.alpha_2)
        yield from ((code, name) for name in (country.name, getattr(country, "official_name", "")) if name)


@lru_cache
def _parts_elsewhere():
    """Codes by the names of other countries' parts, in each language of the site."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            for part in pycountry.subdivisions:
                _add(found, part.code, region_name(part.code))
    return found


def _add(found, code, name):
    codes = found.get(plain(name), ())
    ordered = sorted({*codes, code}, key=lambda one: ("-" not in one, one))  # the state first: most readers mean it
    found[plain(name)] = tuple(ordered)
