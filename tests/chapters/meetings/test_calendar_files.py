"""Calendars have one VEVENT for each meeting; four libraries read back the same instants.

They are ical.js, node-ical, vobject, and icalendar, which also writes them; `readers/read_feed.mjs` fails if the first
two read different events. A fifth reader stands for programs that go by zone names and have old rules for them.
"""

from datetime import UTC, datetime, time, timedelta

import pytest
import vobject
from icalendar import Calendar

from chapters.meetings.calendar_files import calendar_of, neutrally
from chapters.meetings.services import cancel_meeting, move_meeting, set_link
from chapters.models import Meeting
from tests.chapters.meetings.meetings import LINK, chapter, local, make_meeting, series
from tests.chapters.meetings.test_recurrence_property import DATEUTILS_ZONES, ZONES
from tests.servers.node import run_node

pytestmark = pytest.mark.django_db
READ_FEED = "tests/chapters/meetings/readers/read_feed.mjs"
READERS = ["ical.js", "node-ical"]


def lines(calendar):
    """Return the lines of a calendar, unfolded."""
    return calendar.decode().replace("\r\n ", "").split("\r\n")


def events_in(calendar, reader):
    """Return the events that a reader finds: {uid: event}."""
    return {event["uid"]: event for event in run_node(READ_FEED, calendar.decode())[reader]}


def instants_in(calendar, reader):
    """Return the instants that a reader finds: {uid: (start, end)}."""
    found = events_in(calendar, reader).values()
    return {
        event["uid"]: (datetime.fromisoformat(event["start"]), datetime.fromisoformat(event["end"])) for event in found
    }


def as_ical_js_reads(calendar):
    return instants_in(calendar, "ical.js")


def as_node_ical_reads(calendar):
    return instants_in(calendar, "node-ical")


def as_vobject_reads(calendar):
    """The same by the VTIMEZONEs of the file."""
    events = vobject.readOne(calendar.decode()).contents.get("vevent", [])
    return {
        event.uid.value: (event.dtstart.value.astimezone(UTC), event.dtend.value.astimezone(UTC)) for event in events
    }


def as_icalendar_reads(calendar):
    events = Calendar.from_ical(calendar).events
    return {str(event["uid"]): (event.start.astimezone(UTC), event.end.astimezone(UTC)) for event in events}


def as_old_zones_say(calendar):
    """The same with dateutil's zone rules of 2024, without VTIMEZONE."""
    events = Calendar.from_ical(calendar).walk("VEVENT")
    return {str(event["uid"]): (old_instant(event["dtstart"]), old_instant(event["dtend"])) for event in events}


def old_instant(value):
    zone = value.params.get("TZID")
    return (value.dt.replace(tzinfo=DATEUTILS_ZONES.get(zone)) if zone else value.dt).astimezone(UTC)


def as_they_are(meetings):
    return {str(meeting.pk): (meeting.starts_at, meeting.ends_at) for meeting in meetings}


FOUR_LIBRARIES = [as_ical_js_reads, as_node_ical_reads, as_vobject_reads, as_icalendar_reads]
WAYS_TO_READ = [*FOUR_LIBRARIES, as_old_zones_say]


@pytest.fixture
def a_year_in_six_zones():
    """Weekly meetings for 400 days in each of six zones: one moved, one canceled, some during a clock change."""
    for zone in ZONES:
        made = series(zone=zone, repeats="weekly", weekday=6, week=None, time_of_day=time(1, 45), minutes=60)
        rows = made.meetings.order_by("planned_on")
        move_meeting(
            Meeting.objects.filter(pk=rows[5].pk),
            rows[5].starts_at + timedelta(hours=30),
            rows[5].ends_at + timedelta(hours=30),
        )
        cancel_meeting(Meeting.objects.filter(pk=rows[7].pk))
    return Meeting.objects.upcoming()


@pytest.mark.parametrize("read", WAYS_TO_READ)
def test_another_library_reads_the_same_instants(a_year_in_six_zones, read):
    found = read(calendar_of(a_year_in_six_zones))
    assert len(found) > 6 * 56
    assert found == as_they_are(a_year_in_six_zones)


