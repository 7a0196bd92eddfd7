"""Series and meetings for these tests. Their hosts are invented."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from chapters.meetings.services import align_series
from chapters.meetings.timezones import offset_minutes
from chapters.models import Chapter, Meeting, MeetingSeries, Representative
from tests import make
from tests.chapters.cast import one_of_many_chapters

LINK = "https://rooms.example/j/heron-reeds-4417"


def series(*, published=True, **said):
    """A monthly skill share on the second Tuesday, with its meetings; arguments replace any field."""
    made = MeetingSeries.objects.create(
        **{
            "kind": "skill_share",
            "audience": "public",
            "title": "Writing to a legislator",
            "zone": "America/Toronto",
            "repeats": "monthly",
            "weekday": None if said.get("repeats") == "once" else 1,
            "week": None if said.get("repeats") in ("once", "weekly", "two_weekly") else 2,
            "begins_on": timezone.now().date(),
            "time_of_day": time(19),
            "minutes": 90,
            "join_link": LINK,
            "is_published": published,
            **said,
        }
    )
    align_series(MeetingSeries.objects.filter(pk=made.pk))
    return made


def make_meeting(hours=48, *, minutes=90, **said):
    """A published meeting for everyone that starts in this many hours."""
    starts_at = said.pop("starts_at", timezone.now().replace(microsecond=0) + timedelta(hours=hours))
    offset = offset_minutes(said.get("zone", "America/Toronto"), starts_at)
    return Meeting.objects.create(
        **{
            "kind": "organizing",
            "audience": "public",
            "title": "Planning around a new bill",
            "zone": "America/Toronto",
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(minutes=minutes),
            "offset_when_set": offset,
            "is_published": True,
            **said,
        }
    )


def make_meetings(count, **said):
    return [make_meeting(24 * (number + 1), **said) for number in range(count)]


def meeting_of_a_series(number, *, hours=24, **said):
    """A meeting that differs from every other number's: its own series, chapter, place and time."""
    own = {"chapter": one_of_many_chapters(number), "kind": "chapter", "words": f"Words {number}", **said}
    made = series(repeats="once", begins_on=timezone.now().date() + timedelta(days=300), **own)
    starts_at = timezone.now() + timedelta(hours=hours + number)
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=90)}
    made.meetings.update(**times, topic=f"Topic {number}", notes=f"Notes {number}")
    return made.meetings.get()


def chapter(name="Riverside", **said):
    return Chapter.objects.create(
        **{"slug": name.lower(), "name": name, "country": "CA", "region": "CA-ON", "status": "open", **said}
    )


def representative(username="imogen", **said):
    """A user who serves today as a representative, of Ontario by default."""
    user = make.person_who_signs_in(username)
    place = {} if "chapter" in said else {"country": "CA", "region": "CA-ON"}
    Representative.objects.create(user=user, begins_on=timezone.now().date() - timedelta(days=30), **place, **said)
    return user


def said(**answers):
    """What a host fills into the form of a series."""
    return {
        "title": "Writing to a legislator",
        "kind": "skill_share",
        "whose": "",
        "audience": "public",
        "words": "We write one letter together.",
        "repeats": "monthly",
        "weekday": "1",
        "week": "2",
        "begins_on": str(timezone.now().date() + timedelta(days=1)),
        "time_of_day": "19:00",
        "minutes": "90",
        "zone": "America/Toronto",
        "format": "online",
        "captions": "on",
        "camera_optional": "on",
        **answers,
    }


def days(made):
    """Return the days of a series' meetings that take place, in order."""
    return list(made.meetings.taking_place().order_by("planned_on").values_list("planned_on", flat=True))


def local(zone, *parts):
    return datetime(*parts, tzinfo=ZoneInfo(zone))
