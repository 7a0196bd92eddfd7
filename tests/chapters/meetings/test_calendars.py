"""Calendars: one VEVENT an evening, read back by two libraries that did not write them, with the same instants."""

from datetime import UTC, datetime, time, timedelta

import ics
import pytest
import vobject

from chapters.meetings.calendars import calendar_of, neutrally
from chapters.models import Meeting
from tests.chapters.meetings.evenings import LINK, chapter, evening, local, series
from tests.chapters.meetings.test_rows_property import ZONES

# What `ics` says to Python 3.13 is about itself.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:'maxsplit' is passed:DeprecationWarning")]


def lines(calendar):
    """The lines of a calendar, whole again where they were folded."""
    return calendar.decode().replace("\r\n ", "").split("\r\n")


def as_vobject_reads(calendar):
    events = vobject.readOne(calendar.decode()).vevent_list
    return {
        event.uid.value: (event.dtstart.value.astimezone(UTC), event.dtend.value.astimezone(UTC)) for event in events
    }


def as_ics_reads(calendar):
    events = ics.Calendar(calendar.decode()).events
    return {event.uid: (event.begin.datetime.astimezone(UTC), event.end.datetime.astimezone(UTC)) for event in events}


def as_they_are(meetings):
    return {str(meeting.pk): (meeting.starts_at, meeting.ends_at) for meeting in meetings}


@pytest.fixture
def a_year_in_six_zones():
    """Weekly evenings for 400 days in each of six zones: one moved, one called off, some while the clocks change."""
    for zone in ZONES:
        made = series(zone=zone, repeats="weekly", weekday=6, week=None, time_of_day=time(1, 45), minutes=60)
        rows = made.evenings.order_by("planned_on")
        Meeting.objects.filter(pk=rows[5].pk).move(
            rows[5].starts_at + timedelta(hours=30), rows[5].ends_at + timedelta(hours=30)
        )
        Meeting.objects.filter(pk=rows[7].pk).call_off()
    return Meeting.objects.upcoming()


@pytest.mark.parametrize("read", [as_vobject_reads, as_ics_reads])
def test_another_library_reads_the_same_instants(a_year_in_six_zones, read):
    found = read(calendar_of(a_year_in_six_zones))
    assert len(found) > 6 * 56
    assert found == as_they_are(a_year_in_six_zones)


@pytest.mark.parametrize("read", [as_vobject_reads, as_ics_reads])
def test_a_program_with_old_time_zones_reads_the_right_instant_where_rules_changed(read):
    """7 p.m. in Vancouver in January 2027 is 2 a.m. UTC: by the rules from before it would be 3 a.m."""
    meeting = evening(starts_at=local("America/Vancouver", 2027, 1, 12, 19), zone="America/Vancouver")
    begins, _ends = read(calendar_of([meeting]))[str(meeting.pk)]
    assert begins == datetime(2027, 1, 13, 2, tzinfo=UTC)


@pytest.mark.parametrize("read", [as_vobject_reads, as_ics_reads])
@pytest.mark.parametrize("hour", [5, 6])
def test_another_library_reads_a_time_that_clocks_show_twice_as_what_it_was(read, hour):
    twice = evening(starts_at=datetime(2027, 11, 7, hour, 30, tzinfo=UTC))
    assert read(calendar_of([twice])) == as_they_are([twice])


def test_a_calendar_names_each_zone_once_and_each_evening_by_itself():
    made = [evening(zone="America/Toronto"), evening(72, zone="America/Toronto"), evening(zone="Asia/Kathmandu")]
    found = lines(calendar_of(made))
    assert [line for line in found if line.startswith("TZID:")] == ["TZID:America/Toronto", "TZID:Asia/Kathmandu"]
    assert [line for line in found if line.startswith("UID:")] == [f"UID:{one.pk}" for one in made]
    assert [line for line in found if line.startswith(("RRULE", "EXDATE", "RECURRENCE-ID"))] == []


def test_an_evening_stands_at_the_time_on_its_clocks_and_leads_back_to_its_page(settings):
    one = evening(starts_at=local("America/Toronto", 2027, 7, 6, 19))
    found = lines(calendar_of([one]))
    assert "DTSTART;TZID=America/Toronto:20270706T190000" in found
    assert "DTEND;TZID=America/Toronto:20270706T203000" in found
    assert f"URL:{settings.SITE_URL}/meetings/{one.pk}/" in found
    assert {"SUMMARY:Planning around a new bill", "STATUS:CONFIRMED", "SEQUENCE:0"} <= set(found)


def test_a_moved_evening_keeps_its_name_and_its_number_grows():
    one = evening()
    later = one.starts_at + timedelta(days=1)
    Meeting.objects.filter(pk=one.pk).move(later, later + timedelta(hours=1))
    moved = Meeting.objects.get(pk=one.pk)
    assert as_vobject_reads(calendar_of([moved])) == {str(one.pk): (later, later + timedelta(hours=1))}
    assert "SEQUENCE:1" in lines(calendar_of([moved]))


def test_an_evening_that_is_called_off_says_so_and_no_longer_fills_the_time():
    one = evening()
    Meeting.objects.filter(pk=one.pk).call_off()
    found = lines(calendar_of(Meeting.objects.upcoming()))
    assert {"STATUS:CANCELLED", "TRANSP:TRANSPARENT", "SEQUENCE:1"} <= set(found)


def test_the_link_to_join_is_never_in_a_calendar():
    made = series(words="We write together.")
    Meeting.objects.filter(pk=made.evenings.first().pk).give_link(f"{LINK}-tonight")
    whole = "".join(lines(calendar_of(Meeting.objects.upcoming())))
    assert (LINK in whole, "rooms.example" in whole) == (False, False)


def test_neutral_titles_tell_nothing_but_the_time(settings):
    one = evening(
        title="Survivors plan a reform", words="Against violence.", topic="The justice bill", chapter=chapter()
    )
    whole = "\n".join(lines(calendar_of([one], titles=neutrally)))
    telling = [*settings.COALITION_WORDS, "plan", "bill", "riverside", "http", settings.SITE_URL]
    assert [word for word in telling if word.lower() in whole.lower()] == []
    assert as_ics_reads(calendar_of([one], titles=neutrally)) == as_they_are([one])


def test_the_same_evenings_make_the_same_bytes():
    evening()
    first = calendar_of(Meeting.objects.upcoming())
    assert calendar_of(Meeting.objects.upcoming()) == first


def test_a_calendar_of_nothing_can_be_read():
    assert as_ics_reads(calendar_of([])) == {}


def test_hostile_words_stay_words():
    one = evening(
        title="A title\r\nEND:VEVENT\r\nBEGIN:VEVENT", words="semi; comma, back\\slash\nnext: line " + "é" * 90
    )
    found = lines(calendar_of([one]))
    assert found.count("BEGIN:VEVENT") == 1
    assert all(len(line.encode()) <= 75 for line in calendar_of([one]).decode().split("\r\n"))
    (event,) = vobject.readOne(calendar_of([one]).decode()).vevent_list
    assert event.description.value.startswith("semi; comma, back\\slash\nnext: line é")


def test_the_fixture_crosses_both_changes_of_the_clock(a_year_in_six_zones):
    offsets = {meeting.offset_minutes for meeting in a_year_in_six_zones if meeting.zone == "America/Toronto"}
    assert offsets == {-300, -240}
