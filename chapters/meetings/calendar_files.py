"""Meetings as calendars read them (RFC 5545): one VEVENT each, with its time zone, and nothing that lets anybody in."""

from datetime import UTC, date
from functools import lru_cache

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from chapters.meetings.timezones import is_known_everywhere

#: Who made it, as the format asks for. It names no cause: these words stand in files on people's devices.
MADE_BY = "-//calendar//EN"


def openly(meeting):
    """What a calendar says of a meeting that anybody may know of."""
    address = settings.SITE_URL + reverse("meeting", args=[meeting.pk])
    how = _("How to RSVP and join: %(address)s") % {"address": address}
    words = [meeting.topic, meeting.words, how]
    return {"summary": meeting.title, "description": "\n\n".join(filter(None, words)), "url": address}


def neutrally(meeting):
    """What a calendar says where somebody else may look at it: nothing but the time."""
    return {"summary": _("Meeting")}


def calendar_of(meetings, titles=openly, name=""):
    """A calendar file of these meetings, as bytes. The same meetings make the same bytes, so that it has an ETag.

    `titles` is `openly` or `neutrally`, `name` what apps call the calendar. The link to join is never in it.
    """
    meetings = list(meetings)
    calendar = _calendar(name)
    for zone in _zones(meetings):
        calendar.add_component(zone)
    for meeting in meetings:
        calendar.add_component(_event(meeting, titles(meeting)))
    return calendar.to_ical()


def _calendar(name):
    from icalendar import Calendar, vText  # as below: 5 MB of a worker's memory, which most never need

    calendar = Calendar()
    for key, value in (("prodid", MADE_BY), ("version", "2.0"), ("method", "PUBLISH")):
        calendar.add(key, value)
    if name := " ".join(name.split()):  # the library escapes no property that is not the standard's own
        calendar.add("x-wr-calname", vText(name))
    return calendar


def _zones(meetings):
    """A VTIMEZONE for each zone they name, which covers the whole years they are in."""
    if not meetings:
        return []
    first, last = min(meeting.starts_at for meeting in meetings), max(meeting.ends_at for meeting in meetings)
    return [_zone(zone, first.year, last.year) for zone in sorted({meeting.zone for meeting in meetings})]


@lru_cache(maxsize=64)
def _zone(zone, first_year, last_year):
    from icalendar import Timezone

    return Timezone.from_tzid(zone, first_date=date(first_year - 1, 12, 1), last_date=date(last_year + 1, 2, 1))


def _event(meeting, said):
    from icalendar import Event

    off = meeting.is_canceled
    event = Event()
    event.add("uid", str(meeting.pk))
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.changed_at)
    event.add("last-modified", meeting.changed_at)
    event.add("dtstart", _readable(meeting.begins))
    event.add("dtend", _readable(meeting.finishes))
    event.add("status", "CANCELED" if off else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if off else "OPAQUE")
    for key, value in said.items():
        event.add(key, value)
    return event


def _readable(local):
    """A local time. In UTC where clocks show it twice, since not every program takes it for the first one, and where
    the zone's rules are new: many programs go by the name of a zone and by data of their own."""
    is_shown_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return local.astimezone(UTC) if is_shown_twice or not is_known_everywhere(local) else local