def test_the_old_zones_lack_the_change_in_vancouver():
    begins = datetime(2027, 1, 12, 19, tzinfo=DATEUTILS_ZONES.get("America/Vancouver"))
    assert begins.astimezone(UTC) == datetime(2027, 1, 13, 3, tzinfo=UTC)


@pytest.mark.parametrize("read", WAYS_TO_READ)
def test_a_program_with_old_time_zones_reads_the_right_instant(read):
    """7 p.m. in Vancouver in January 2027 is 2 a.m. UTC; the old rules would make it 3 a.m."""
    meeting = make_meeting(starts_at=local("America/Vancouver", 2027, 1, 12, 19), zone="America/Vancouver")
    begins, _ends = read(calendar_of([meeting]))[str(meeting.pk)]
    assert begins == datetime(2027, 1, 13, 2, tzinfo=UTC)


@pytest.mark.parametrize("read", WAYS_TO_READ)
@pytest.mark.parametrize("hour", [5, 6])
def test_another_library_reads_an_ambiguous_time_correctly(read, hour):
    twice = make_meeting(starts_at=datetime(2027, 11, 7, hour, 30, tzinfo=UTC))
    assert read(calendar_of([twice])) == as_they_are([twice])


def test_a_calendar_has_each_zone_once_and_a_vevent_for_each_meeting():
    made = [
        make_meeting(zone="America/Toronto"),
        make_meeting(72, zone="America/Toronto"),
        make_meeting(zone="Asia/Kathmandu"),
    ]
    found = lines(calendar_of(made))
    assert [line for line in found if line.startswith("TZID:")] == ["TZID:America/Toronto", "TZID:Asia/Kathmandu"]
    assert [line for line in found if line.startswith("UID:")] == [f"UID:{one.pk}" for one in made]
    assert [line for line in found if line.startswith(("RRULE", "EXDATE", "RECURRENCE-ID"))] == []


def test_an_event_has_the_local_time_and_the_url_of_its_meeting(settings):
    one = make_meeting(starts_at=local("America/Toronto", 2027, 7, 6, 19))
    found = lines(calendar_of([one]))
    assert "DTSTART;TZID=America/Toronto:20270706T190000" in found
    assert "DTEND;TZID=America/Toronto:20270706T203000" in found
    assert f"URL:{settings.SITE_URL}/meetings/{one.pk}/" in found
    assert {"SUMMARY:Planning around a new bill", "STATUS:CONFIRMED", "SEQUENCE:0"} <= set(found)


@pytest.mark.parametrize("reader", READERS)
def test_a_moved_meeting_keeps_its_uid_and_increases_its_sequence(reader):
    one = make_meeting()
    later = one.starts_at + timedelta(days=1)
    move_meeting(Meeting.objects.filter(pk=one.pk), later, later + timedelta(hours=1))
    moved = Meeting.objects.get(pk=one.pk)
    assert instants_in(calendar_of([moved]), reader) == {str(one.pk): (later, later + timedelta(hours=1))}
    assert events_in(calendar_of([moved]), reader)[str(one.pk)]["sequence"] == 1
    assert "SEQUENCE:1" in lines(calendar_of([moved]))


@pytest.mark.parametrize("reader", READERS)
def test_a_canceled_meeting_is_marked_and_does_not_block_time(reader):
    one = make_meeting()
    cancel_meeting(Meeting.objects.filter(pk=one.pk))
    found = lines(calendar_of(Meeting.objects.upcoming()))
    assert {"STATUS:CANCELLED", "TRANSP:TRANSPARENT", "SEQUENCE:1"} <= set(found)
    event = events_in(calendar_of(Meeting.objects.upcoming()), reader)[str(one.pk)]
    assert (event["status"], event["summary"]) == ("CANCELLED", f"Canceled: {one.title}")


def test_the_meeting_link_is_never_in_a_calendar():
    made = series(words="We write together.")
    set_link(Meeting.objects.filter(pk=made.meetings.first().pk), f"{LINK}-tonight")
    whole = "".join(lines(calendar_of(Meeting.objects.upcoming())))
    assert (LINK in whole, "rooms.example" in whole) == (False, False)


