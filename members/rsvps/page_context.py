"""What the pages of meetings show somebody of themselves. Never how many come."""

from django.db.models import Q
from django.utils import timezone

from chapters.models import Meeting, Representative
from members.models import Rsvp
from members.rsvps.links import way_in_token
from members.rsvps.notifications import DOOR_OPENS

SHOWN_AT_MOST = 12


def may_come_to(member):
    """The meetings a member may come to, over or not yet; where they come already, also what is no more of theirs."""
    near = Meeting.objects.for_members(region=member.region or member.country, chapter=member.chapter_id)
    comes = Rsvp.objects.taking_part().filter(member=member).values("meeting")
    return Meeting.objects.filter(Q(pk__in=near.values("pk")) | Q(pk__in=comes), is_published=True)


def next_of(member):
    """(meeting, when, their Rsvp or None) of the next ones."""
    return _with_rsvps(may_come_to(member).upcoming()[:SHOWN_AT_MOST], member=member)


def next_of_representative(user):
    """The same of the next meetings of representatives."""
    terms = list(Representative.objects.serving().filter(user=user))
    return _with_rsvps(Meeting.objects.for_representatives(terms).upcoming()[:SHOWN_AT_MOST], user=user)


def _with_rsvps(chosen, **who):
    chosen = list(chosen)
    mine = Rsvp.objects.filter(**who, meeting__in=chosen).only("meeting", "state")
    rows = {row.meeting_id: row for row in mine}
    return [(meeting, meeting.when, rows.get(meeting.pk)) for meeting in chosen]


def shown(meeting, row):
    """For the page of one meeting: where somebody stands, and the way in while its door is open."""
    is_open = not meeting.is_over and meeting.starts_at <= timezone.now() + DOOR_OPENS
    comes = row is not None and row.state == Rsvp.State.GOING and not meeting.is_canceled
    return {
        "meeting": meeting,
        "row": row,
        "when": meeting.when,
        "way_in": way_in_token(row) if comes and is_open else "",
        "may_come": not meeting.is_over and not meeting.is_canceled,
    }
