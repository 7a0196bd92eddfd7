"""Meetings of every kind: past with notes, next week, weekly, full with a waitlist, canceled.

All dates are relative to today.
"""

import secrets
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any

from django.utils import timezone

from chapters.meetings.querysets import MeetingQuerySet
from chapters.meetings.series_form import SeriesForm
from chapters.meetings.services import (
    align_series,
    cancel_meeting,
    publish_notes,
    save_series,
    set_series_venue,
    set_topic,
)
from chapters.models import Chapter, Meeting, MeetingSeries
from members.demo.applications import approved_members
from members.demo.people import WITHOUT_ADDRESS
from members.demo.representatives import representative
from members.rsvps.services import GuestAnswers, make_rsvp, make_rsvp_of_guest, make_rsvp_of_representative
from s4jr.accounts.models import User

FICTIONAL_MEETING = "This meeting is fictional."
LINK = "https://rooms.example/fictional-meeting"
VENUE = "12 Fictional Street, the door at the back"
NOTES = (
    "We read the first two sections together and wrote down **three questions** for the sponsors.\n\n"
    "- What does it cost?\n- Who asks survivors?\n- What happens in the first year?\n\nThese notes are fictional."
)
NEEDS = "Live captions, please. (Fictional.)"


@dataclass(frozen=True)
class Plan:
    """A series as its host fills in the form. `first` and `last` are days from today.

    `said` holds further form fields.
    """

    title: str
    kind: str
    words: str
    first: int
    repeats: str = "once"
    audience: str = "public"
    zone: str = "America/Toronto"
    at: time = time(19)
    minutes: int = 90
    last: int | None = None
    said: dict[str, str] = field(default_factory=dict)


PAST = Plan(
    "Reading a bill together",
    "organizing",
    "We read one bill, slowly, and ask what it would change.",
    -10,
    said={"captions": "on", "breaks": "on"},
)
NEXT_WEEK = Plan(
    "Planning around a new bill",
    "organizing",
    "What to ask for, whom to write to, and who does what.",
    7,
    said={
        "captions": "on",
        "breaks": "on",
        "sign_language": "ASL",
        "content_notes": "We talk about courts and sentences, without details.",
    },
)
WEEKLY = Plan(
    "Quiet hour",
    "gathering",
    "An hour to write side by side. Come late, leave early, say nothing.",
    -26,
    "weekly",
    at=time(12, 30),
    minutes=60,
    last=65,
)
MONTHLY = Plan(
    "Writing to a legislator",
    "skill_share",
    "We write one letter together, and everyone takes it home.",
    -60,
    "monthly",
    zone="America/Vancouver",
    at=time(18),
    said={"captions": "on"},
)
FULL = Plan(
    "Speaking with a reporter",
    "skill_share",
    "A small workshop in pairs.",
    10,
    at=time(18, 30),
    minutes=120,
    said={"capacity": "4", "breaks": "on"},
)
CANCELED = Plan("A budget, line by line", "organizing", "We look at where the money goes.", 12, zone="Pacific/Auckland")
OF_PLACE = Plan(
    "For people in Germany",
    "gathering",
    "In German and English, for everyone who lives in Germany.",
    9,
    zone="Europe/Berlin",
    at=time(19, 30),
)
OF_CHAPTER = Plan(
    "Pinewood chapter meeting", "chapter", "What we did, and what comes next.", 16, "two_monthly", "members"
)
OPEN_HOUSE = Plan(
    "Millrace open house",
    "chapter",
    "For everyone who would like to see what a chapter does.",
    3,
    "monthly",
    zone="America/Los_Angeles",
    at=time(10),
    said={"weekday": "5", "week": "1", "breaks": "on"},
)
KITCHEN_TABLE = Plan(
    "Kitchen table",
    "gathering",
    "Coffee, and one question each.",
    4,
    "two_weekly",
    zone="America/Los_Angeles",
    at=time(10),
    said={"format": "in_person", "city": "Portland", "languages": "English", "access_notes": "Two steps at the door."},
)
OF_REPRESENTATIVES = Plan(
    "Representatives’ meeting",
    "representatives",
    "Questions from the places, and answers.",
    5,
    "monthly",
    "representatives",
)
DRAFT = Plan("Welcome for new members", "gathering", "A draft: it is not published yet.", 20)


