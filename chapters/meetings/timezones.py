"""Time zones under the names that people use. Values are IANA names; Babel gives their CLDR names."""

import os
import sysconfig
import zoneinfo
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from babel.core import get_global
from babel.dates import get_timezone_gmt, get_timezone_location, get_timezone_name
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext, to_locale
from django.utils.translation import gettext as _

from chapters.regions import WITH_REGIONS, by_name, country_name

#: CLDR's names, and the data of many calendar apps, are as of this year. If rules changed later, "Pacific Standard
#: Time" is an hour off, and so is an app that knows a zone only by name.
KNOWN_EVERYWHERE = (datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 7, 1, tzinfo=UTC))


#: Time zones with a generic CLDR name that people use: "Eastern Time".
COMMON_ZONES = (
    "America/St_Johns",
    "America/Halifax",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Anchorage",
)
#: The common name, where CLDR has a bookish one.
COMMON_NAMES = {"hora oriental": "hora del Este"}
UK = "Europe/London"
#: The choices that come first in a select.
FIRST_CHOICES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Halifax",
    "America/St_Johns",
    UK,
    "Europe/Paris",
)
#: The six time zones of Canada and the United States, from east to west, and the UK. The Canadian cities are for times
#: when their clocks differ from those of the same zone in the United States.
SHOWN_TOGETHER = (
    "America/St_Johns",
    "America/Halifax",
    "America/New_York",
    "America/Toronto",
    "America/Chicago",
    "America/Winnipeg",
    "America/Denver",
    "America/Edmonton",
    "America/Los_Angeles",
    "America/Vancouver",
    UK,
)
#: Unicode's minus sign, not a hyphen, after which a browser may break the line.
MINUS = "\N{MINUS SIGN}"
#: Half a year: zones that have the same clock now and then have the same rules.
UNTIL_THE_OTHER_CLOCK = timedelta(days=182)


def in_full(zone: str, moment: datetime) -> str:
    """A moment in a time zone: "Thursday, December 3, 2026 at 7:00 p.m. Eastern Time"."""
    return _("%(day_and_time)s %(zone)s") % {"day_and_time": day_and_time(zone, moment), "zone": in_words(zone, moment)}


def in_both(zone: str, own: str, moment: datetime) -> str:
    """The same with the time in the reader's time zone `own`, if that is known and its clock differs:
    "Thursday, December 3, 2026 at 7:00 p.m. Eastern Time, which is 4:00 p.m. Pacific Time"."""
    when = in_full(zone, moment)
    if not (there := in_own(zone, own, moment)):
        return when
    # Translators: one moment in two time zones, such as "Thursday, December 3, 2026 at 7:00 p.m. Eastern Time, which
    # is 4:00 p.m. Pacific Time". It stands inside sentences.
    return _("%(when)s, which is %(there)s") % {"when": when, "there": there}


def in_own(zone: str, own: str, moment: datetime) -> str:
    """A moment in the reader's time zone `own`: "4:00 p.m. Pacific Time", with the day if it is another day there.
    "" if `own` is unknown or has the same clock."""
    if not own or offset_minutes(own, moment) == offset_minutes(zone, moment):
        return ""
    if day_in(own, moment) != day_in(zone, moment):
        return in_full(own, moment)
    time = time_format(moment.astimezone(zoneinfo.ZoneInfo(own)), "TIME_FORMAT")
    return _("%(day_and_time)s %(zone)s") % {"day_and_time": time, "zone": in_words(own, moment)}


def in_common_zones(moment: datetime) -> list[tuple[str, str]]:
    """Pairs of name and time, such as "Pacific Time" and "Thursday, December 3, 2026 at 4:00 p.m.": the time zones of
    Canada and the United States, and the UK. Two cities with the same name of their zone have one clock, and one pair.
    """
    pairs = {_name_in_table(zone, moment): day_and_time(zone, moment) for zone in SHOWN_TOGETHER}
    return list(pairs.items())


def _name_in_table(zone, moment):
    return _("UK time") if zone == UK else str(capfirst(in_words(zone, moment)))


def day_and_time(zone: str, moment: datetime) -> str:
    """A day and a time without the name of the time zone."""
    local = moment.astimezone(zoneinfo.ZoneInfo(zone))
    # Translators: a day and a time, such as "Thursday, December 3, 2026 at 7:00 p.m."
    return _("%(day)s at %(time)s") % {"day": full_day(local), "time": time_format(local, "TIME_FORMAT")}


def full_day(day: date) -> str:
    """ "Thursday, December 3, 2026"."""
    if day.day == 1:
        # Translators: the same form for the first day of a month, where it differs: in French "1er".
        return date_format(day, pgettext("first day of a month", "l, F j, Y"))
    # Translators: the full form of a day in Django's letters for dates, such as "Thursday, December 3, 2026".
    return date_format(day, _("l, F j, Y"))