@pytest.mark.parametrize("reader", READERS)
def test_neutral_titles_show_only_the_time(settings, reader):
    one = make_meeting(
        title="Survivors plan a reform", words="Against violence.", topic="The justice bill", chapter=chapter()
    )
    whole = "\n".join(lines(calendar_of([one], titles=neutrally)))
    telling = [*settings.COALITION_WORDS, "plan", "bill", "riverside", "http", settings.SITE_URL]
    assert [word for word in telling if word.lower() in whole.lower()] == []
    assert instants_in(calendar_of([one], titles=neutrally), reader) == as_they_are([one])


def test_the_same_meetings_give_the_same_bytes():
    make_meeting()
    first = calendar_of(Meeting.objects.upcoming())
    assert calendar_of(Meeting.objects.upcoming()) == first


@pytest.mark.parametrize("read", FOUR_LIBRARIES)
def test_an_empty_calendar_can_be_read(read):
    assert read(calendar_of([])) == {}


def test_an_empty_calendar_has_a_component():
    """RFC 5545, 3.6: a calendar without any is not valid."""
    assert [component.name for component in Calendar.from_ical(calendar_of([])).subcomponents] == ["VTIMEZONE"]


def test_a_feed_has_a_name_and_says_how_often_to_ask_again():
    found = lines(calendar_of([make_meeting()], name="Skills; and  more"))
    said = ["NAME:Skills\\; and more", "X-WR-CALNAME:Skills\\; and more"]
    said += ["REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H"]
    assert [line for line in found if line in said] == said


def test_a_file_of_one_meeting_has_no_name_and_is_not_asked_for_again():
    found = lines(calendar_of([make_meeting()]))
    assert [line for line in found if line.startswith(("NAME", "X-WR-CALNAME", "REFRESH", "X-PUBLISHED"))] == []


@pytest.mark.parametrize(
    ("facts", "location"),
    [
        ({"format": "in_person", "city": "Halifax", "venue": "12 Heron Street"}, ["LOCATION:Halifax"]),
        ({"format": "online", "city": "Halifax"}, ["LOCATION:Online"]),
        ({"format": "phone", "venue": "+1 416 555 0100"}, ["LOCATION:By phone"]),
        ({"format": "in_person", "venue": "12 Heron Street"}, []),
    ],
)
def test_the_location_is_the_city_or_online_and_never_the_venue(facts, location):
    found = lines(calendar_of([make_meeting(**facts)]))
    assert [line for line in found if line.startswith("LOCATION")] == location
    assert [word for word in ("Heron", "0100") if word in "".join(found)] == []


def test_an_event_has_its_type_as_a_category():
    assert "CATEGORIES:Organizing meeting" in lines(calendar_of([make_meeting()]))


def test_a_neutral_event_has_neither_place_nor_type_and_still_says_that_it_is_canceled():
    one = make_meeting(format="in_person", city="Halifax", is_canceled=True)
    found = lines(calendar_of([one], titles=neutrally))
    assert [line for line in found if line.startswith(("SUMMARY", "LOCATION", "CATEGORIES", "URL", "DESC"))] == [
        "SUMMARY:Canceled: Meeting"
    ]


@pytest.mark.parametrize("reader", READERS)
def test_hostile_text_stays_text(reader):
    one = make_meeting(
        title="A title\r\nEND:VEVENT\r\nBEGIN:VEVENT", words="semi; comma, back\\slash\nnext: line " + "é" * 90
    )
    found = lines(calendar_of([one]))
    assert found.count("BEGIN:VEVENT") == 1
    assert all(len(line.encode()) <= 75 for line in calendar_of([one]).decode().split("\r\n"))
    (event,) = events_in(calendar_of([one]), reader).values()
    assert event["description"].startswith("semi; comma, back\\slash\nnext: line é")


def test_the_fixture_covers_both_clock_changes(a_year_in_six_zones):
    offsets = {meeting.offset_minutes for meeting in a_year_in_six_zones if meeting.zone == "America/Toronto"}
    assert offsets == {-300, -240}
