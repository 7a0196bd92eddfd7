"""Places, by the ISO codes: 3166-1 for countries, 3166-2 for the parts of the United States and Canada.

The lists come from pycountry; we keep no table of our own.
"""

from functools import lru_cache

import pycountry
from django.utils.translation import gettext as _

#: Countries whose states or provinces are asked for; elsewhere the country is enough.
WITH_REGIONS = ("CA", "US")


@lru_cache
def country_choices():
    """Pairs of ISO 3166-1 alpha-2 code and name, by name."""
    return sorted(((country.alpha_2, _name(country)) for country in pycountry.countries), key=lambda pair: pair[1])


@lru_cache
def regions_of(country):
    """Pairs of ISO 3166-2 code and name of a country's parts, by name."""
    parts = pycountry.subdivisions.get(country_code=country) or []
    return sorted(((part.code, part.name) for part in parts), key=lambda pair: pair[1])


def region_groups():
    """The regions that are asked for, as groups for a select: [(country name, [(code, name), ...]), ...]."""
    return [(country_name(country), regions_of(country)) for country in WITH_REGIONS]


def country_of(region):
    """The country code that a region's code begins with."""
    return region.partition("-")[0]


def country_name(code):
    """A country's name, or "" for a code that is none."""
    country = pycountry.countries.get(alpha_2=code)
    return _name(country) if country else ""


def place_name(country, region):
    """The most exact name that is known: "Ontario", else "Canada", else "place not given"."""
    part = pycountry.subdivisions.get(code=region) if region else None
    return part.name if part else country_name(country) or _("place not given")


def _name(country):
    return getattr(country, "common_name", country.name)
