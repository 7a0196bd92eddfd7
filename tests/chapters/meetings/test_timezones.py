"""Time zones by their common names."""

import zoneinfo
from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from chapters.meetings import timezones

SUMMER, WINTER = datetime(2027, 7, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "moment", "said"),
    [
        ("America/Toronto", WINTER, "Eastern Time"),
        ("America/Toronto", SUMMER, "Eastern Time"),
        ("America/St_Johns", WINTER, "Newfoundland Time"),
        ("America/Phoenix", SUMMER, "Phoenix time (Mountain Standard Time)"),
        ("Europe/London", SUMMER, "London time (British Summer Time)"),
        ("America/Indiana/Indianapolis", SUMMER, "Indianapolis time (GMT-04:00)"),
        # These stay on daylight time from November 2026 on; the common name would be an hour off.
        ("America/Vancouver", datetime(2026, 7, 1, tzinfo=UTC), "Pacific Time"),
        ("America/Vancouver", WINTER, "Vancouver time (GMT-07:00)"),
        ("America/Vancouver", SUMMER, "Pacific Time"),
        ("America/Edmonton", WINTER, "Edmonton time (GMT-06:00)"),
        ("America/Winnipeg", WINTER, "Winnipeg time (GMT-05:00)"),
        ("America/Regina", WINTER, "Central Time"),
        # These use all year the time that the rest of their family uses in winter.
        ("America/Regina", SUMMER, "Regina time (Central Standard Time)"),
        ("America/Panama", SUMMER, "Panama time (Eastern Standard Time)"),
    ],
)
def test_a_zone_has_its_common_name_or_its_city_and_time_name(zone, moment, said):
    assert timezones.in_words(zone, moment) == said


def test_zone_names_are_translated_to_french():
    with translation.override("fr-ca"):
        assert timezones.in_words("America/Toronto", WINTER) == "heure de l’Est"
        assert "heure normale des Rocheuses" in timezones.in_words("America/Phoenix", SUMMER)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Tuesday, January 12, 2027 at 7:00 p.m. Eastern Time"),
        ("fr-ca", "mardi 12 janvier 2027 à 19\xa0h\xa000, heure de l’Est"),
        ("es", "martes 12 de enero de 2027 a las 7:00 p.m., hora del Este"),
    ],
)
def test_a_moment_is_written_out_in_each_language(language, said):
    with translation.override(language):
        assert timezones.in_full("America/Toronto", datetime(2027, 1, 13, tzinfo=UTC)) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Friday, January 1, 2027"), ("fr-ca", "vendredi 1er janvier 2027"), ("es", "viernes 1 de enero de 2027")],
)
def test_the_first_day_of_a_month_is_written_as_in_each_language(language, said):
    with translation.override(language):
        assert timezones.full_day(date(2027, 1, 1)) == said


def test_the_choices_start_with_cities_of_canada_and_the_united_states():
    groups = timezones.choices()
    assert [name for name, _pairs in groups] == ["Canada", "United States", "Elsewhere"]
    assert ("America/St_Johns", "St. John’s") in groups[0][1]
    assert ("Pacific/Honolulu", "Honolulu") in groups[1][1]
    assert ("Asia/Kathmandu", "Kathmandu") in groups[2][1] or ("Asia/Katmandu", "Kathmandu") in groups[2][1]


def test_every_zone_on_the_list_exists():
    offered = [zone for _group, pairs in timezones.choices() for zone, _city in pairs]
    assert len(offered) == len(set(offered)) > 400
    assert set(offered) <= zoneinfo.available_timezones()


def test_no_zone_has_the_name_of_another_offset():
    """Each name means one UTC offset at a time, whatever changed since the names were written."""
    distances, canada = {}, [zone for zone, _city in dict(timezones.choices())["Canada"]]
    for zone in ("America/Los_Angeles", "America/Denver", "America/Chicago", "America/New_York", *canada):
        for moment in (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC), WINTER, SUMMER):
            words = timezones.in_words(zone, moment)
            name = words.rpartition("(")[2] if "(" in words else (words, moment)
            distances.setdefault(name, set()).add(moment.astimezone(zoneinfo.ZoneInfo(zone)).utcoffset())
    assert {name: len(found) for name, found in distances.items() if len(found) > 1} == {}