def add_meetings(by: User, chapters: dict[str, Chapter]) -> None:
    """Adds the meetings and their RSVPs."""
    _take_notes(_publish(PAST, by))
    _rsvp_for_next_week(_publish(NEXT_WEEK, by))
    for plan in (WEEKLY, MONTHLY):
        _take_notes(_publish(plan, by))
    _fill(_publish(FULL, by))
    cancel_meeting(_upcoming(_publish(CANCELED, by)))
    _publish(OF_PLACE, by, place="Germany")
    _publish(OF_CHAPTER, by, whose=f"chapter:{chapters['CA-ON'].pk}")
    _publish(OPEN_HOUSE, by, whose=f"chapter:{chapters['US-OR'].pk}")
    kitchen = _publish(KITCHEN_TABLE, by, whose=f"chapter:{chapters['US-OR'].pk}")
    set_series_venue(MeetingSeries.objects.filter(pk=kitchen.pk), VENUE)
    _rsvp_as_representative(_publish(OF_REPRESENTATIVES, by))
    save_series(_series(DRAFT, representative().user, whose="CA-ON"))


# --- create the series


def _publish(plan: Plan, by: User, **owner: str) -> MeetingSeries:
    """Creates the series of a plan with its meetings, including past ones."""
    series = _series(plan, by, **owner)
    series.is_published, series.join_link = True, LINK
    series.save()
    begun = timezone.now() + timedelta(days=plan.first - 1)
    align_series(MeetingSeries.objects.filter(pk=series.pk), min(begun, timezone.now()))
    save_series(series)
    return series


def _series(plan: Plan, by: User, **owner: str) -> MeetingSeries:
    form = SeriesForm({**_answers(plan), **owner}, user=by)
    if not form.is_valid():
        raise ValueError(form.errors.as_text())
    return form.instance


def _answers(plan: Plan) -> dict[str, Any]:
    return {
        "title": plan.title,
        "kind": plan.kind,
        "whose": "",
        "audience": plan.audience,
        "words": f"{plan.words} {FICTIONAL_MEETING}",
        "repeats": plan.repeats,
        "begins_on": _day(plan.first),
        "ends_on": "" if plan.last is None else _day(plan.last),
        "time_of_day": plan.at.strftime("%H:%M"),
        "minutes": str(plan.minutes),
        "zone": plan.zone,
        "format": "online",
        "camera_optional": "on",
        "speaking_optional": "on",
        **plan.said,
    }


def _day(days: int) -> str:
    """The date this many days from today, as form input."""
    return str(timezone.now().date() + timedelta(days=days))


def _upcoming(series: MeetingSeries) -> MeetingQuerySet:
    """The next meeting of a series, as a QuerySet of one."""
    next_one = Meeting.objects.filter(series=series).upcoming().values_list("pk", flat=True).first()
    return Meeting.objects.filter(pk=next_one)


def _take_notes(series: MeetingSeries) -> None:
    """Publishes notes of the last past meeting."""
    last = Meeting.objects.filter(series=series).past().values_list("pk", flat=True).first()
    publish_notes(Meeting.objects.filter(pk=last), NOTES)


# --- RSVPs


def _rsvp_for_next_week(series: MeetingSeries) -> None:
    """RSVPs of members, and of a guest without an address."""
    meeting = _upcoming(series)
    set_topic(meeting, "This time: the second reading.", "- Hello\n- The second reading\n- What comes next")
    pk = meeting.get().pk
    for member in approved_members()[:7]:
        make_rsvp(pk, member, needs=NEEDS if member.access_needs else "", wants_reminder=True)
    guest = GuestAnswers(contact="none", form_token=secrets.token_hex(16), name=WITHOUT_ADDRESS[0], needs=NEEDS)
    make_rsvp_of_guest(pk, guest)


def _fill(series: MeetingSeries) -> None:
    """Two RSVPs more than there are spots. Raises ValueError for a meeting without a limit."""
    meeting = _upcoming(series).get()
    if meeting.capacity is None:
        raise ValueError(f"{meeting} has no limit.")
    for member in approved_members()[: meeting.capacity + 2]:
        make_rsvp(meeting.pk, member)


def _rsvp_as_representative(series: MeetingSeries) -> None:
    make_rsvp_of_representative(_upcoming(series).get().pk, representative().user, language="en")
