"""What pages show a person about their own meetings. Never how many attend."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from chapters.meetings.querysets import MeetingQuerySet
from chapters.models import Meeting, Representative
from members.models import Member, Rsvp
from members.rsvps.links import way_in_token
from members.rsvps.querysets import DOOR_OPENS
from s4jr.accounts.models import User

SHOWN_AT_MOST = 12
#: A meeting, its time in words, and the person's Rsvp.
Shown = tuple[Meeting, str, Rsvp | None]


def may_come_to(member: Member) -> MeetingQuerySet:
    """The past and future meetings open to a member, and those they already attend."""
    near = Meeting.objects.for_members(region=member.region or member.country, chapter=member.chapter_id)
    comes = Rsvp.objects.taking_part().filter(member=member).values("meeting")
    return Meeting.objects.filter(Q(pk__in=near.values("pk")) | Q(pk__in=comes), is_published=True)


def next_of(member: Member) -> list[Shown]:
    """The member's next meetings."""
    return _with_rsvps(may_come_to(member).upcoming()[:SHOWN_AT_MOST], member=member)


def next_of_representative(user: User) -> list[Shown]:
    """The representative's next meetings."""
    terms = list(Representative.objects.serving().filter(user=user))
    return _with_rsvps(Meeting.objects.for_representatives(terms).upcoming()[:SHOWN_AT_MOST], user=user)


def _with_rsvps(found: MeetingQuerySet, **who: Any) -> list[Shown]:
    chosen = list(found)
    mine = Rsvp.objects.filter(**who, meeting__in=chosen).only("meeting", "state")
    rows = {row.meeting_id: row for row in mine}
    return [(meeting, meeting.when, rows.get(meeting.pk)) for meeting in chosen]


def shown(meeting: Meeting, row: Rsvp | None) -> dict[str, Any]:
    """Template context of one meeting: the person's RSVP, and the meeting link while it is open."""
    is_open = not meeting.is_over and meeting.starts_at <= timezone.now() + DOOR_OPENS
    comes = row is not None and row.state == Rsvp.State.GOING and not meeting.is_canceled
    return {
        "meeting": meeting,
        "row": row,
        "when": meeting.when,
        "way_in": way_in_token(row) if row and comes and is_open else "",
        "may_come": not meeting.is_over and not meeting.is_canceled,
    }
