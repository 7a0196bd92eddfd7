"""The time zone of a place: to suggest one to hosts, and to print a meeting's time as people there read it."""

import zoneinfo
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from babel.core import get_global

from chapters.models import Representative
from chapters.regions import country_of
from s4jr.accounts.models import User

#: The time zone of each state, province and territory; with two, that of most people there: Nashville for Tennessee,
#: Louisville for Kentucky, Houston for Texas, Miami for Florida, Toronto for Ontario, Saint John's for Newfoundland.
REGIONS = {
    "America/St_Johns": "CA-NL",
    "America/Halifax": "CA-NB CA-NS CA-PE",
    "America/Toronto": "CA-ON CA-QC",
    "America/Iqaluit": "CA-NU",
    "America/Winnipeg": "CA-MB",
    "America/Regina": "CA-SK",
    "America/Edmonton": "CA-AB CA-NT",
    "America/Vancouver": "CA-BC",
    "America/Whitehorse": "CA-YT",
    "America/New_York": (
        "US-CT US-DC US-DE US-FL US-GA US-MA US-MD US-ME US-NC US-NH US-NJ US-NY US-OH US-PA US-RI US-SC US-VA US-VT "
        "US-WV"
    ),
    "America/Detroit": "US-MI",
    "America/Indiana/Indianapolis": "US-IN",
    "America/Kentucky/Louisville": "US-KY",
    "America/Chicago": (
        "US-AL US-AR US-IA US-IL US-KS US-LA US-MN US-MO US-MS US-ND US-NE US-OK US-SD US-TN US-TX US-WI"
    ),
    "America/Denver": "US-CO US-MT US-NM US-UT US-WY",
    "America/Boise": "US-ID",
    "America/Phoenix": "US-AZ",
    "America/Los_Angeles": "US-CA US-NV US-OR US-WA",
    "America/Anchorage": "US-AK",
    "Pacific/Honolulu": "US-HI",
    "America/Puerto_Rico": "US-PR",
    "America/St_Thomas": "US-VI",
    "Pacific/Guam": "US-GU",
    "Pacific/Saipan": "US-MP",
    "Pacific/Pago_Pago": "US-AS",
}
#: The time zone of countries that have several, but most people in one: CLDR's primary zones. The United States, Canada
#: and others are not here: a country says too little about their time.
COUNTRIES = {
    "CL": "America/Santiago", "CN": "Asia/Shanghai", "CY": "Asia/Nicosia", "DE": "Europe/Berlin",
    "EC": "America/Guayaquil", "ES": "Europe/Madrid", "MH": "Pacific/Majuro", "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland", "PF": "Pacific/Tahiti", "PT": "Europe/Lisbon", "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
}  # fmt: skip


def zone_of_place(code: str) -> str:
    """The IANA name of the time zone of a place, by its ISO code; "" if it is not clear."""
    zones = _zones()
    return zones.get(code) or zones.get(country_of(code), "") if code else ""


def zone_of_representative(user: User) -> str:
    """The time zone of the first place or chapter that a user represents; "" for anyone else. One query."""
    terms = Representative.objects.serving().filter(user=user).select_related("chapter").order_by("begins_on", "pk")
    return zone_of_terms(terms)


def zone_of_terms(terms: Iterable[Representative]) -> str:
    """The time zone of the first of these terms that has one."""
    return next(filter(None, (zone_of_place(term.place_code) for term in terms)), "")


@lru_cache
def _zones() -> dict[str, str]:
    """{code: time zone} of the tables above, and of the countries with only one in CLDR."""
    found: dict[str, list[str]] = defaultdict(list)
    territories, old = get_global("zone_territories"), get_global("zone_aliases")
    for zone in zoneinfo.available_timezones() & territories.keys() - old.keys():
        found[territories[zone]].append(zone)
    single = {country: zones[0] for country, zones in found.items() if len(zones) == 1}
    return single | COUNTRIES | {code: zone for zone, codes in REGIONS.items() for code in codes.split()}