def in_words(zone: str, moment: datetime) -> str:
    """The name of a time zone at a moment: "Eastern Time" if the zone then has the offset of that name, otherwise
    "Phoenix time (Mountain Standard Time)". With the UTC offset if CLDR's name no longer fits: "Vancouver time
    (GMT−07:00)" from November 2026 on."""
    local = moment.astimezone(zoneinfo.ZoneInfo(zone))
    if _has_common_name(zone, local):
        name = get_timezone_name(local.tzinfo, width="long", zone_variant="generic", locale=_locale())
        return COMMON_NAMES.get(name, name)
    say = get_timezone_name if is_known_everywhere(local) else get_timezone_gmt
    return _("%(city_time)s (%(name)s)") % {
        "city_time": city_time(zone),
        "name": say(local, width="long", locale=_locale())
        .replace("GMT-", f"GMT{MINUS}")
        .replace("UTC-", f"UTC{MINUS}"),
    }


def _has_common_name(zone, local):
    """Whether the zone is in the metazone of a common zone, and has the same offset."""
    families = get_global("meta_zones")
    common = next((name for name in COMMON_ZONES if families[name] == families.get(zone)), None)
    if common is None:
        return False
    there = local.astimezone(zoneinfo.ZoneInfo(common))
    return there.utcoffset() == local.utcoffset() and is_known_everywhere(there)


def is_known_everywhere(local: datetime) -> bool:
    """Whether the time zone of a local time had this UTC offset already in 2025, in summer or in winter."""
    known = [moment.astimezone(local.tzinfo) for moment in KNOWN_EVERYWHERE]
    return (local.utcoffset(), bool(local.dst())) in [(then.utcoffset(), bool(then.dst())) for then in known]


def day_in(zone: str, moment: datetime) -> date:
    """The local day in a time zone at a moment."""
    return moment.astimezone(zoneinfo.ZoneInfo(zone)).date()


def zones_by_day(moment: datetime) -> dict[date, list[str]]:
    """All time zones by their local day at a moment: two days, sometimes three."""
    found: dict[date, list[str]] = defaultdict(list)
    for zone in zoneinfo.available_timezones():
        found[day_in(zone, moment)].append(zone)
    return dict(found)


def offset_minutes(zone: str, moment: datetime) -> int:
    """The UTC offset of a time zone at a moment, by the rules that this process has loaded."""
    return _minutes(moment.astimezone(zoneinfo.ZoneInfo(zone)))


def system_offset_minutes(zone: str, moment: datetime) -> int:
    """The same by the system's rules, which Python used before `tzdata` was pinned; by ours if the system has none."""
    for folder in (sysconfig.get_config_var("TZPATH") or "").split(os.pathsep):
        file = Path(folder, zone)
        if file.is_file():
            with file.open("rb") as rules:
                return _minutes(moment.astimezone(zoneinfo.ZoneInfo.from_file(rules)))
    return offset_minutes(zone, moment)


def _minutes(local):
    return int(local.utcoffset().total_seconds() // 60)


def city_time(zone: str) -> str:
    """ "Toronto time"."""
    return _("%(city)s time") % {"city": city(zone)}


def city(zone: str) -> str:
    """The city of a time zone, in the active language."""
    return get_timezone_location(zone, locale=_locale(), return_city=True).rpartition("/")[2].replace("_", " ")


def choices(home: str = "") -> list[tuple[str, list[tuple[str, str]]]]:
    """Grouped choices: common names first, then all time zones by city, Canada and the United States first.

    A common name stands for the zone `home` if that has its clock: "Eastern Time (Toronto)" to a host in Ontario.
    """
    first = [home if _has_clock_of(name, home) else name for name in FIRST_CHOICES]
    return [(_("Common time zones"), [(name, _common_choice(name)) for name in first]), *_choices(get_language())]


def _common_choice(zone):
    """ "Eastern Time (Toronto)"."""
    if zone == UK:
        return _("UK time (London)")
    name = get_timezone_name(zone, width="long", zone_variant="generic", locale=_locale())
    return f"{capfirst(COMMON_NAMES.get(name, name))} ({city(zone)})"


def _has_clock_of(common, zone):
    """Whether a zone shares the common name and both of its clocks. Dublin does with London, but is not in the UK."""
    families, now = get_global("meta_zones"), timezone.now()
    if not zone or common == UK or families.get(zone) != families[common]:
        return False
    moments = (now, now + UNTIL_THE_OTHER_CLOCK)
    return all(offset_minutes(zone, moment) == offset_minutes(common, moment) for moment in moments)


@lru_cache
def _choices(language):
    territories = get_global("zone_territories")
    zones = sorted(zoneinfo.available_timezones() & territories.keys() - get_global("zone_aliases").keys())
    places = [(territories[zone], zone) for zone in zones if "/" in zone and not zone.startswith("Etc/")]
    near = [(country_name(code), _pairs(zone for at, zone in places if at == code)) for code in WITH_REGIONS]
    return [*near, (_("Elsewhere"), _pairs(zone for at, zone in places if at not in WITH_REGIONS))]


def _pairs(zones):
    return sorted(((zone, city(zone)) for zone in zones), key=lambda pair: by_name(pair[1]))


def _locale():
    return to_locale(get_language() or "en")
