"""iCalendar files (RFC 5545) of meetings: a VEVENT with a time zone for each, never a link or a venue."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from chapters.meetings.timezones import is_known_everywhere
from chapters.models import Meeting

#: PRODID. It does not name the coalition, because the file is on people's devices.
MADE_BY = "-//calendar//EN"
#: How often apps should ask again. RFC 7986 has a property for it; older apps know another one.
ASK_AGAIN = timedelta(hours=1)
#: RFC 5545, 3.6: a calendar has at least one component. Without meetings it has this time zone.
ZONE_OF_EMPTY = ("America/New_York", 2026)


def openly(meeting: Meeting, address: str = "") -> dict[str, Any]:
    """The properties of an event with title, description, type and city. The venue is never among them.

    `address` is the URL of its page, if that is not the public one.
    """
    address = address or settings.SITE_URL + reverse("meeting", args=[meeting.pk])
    how = _("How to RSVP and join: %(address)s") % {"address": address}
    words = [meeting.topic, meeting.words, how]
    location = meeting.city if meeting.format == meeting.Format.IN_PERSON else meeting.format_in_words
    return {
        "summary": _title_of(meeting, meeting.title),
        "description": "\n\n".join(filter(None, words)),
        "location": location,
        "categories": [str(capfirst(meeting.get_kind_display()))],
        "url": address,
    }


def neutrally(meeting: Meeting) -> dict[str, Any]:
    """The properties of an event that shows only the time, for people whose calendar others may see."""
    return {"summary": _title_of(meeting, _("Meeting"))}


def _title_of(meeting: Meeting, title: str) -> str:
    """Says that a meeting is canceled: not every app shows STATUS."""
    return _("Canceled: %(title)s") % {"title": title} if meeting.is_canceled else title


def calendar_of(
    meetings: Iterable[Meeting], titles: Callable[[Meeting], dict[str, Any]] = openly, name: str = ""
) -> bytes:
    """A calendar file of these meetings. The same meetings give the same bytes, which makes an ETag possible.

    `titles` is `openly` or `neutrally`; `name` is the calendar's name in apps, for a feed that they ask for again.
    The file never has the meeting link.
    """
    meetings = list(meetings)
    calendar = _calendar(name)
    for zone in _zones(meetings):
        calendar.add_component(zone)
    for meeting in meetings:
        calendar.add_component(_event(meeting, titles(meeting)))
    return calendar.to_ical()


def _calendar(name):
    from icalendar import (
        Calendar,
        vDuration,
        vText,
    )  # imported late, as below: it takes 5 MB of memory, and most workers never need it

    calendar = Calendar()
    for key, value in (("prodid", MADE_BY), ("version", "2.0"), ("method", "PUBLISH")):
        calendar.add(key, value)
    if name := " ".join(name.split()):  # the library escapes only standard properties
        calendar.add("name", vText(name))
        calendar.add("x-wr-calname", vText(name))
        calendar.add("refresh-interval", vDuration(ASK_AGAIN), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vDuration(ASK_AGAIN))
    return calendar


def _zones(meetings):
    """A VTIMEZONE for each time zone, covering the full years of these meetings."""
    if not meetings:
        zone, year = ZONE_OF_EMPTY
        return [_zone(zone, year, year)]
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
    event.add("status", _status_of(meeting))
    event.add("transp", "TRANSPARENT" if off else "OPAQUE")
    for key, value in said.items():
        if value:
            event.add(key, value)
    return event


def _status_of(meeting):
    if meeting.is_canceled:
        return "CANCELLED"  # RFC 5545, 3.8.1.11 spells it with two letters L
    return "CONFIRMED" if meeting.is_published else "TENTATIVE"


def _readable(local):
    """A local time; in UTC if it occurs twice, because not every app takes the first one, or if the rules of the zone
    are new, because many apps use the zone's name with time zone data of their own."""
    is_shown_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return local.astimezone(UTC) if is_shown_twice or not is_known_everywhere(local) else local
