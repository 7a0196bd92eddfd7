"""Places by ISO code: 3166-1 for countries, 3166-2 for their parts, such as states and provinces.

The codes, and their names in the active language, come from pycountry.
"""

import gettext as catalogues
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pycountry
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

#: The countries for which forms ask for the state or province.
WITH_REGIONS = ("CA", "US")


def country_choices() -> list[tuple[str, str]]:
    """Pairs of ISO 3166-1 alpha-2 code and name, sorted by name."""
    return _sorted_names(get_language(), None)


def regions_of(country: str) -> list[tuple[str, str]]:
    """Pairs of ISO 3166-2 code and name of a country's parts, sorted by name."""
    return _sorted_names(get_language(), country)


def region_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """Grouped choices of the regions: [(country name, [(code, name), ...]), ...]."""
    return [(country_name(country), regions_of(country)) for country in WITH_REGIONS]


def country_of(region: str) -> str:
    """The country code at the start of a region code."""
    return region.partition("-")[0]


def country_name(code: str) -> str:
    """The name of a country, or "" for an unknown code."""
    country = pycountry.countries.get(alpha_2=code)
    return _country_name(country, get_language()) if country else ""


def region_name(code: str) -> str:
    """The name of a country's part, or "" for an unknown code."""
    part = pycountry.subdivisions.get(code=code)
    return _region_name(part, get_language()) if part else ""


def place_name(country: str, region: str) -> str:
    """The most specific name: "Ontario", else "Canada", else "place not given"."""
    return (region and region_name(region)) or country_name(country) or _("place not given")


def place_code(text: str) -> str:
    """The code of a country or a part of one, in ISO's capitals; "" if the text is not a code."""
    found = pycountry.subdivisions.get(code=text) or pycountry.countries.get(alpha_2=text)
    return getattr(found, "code", None) or getattr(found, "alpha_2", "")


def by_name(name: str) -> tuple[str, str]:
    """The sort key of a name. It ignores accents and capitals."""
    return folded(name), name


def folded(text: str) -> str:
    """A text without capitals and accents, for comparing."""
    characters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in characters if not unicodedata.combining(character)).strip()


@lru_cache
def _sorted_names(language: str | None, country: str | None) -> list[tuple[str, str]]:
    if country is None:
        pairs = [(one.alpha_2, _country_name(one, language)) for one in pycountry.countries]
    else:
        parts = pycountry.subdivisions.get(country_code=country) or []
        pairs = [(part.code, _region_name(part, language)) for part in parts]
    return sorted(pairs, key=lambda pair: by_name(pair[1]))


def _country_name(country: Any, language: str | None) -> str:
    """The short name ("Bolivia") if there is one in the language, else the long one."""
    short, translate = getattr(country, "common_name", country.name), _catalogue("iso3166-1", language)
    return translate(short) if translate(short) != short else _or(translate(country.name), country.name, short)


def _or(translated: str, original: str, otherwise: str) -> str:
    return translated if translated != original else otherwise


def _region_name(part: Any, language: str | None) -> str:
    return _catalogue("iso3166-2", language)(part.name)


@lru_cache
def _catalogue(domain: str, language: str | None) -> Callable[[str], str]:
    """The `gettext` function for ISO names in a language, with the translations of pycountry."""
    locale = to_locale(language or "en")
    languages = [locale, locale.partition("_")[0]]
    return catalogues.translation(domain, pycountry.LOCALES_DIR, languages, fallback=True).gettext
