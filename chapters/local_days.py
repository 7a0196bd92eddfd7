"""The local day in a place. With several time zones, it is the day of the easternmost, where days begin and end first.

`last_today_in_place` uses the last time zone, for what must not end before a day is over in the whole place.
"""

import zoneinfo
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from babel.core import get_global
from django.utils import timezone

from chapters.regions import country_of
from s4jr.days import easternmost_today, westernmost_today

#: The easternmost time zone of each state, province and territory. Those of countries come from CLDR, through Babel.
REGIONS = {
    "America/St_Johns": "CA-NL",
    "America/Halifax": "CA-NB CA-NS CA-PE CA-QC",
    "America/Toronto": "CA-NU CA-ON",
    "America/Winnipeg": "CA-MB",
    "America/Edmonton": "CA-AB CA-BC CA-NT CA-SK",
    "America/Whitehorse": "CA-YT",
    "America/Puerto_Rico": "US-PR US-VI",
    "America/New_York": (
        "US-CT US-DC US-DE US-FL US-GA US-IN US-KY US-MA US-MD US-ME US-MI US-NC US-NH US-NJ US-NY US-OH US-PA US-RI "
        "US-SC US-TN US-VA US-VT US-WV"
    ),
    "America/Chicago": ("US-AL US-AR US-IA US-IL US-KS US-LA US-MN US-MO US-MS US-ND US-NE US-OK US-SD US-TX US-WI"),
    "America/Denver": "US-AZ US-CO US-ID US-MT US-NM US-NV US-OR US-UT US-WY",
    "America/Los_Angeles": "US-CA US-WA",
    "America/Anchorage": "US-AK",
    "Pacific/Honolulu": "US-HI",
    "Pacific/Guam": "US-GU US-MP",
    "Pacific/Pago_Pago": "US-AS",
    "Pacific/Wake": "US-UM",
}
#: The most that the last time zone of a state, province or territory is behind the first: Nunavut has three.
LAST_ZONE_BEHIND = timedelta(hours=2)
QUARTER = timedelta(minutes=15)


def today_in_place(code: str, now: datetime | None = None) -> date:
    """The local day in a country or region, by its ISO code; for an unknown code the easternmost day."""
    now = now or timezone.now()
    days = _days(_quarter(now))
    return days.get(code) or days.get(country_of(code)) or easternmost_today(now)


def last_today_in_place(code: str, now: datetime | None = None) -> date:
    """The local day in the last time zone of a country or region; for an unknown code the westernmost day."""
    now = now or timezone.now()
    zones = _zones().get(code)
    if zones and code != country_of(code):
        now -= LAST_ZONE_BEHIND
    zones = zones or _zones().get(country_of(code))
    return min(_day(zone, now) for zone in zones) if zones else westernmost_today(now)


def places_by_day(now: datetime | None = None) -> dict[date, list[str]]:
    """The codes of all known places by their local day: two days, sometimes three."""
    found: dict[date, list[str]] = defaultdict(list)
    for code, day in _days(_quarter(now or timezone.now())).items():
        found[day].append(code)
    return dict(found)


def _quarter(now: datetime) -> datetime:
    """Rounds down to a quarter of an hour, so that `_days` can be cached: all UTC offsets are multiples of it."""
    return now - (now - datetime.min.replace(tzinfo=UTC)) % QUARTER


@lru_cache(maxsize=4)
def _days(now: datetime) -> dict[str, date]:
    return {code: max(_day(zone, now) for zone in zones) for code, zones in _zones().items()}


def _day(zone: str, now: datetime) -> date:
    return now.astimezone(zoneinfo.ZoneInfo(zone)).date()


@lru_cache
def _zones() -> dict[str, list[str]]:
    """{code: time zones}."""
    found: dict[str, list[str]] = defaultdict(list)
    known = zoneinfo.available_timezones()
    for zone, country in get_global("zone_territories").items():
        if zone in known and country != "001":
            found[country].append(zone)
    return found | {code: [zone] for zone, codes in REGIONS.items() for code in codes.split()}
