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
        ("America/Indiana/Indianapolis", SUMMER, "Indianapolis time (GMT−04:00)"),
        # These stay on daylight time from November 2026 on; the common name would be an hour off.
        ("America/Vancouver", datetime(2026, 7, 1, tzinfo=UTC), "Pacific Time"),
        ("America/Vancouver", WINTER, "Vancouver time (GMT−07:00)"),
        ("America/Vancouver", SUMMER, "Pacific Time"),
        ("America/Edmonton", WINTER, "Edmonton time (GMT−06:00)"),
        ("America/Winnipeg", WINTER, "Winnipeg time (GMT−05:00)"),
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
    assert [name for name, _pairs in groups] == ["Common time zones", "Canada", "United States", "Elsewhere"]
    assert ("America/St_Johns", "St. John’s") in groups[1][1]
    assert ("Pacific/Honolulu", "Honolulu") in groups[2][1]
    assert ("Asia/Kathmandu", "Kathmandu") in groups[3][1] or ("Asia/Katmandu", "Kathmandu") in groups[3][1]


def test_the_common_names_are_the_first_choices():
    assert [name for _zone, name in timezones.choices()[0][1]] == [
        "Eastern Time (New York)",
        "Central Time (Chicago)",
        "Mountain Time (Denver)",
        "Pacific Time (Los Angeles)",
        "Atlantic Time (Halifax)",
        "Newfoundland Time (St. John’s)",
        "UK time (London)",
        "Central European Time (Paris)",
    ]


@pytest.mark.parametrize(
    ("home", "choice"),
    [
        ("America/Toronto", ("America/Toronto", "Eastern Time (Toronto)")),
        ("Europe/Berlin", ("Europe/Berlin", "Central European Time (Berlin)")),
        # Their clocks differ from those of the common zone, for half a year or always.
        ("America/Phoenix", None),
        ("America/Regina", None),
        ("America/Vancouver", None),
        ("Europe/Dublin", None),
    ],
)
def test_a_common_name_stands_for_the_zone_of_the_host_if_that_has_its_clock(home, choice):
    found = timezones.choices(home)[0][1]
    assert next((pair for pair in found if pair[0] == home), None) == choice
    assert len(found) == 8


def test_every_zone_on_the_list_exists():
    offered = [zone for _group, pairs in timezones.choices()[1:] for zone, _city in pairs]
    assert {zone for zone, _name in timezones.choices()[0][1]} <= set(offered)
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


EVENING = datetime(2027, 1, 13, 0, tzinfo=UTC)  # 7 p.m. on January 12 in Toronto


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ("America/Los_Angeles", ", which is 4:00 p.m. Pacific Time"),
        ("America/Vancouver", ", which is 5:00 p.m. Vancouver time (GMT−07:00)"),
        (
            "Europe/Paris",
            ", which is Wednesday, January 13, 2027 at 1:00 a.m. Paris time (Central European Standard Time)",
        ),
        ("America/New_York", ""),
        ("", ""),
    ],
)
def test_a_moment_has_the_time_in_the_zone_of_its_reader_if_that_has_another_clock(own, said):
    whole = timezones.in_both("America/Toronto", own, EVENING)
    assert whole == f"Tuesday, January 12, 2027 at 7:00 p.m. Eastern Time{said}"


def test_a_moment_is_shown_in_the_six_zones_of_canada_and_the_united_states_and_in_the_uk():
    assert timezones.in_common_zones(datetime(2026, 7, 7, 23, tzinfo=UTC)) == [
        ("Newfoundland Time", "Tuesday, July 7, 2026 at 8:30 p.m."),
        ("Atlantic Time", "Tuesday, July 7, 2026 at 8:00 p.m."),
        ("Eastern Time", "Tuesday, July 7, 2026 at 7:00 p.m."),
        ("Central Time", "Tuesday, July 7, 2026 at 6:00 p.m."),
        ("Mountain Time", "Tuesday, July 7, 2026 at 5:00 p.m."),
        ("Pacific Time", "Tuesday, July 7, 2026 at 4:00 p.m."),
        ("UK time", "Wednesday, July 8, 2026 at 12:00 a.m."),
    ]


def test_a_canadian_city_has_a_row_of_its_own_while_its_clock_differs_from_the_common_zone():
    found = dict(timezones.in_common_zones(EVENING))
    assert found["Pacific Time"] == "Tuesday, January 12, 2027 at 4:00 p.m."
    assert found["Vancouver time (GMT−07:00)"] == "Tuesday, January 12, 2027 at 5:00 p.m."
