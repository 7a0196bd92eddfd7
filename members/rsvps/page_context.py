"""What pages show a person about their own meetings. Never how many attend."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from chapters.meetings import timezones
from chapters.meetings.querysets import MeetingQuerySet
from chapters.models import Meeting
from members.models import MeetingMessage, Member, Rsvp
from members.rsvps.links import way_in_token
from members.rsvps.querysets import DOOR_OPENS
from members.rsvps.spots import full_words, waitlist_words


def may_come_to(member: Member) -> MeetingQuerySet:
    """The past and future meetings open to a member, and those they already attend."""
    near = Meeting.objects.for_members(region=member.region or member.country, chapter=member.chapter_id)
    comes = Rsvp.objects.taking_part().filter(member=member).values("meeting")
    return Meeting.objects.filter(Q(pk__in=near.values("pk")) | Q(pk__in=comes), is_published=True)


#: Where a page of a meeting offers an RSVP, the pages of people who are known have their form.
OWN_RSVP = {"template": "members/rsvps/_do_you_come.html"}


def shown(meeting: Meeting, row: Rsvp | None, zone: str = "") -> dict[str, Any]:
    """Template context of one meeting: the person's RSVP, and the meeting link while it is open.

    `zone` is the reader's time zone, if it is known. `own_time` is the start there, if its clock differs.
    `full` is a sentence if all spots are taken and this person has none and waits for none.
    """
    is_open = not meeting.is_over and meeting.starts_at <= timezone.now() + DOOR_OPENS
    comes = row is not None and row.state == Rsvp.State.GOING and not meeting.is_canceled
    has_spot = row is not None and row.state in (Rsvp.State.GOING, Rsvp.State.WAITING)
    return {
        "meeting": meeting,
        "row": row,
        "when": meeting.when_for(zone),
        "own_time": timezones.in_own(meeting.zone, zone, meeting.starts_at),
        "own_offset": timezones.offset_minutes(zone, meeting.starts_at) if zone else None,
        "way_in": way_in_token(row) if row and comes and is_open else "",
        "host_messages": MeetingMessage.objects.shown_to(row) if row else [],
        "may_come": not meeting.is_over and not meeting.is_canceled,
        "full": "" if has_spot else full_words(meeting),
        "waitlist": waitlist_words(row),
    }
