"""The current day: in a place, in the westernmost one, in the easternmost one. Nothing ends before its local day does.

The moments in this file are 5 p.m. and later on November 30 in Vancouver, which is December 1 in UTC.
"""

from datetime import UTC, date, datetime, timedelta

import pycountry
import pytest
from django.urls import reverse
from django.utils import timezone

from chapters.local_days import last_today_in_place, places_by_day, today_in_place
from chapters.models import Representative
from chapters.regions import WITH_REGIONS
from chapters.representatives.appointments import Appointment, end_term, hand_over, settle_ended_terms
from chapters.representatives.services import hide_profiles
from s4jr.days import easternmost_today, westernmost_today
from tests import make
from tests.chapters import cast
from tests.chapters.meetings.meetings import local
from tests.chapters.representatives.test_appointments import message

NOVEMBER, DECEMBER = date(2026, 11, 30), date(2026, 12, 1)
MEETING = local("America/Vancouver", 2026, 11, 30, 17)


def at(monkeypatch, moment):
    monkeypatch.setattr(timezone, "now", lambda: moment.astimezone(UTC))


def in_vancouver(**said):
    return cast.representative(country="CA", region="CA-BC", **{"begins_on": date(2026, 1, 1), **said})


def found(profile):
    """Return whether a query, and the row itself, say that the term is active and that the profile is public."""
    these = Representative.objects.filter(pk=profile.pk)
    profile = these.get()
    return (these.serving().exists(), these.public().exists()), (profile.is_serving, profile.is_public)


def test_the_westernmost_day_is_over_nowhere_and_the_easternmost_has_started():
    moment = datetime(2026, 12, 1, 11, 30, tzinfo=UTC)
    assert (westernmost_today(moment), easternmost_today(moment)) == (NOVEMBER, date(2026, 12, 2))


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("CA-BC", NOVEMBER), ("CA-NL", NOVEMBER), ("US-HI", NOVEMBER), ("GB", DECEMBER), ("GB-SCT", DECEMBER),
        ("NZ", DECEMBER), ("US-GU", DECEMBER), ("nowhere", DECEMBER),
    ],
)  # fmt: skip
def test_each_place_has_its_own_day(code, day):
    assert today_in_place(code, MEETING) == day


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("CA-BC", NOVEMBER), ("CA-ON", NOVEMBER), ("CA", NOVEMBER), ("US", NOVEMBER), ("CA-NL", DECEMBER),
        ("FR", DECEMBER), ("NZ", DECEMBER), ("FR-IDF", DECEMBER), ("nowhere", NOVEMBER),
    ],
)  # fmt: skip
def test_a_place_with_several_zones_uses_the_latest_one(code, day):
    """At 1:30 a.m. Eastern Time it is still November in the west of Ontario, and December in all of Newfoundland."""
    assert last_today_in_place(code, local("America/Toronto", 2026, 12, 1, 1, 30)) == day


def test_every_state_and_province_has_a_zone():
    known = {code for codes in places_by_day().values() for code in codes}
    regions = {part.code for country in WITH_REGIONS for part in pycountry.subdivisions.get(country_code=country)}
    countries = {country.alpha_2 for country in pycountry.countries} - {"BV", "HM"}  # uninhabited
    assert (regions - known, countries - known) == (set(), set())


@pytest.mark.django_db
class TestTerms:
    @pytest.mark.parametrize(
        ("moment", "runs"),
        [
            (MEETING, True),
            (local("America/Vancouver", 2026, 11, 30, 23, 59), True),
            (datetime(2026, 12, 1, 11, 59, tzinfo=UTC), True),
            (datetime(2026, 12, 1, 12, tzinfo=UTC), False),
        ],
    )
    def test_a_term_runs_until_its_last_day_is_over_everywhere(self, monkeypatch, moment, runs):
        profile = in_vancouver(ends_on=NOVEMBER, consent_until=date(2027, 1, 1))
        at(monkeypatch, moment)
        assert found(profile) == ((runs, runs), (runs, runs))

    def test_a_term_starts_with_the_first_hour_of_its_day_anywhere(self, monkeypatch):
        profile = in_vancouver(begins_on=DECEMBER, consent_until=date(2027, 1, 1))
        at(monkeypatch, datetime(2026, 11, 30, 9, 59, tzinfo=UTC))
        assert found(profile)[0] == (False, False)
        at(monkeypatch, datetime(2026, 11, 30, 10, tzinfo=UTC))
        assert found(profile)[0] == (True, True)

    @pytest.mark.parametrize("hour", [0, 6, 11, 12, 23])
    def test_an_ended_term_is_over_at_once_at_every_hour(self, monkeypatch, hour):
        profile = in_vancouver(consent_until=date(2027, 1, 1))
        at(monkeypatch, datetime(2026, 12, 1, hour, 30, tzinfo=UTC))
        assert end_term(profile, by=None) is True
        assert found(profile) == ((False, False), (False, False))
        assert end_term(profile, by=None) is False

    def test_no_email_says_that_a_term_is_over_while_it_is_active(self, monkeypatch):
        message(in_vancouver(ends_on=NOVEMBER), "A1")
        at(monkeypatch, MEETING)
        assert settle_ended_terms() == 0
        at(monkeypatch, MEETING + timedelta(days=1))
        assert settle_ended_terms() == 1


