"""The time zone of a place, and the one that a new meeting has before its host chooses."""

import zoneinfo
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from chapters.meetings.place_zones import COUNTRIES, REGIONS, zone_of_place
from chapters.models import Representative
from chapters.regions import WITH_REGIONS, regions_of
from tests import make
from tests.chapters.meetings.meetings import chapter

#: Islands without inhabitants.
NOBODY_LIVES_THERE = {"US-UM"}


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        ("CA-ON", "America/Toronto"),
        ("CA-BC", "America/Vancouver"),
        ("CA-SK", "America/Regina"),
        ("US-TX", "America/Chicago"),
        ("US-AZ", "America/Phoenix"),
        ("GB", "Europe/London"),
        ("GB-SCT", "Europe/London"),
        ("JP", "Asia/Tokyo"),
        ("DE", "Europe/Berlin"),
        # Too large to have one time.
        ("US", ""),
        ("CA", ""),
        ("AU", ""),
        ("", ""),
        ("XX", ""),
    ],
)
def test_a_place_has_the_zone_of_most_people_there_or_none(place, zone):
    assert zone_of_place(place) == zone


def test_every_state_and_province_has_a_zone_that_exists():
    found = {code: zone_of_place(code) for country in WITH_REGIONS for code, _name in regions_of(country)}
    assert {code for code, zone in found.items() if not zone} <= NOBODY_LIVES_THERE
    assert {*REGIONS, *COUNTRIES.values()} <= zoneinfo.available_timezones()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("place", "zone"),
    [
        ({"country": "CA", "region": "CA-BC"}, "America/Vancouver"),
        ({"country": "US", "region": "US-TN"}, "America/Chicago"),
        ({"country": "US", "region": "US"}, ""),
        ({"chapter": {"region": "CA-MB"}}, "America/Winnipeg"),
    ],
)
def test_a_new_meeting_has_the_zone_of_its_hosts_place(client, settings, place, zone):
    settings.STAFF_SECOND_FACTOR = False
    user = make.person_who_signs_in("odalys")
    term = {**place, "chapter": chapter(**place["chapter"]) if "chapter" in place else None}
    Representative.objects.create(user=user, begins_on=timezone.now().date() - timedelta(days=30), **term)
    client.force_login(user)
    assert client.get(reverse("manage_new")).context["form"]["zone"].value() == zone
