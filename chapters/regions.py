"""Places, by the ISO codes: 3166-1 for countries, 3166-2 for their parts, such as states and provinces.

The lists come from pycountry, and so do their names in the language of the page; we keep no table of our own.
"""

import gettext as catalogues
import unicodedata
from functools import lru_cache

import pycountry
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

#: Countries whose states or provinces are asked for; elsewhere the country is enough.
WITH_REGIONS = ("CA", "US")


def country_choices():
    """Pairs of ISO 3166-1 alpha-2 code and name, by name."""
    return _sorted_names(get_language(), None)


def regions_of(country):
    """Pairs of ISO 3166-2 code and name of a country's parts, by name."""
    return _sorted_names(get_language(), country)


def region_groups():
    """The regions that are asked for, as groups for a select: [(country name, [(code, name), ...]), ...]."""
    return [(country_name(country), regions_of(country)) for country in WITH_REGIONS]


def country_of(region):
    """The country code that a region's code begins with."""
    return region.partition("-")[0]


def country_name(code):
    """A country's name, or "" for a code that is none."""
    country = pycountry.countries.get(alpha_2=code)
    return _country_name(country, get_language()) if country else ""


def region_name(code):
    """The name of a country's part, or "" for a code that is none."""
    part = pycountry.subdivisions.get(code=code)
    return _region_name(part, get_language()) if part else ""


def place_name(country, region):
    """The most exact name that is known: "Ontario", else "Canada", else "place not given"."""
    return (region and region_name(region)) or country_name(country) or _("place not given")


def place_code(text):
    """The code of a country, or of a part of one, as ISO writes it, from any way to write it; "" where it is none."""
    found = pycountry.subdivisions.get(code=text) or pycountry.countries.get(alpha_2=text)
    return getattr(found, "code", None) or getattr(found, "alpha_2", "")


def by_name(name):
    """The key to sort names by as people look for them: whatever their accents and capitals."""
    return folded(name), name


def folded(text):
    """A text as people type it who look for it: without capitals and accents."""
    characters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in characters if not unicodedata.combining(character)).strip()


@lru_cache
def _sorted_names(language, country):
    if country is None:
        pairs = [(one.alpha_2, _country_name(one, language)) for one in pycountry.countries]
    else:
        parts = pycountry.subdivisions.get(country_code=country) or []
        pairs = [(part.code, _region_name(part, language)) for part in parts]
    return sorted(pairs, key=lambda pair: by_name(pair[1]))


def _country_name(country, language):
    """The short name where the language has it ("Bolivia"), else the long one in that language."""
    short, translate = getattr(country, "common_name", country.name), _catalogue("iso3166-1", language)
    return translate(short) if translate(short) != short else _or(translate(country.name), country.name, short)


def _or(translated, original, otherwise):
    return translated if translated != original else otherwise


def _region_name(part, language):
    return _catalogue("iso3166-2", language)(part.name)


@lru_cache
def _catalogue(domain, language):
    """What says a name of ISO's list in a language; pycountry ships the translations."""
    locale = to_locale(language or "en")
    languages = [locale, locale.partition("_")[0]]
    return catalogues.translation(domain, pycountry.LOCALES_DIR, languages, fallback=True).gettext
