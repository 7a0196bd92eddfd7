"""Places by ISO code: 3166-1 for countries, 3166-2 for their parts, such as states and provinces.

Their names in the active language come from `place_data/names.json`.
"""

import unicodedata
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chapters.place_data.tables import all_names, name_in

#: The countries with a state or province for everyone.
WITH_REGIONS = ("CA", "US")
#: The nations of the United Kingdom are places of their own too. A whole country is enough elsewhere.
NATIONS = ("GB-ENG", "GB-NIR", "GB-SCT", "GB-WLS")
#: ISO lists these both as a country and as a part of the United States. Here each is one place: {country: place}.
TERRITORIES = {code: f"US-{code}" for code in ("AS", "GU", "MP", "PR", "UM", "VI")}


def country_choices() -> list[tuple[str, str]]:
    """Pairs of ISO 3166-1 alpha-2 code and name, sorted by name."""
    return _sorted_names(get_language(), None)


def regions_of(country: str) -> list[tuple[str, str]]:
    """Pairs of ISO 3166-2 code and name, sorted by name, of a country's parts that are places of their own."""
    return _sorted_names(get_language(), country)


def region_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """Grouped choices of the regions: [(country name, [(code, name), ...]), ...]."""
    return [(country_name(country), regions_of(country)) for country in (*WITH_REGIONS, "GB")]


def country_of(region: str) -> str:
    """The country code at the start of a region code."""
    return region.partition("-")[0]


def place_and_country(code: str) -> list[str]:
    """The codes of a place and of its country: ["CA-ON", "CA"], ["CA"], or [""] for no place."""
    return list(dict.fromkeys([code, country_of(code)]))


def country_name(code: str) -> str:
    """The name of a country, or "" for an unknown code."""
    return "" if "-" in code else name_in(code, get_language())


def region_name(code: str) -> str:
    """The name of a country's part, or "" for an unknown code."""
    return name_in(code, get_language()) if "-" in code else ""


def place_name(country: str, region: str) -> str:
    """The most specific name: "Ontario", else "Canada", else "place not given"."""
    return (region and region_name(region)) or country_name(country) or _("place not given")


def place_code(text: str) -> str:
    """The code of a country or a part of one, in ISO's capitals; "" if the text is not a code. "pr" is US-PR."""
    code = text.upper() if text.isascii() else ""
    return TERRITORIES.get(code, code if code in all_names() else "")


def listed_place(code: str) -> str:
    """The place that forms offer for a code: itself, or the country of a part that is not a place of its own."""
    is_listed = "-" not in code or country_of(code) in WITH_REGIONS or code in NATIONS
    return code if is_listed else country_of(code)


def by_name(name: str) -> tuple[str, str]:
    """The sort key of a name. It ignores accents and capitals."""
    return folded(name), name


def folded(text: str) -> str:
    """A text without capitals and accents, for comparing."""
    characters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in characters if not unicodedata.combining(character)).strip()


@lru_cache
def _sorted_names(language: str | None, country: str | None) -> list[tuple[str, str]]:
    codes = [code for code in all_names() if _is_listed(code, country)]
    return sorted(((code, name_in(code, language)) for code in codes), key=lambda pair: by_name(pair[1]))


def _is_listed(code: str, country: str | None) -> bool:
    if country is None:
        return "-" not in code
    return code.startswith(f"{country}-") and (country in WITH_REGIONS or code in NATIONS)