@pytest.mark.django_db
class TestConsent:
    @pytest.mark.parametrize(
        ("place", "last_moment"),
        [
            ({"country": "CA", "region": "CA-BC"}, local("America/Edmonton", 2026, 11, 30, 23, 59)),
            ({"country": "CA", "region": "CA-NL"}, local("America/St_Johns", 2026, 11, 30, 23, 59)),
            ({"country": "US", "region": "US-HI"}, local("Pacific/Honolulu", 2026, 11, 30, 23, 59)),
            ({"country": "DE", "region": "DE"}, local("Europe/Berlin", 2026, 11, 30, 23, 59)),
            ({"country": "GB", "region": "GB-SCT"}, local("Europe/London", 2026, 11, 30, 23, 59)),
            ({"country": "NZ", "region": "NZ"}, local("Pacific/Chatham", 2026, 11, 30, 23, 59)),
        ],
    )
    def test_a_profile_hides_when_its_last_day_is_over_in_its_place(self, monkeypatch, place, last_moment):
        said = {"consent_until": NOVEMBER, "emails_written": 3, "begins_on": date(2026, 1, 1)}
        profile = cast.representative(**place, **said)
        at(monkeypatch, last_moment)
        assert found(profile) == ((True, True), (True, True))
        at(monkeypatch, last_moment + timedelta(minutes=1))
        assert found(profile) == ((True, False), (True, False))

    @pytest.mark.parametrize("hour", [0, 6, 11, 12, 23])
    @pytest.mark.parametrize("place", [{"country": "US", "region": "US-HI"}, {"country": "NZ", "region": "NZ"}])
    def test_a_hidden_profile_is_hidden_at_once_at_every_hour(self, monkeypatch, place, hour):
        profile = cast.representative(**place, consent_until=date(2027, 1, 1), begins_on=date(2026, 1, 1))
        at(monkeypatch, datetime(2026, 12, 1, hour, 30, tzinfo=UTC))
        assert hide_profiles(Representative.objects.filter(pk=profile.pk)) == 1
        assert found(profile) == ((True, False), (True, False))


@pytest.mark.django_db
class TestHandOver:
    """The old term lasts until its last day is over in the place; a hand-over from today takes effect at once."""

    def hand_over(self, profile, day):
        next_one = Appointment(username="next.one", address="", begins_on=day, region="CA-BC")
        return hand_over(profile, next_one, by=make.admin("ada"))

    @pytest.mark.parametrize("moment", [MEETING, local("America/Vancouver", 2026, 11, 30, 23, 59)])
    def test_to_a_term_from_tomorrow_leaves_the_old_one_tonights_meeting(self, monkeypatch, moment):
        profile = in_vancouver(ends_on=None)
        at(monkeypatch, moment)
        self.hand_over(profile, DECEMBER)
        profile.refresh_from_db()
        assert (profile.ends_on, found(profile)[0][0]) == (NOVEMBER, True)

    @pytest.mark.parametrize("hour", [9, 17])
    def test_to_a_term_from_today_ends_the_old_one_at_once(self, monkeypatch, hour):
        profile = in_vancouver(ends_on=None)
        at(monkeypatch, local("America/Vancouver", 2026, 11, 30, hour))
        self.hand_over(profile, NOVEMBER)
        assert found(profile)[0][0] is False

    def test_of_a_chapter_uses_the_day_at_the_chapters_place(self, monkeypatch):
        profile = cast.of_chapter(cast.chapter(country="CA", region="CA-BC"))
        at(monkeypatch, MEETING)
        hand_over(
            profile, Appointment(username="next.one", address="", begins_on=DECEMBER, chapter=profile.chapter), by=None
        )
        assert found(profile)[0][0] is True

    def test_the_form_defaults_to_the_day_of_the_place(self, client, monkeypatch):
        profile = in_vancouver(ends_on=None)
        at(monkeypatch, MEETING)
        make.signed_in_staff(client)
        page = client.get(reverse("admin:chapters_representative_hand_over", args=[profile.pk]))
        assert page.context["form"]["begins_on"].value() == NOVEMBER
