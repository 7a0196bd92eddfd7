"""Who sees the street address or dial-in of a meeting, and when. It is the one place where a page gets it from.

Only people who said yes: approved members, guests whom a host accepted by name, and representatives at their own
meetings. From 24 hours before the start until the end, and not once the meeting is canceled. It is never in an email, a
feed, a search result or a page for everyone. Views ask for a second proof besides: see `member_views.may_see_venue`.
"""

from datetime import datetime, timedelta

from chapters.models import Meeting, Representative
from members.models import Member, Rsvp

#: How long before its start the venue of a meeting is shown.
SHOWN_BEFORE = timedelta(hours=24)
FOR_MEMBERS = (Meeting.Audience.PUBLIC, Meeting.Audience.MEMBERS)


def venue_for(rsvp: Rsvp, now: datetime) -> str:
    """The street address or dial-in that this person may see now; "" if none."""
    return rsvp.meeting.where if is_shown(rsvp.meeting, now) and may_know_venue(rsvp) else ""


def is_shown(meeting: Meeting, now: datetime) -> bool:
    """Whether anyone sees the venue of this meeting now."""
    takes_place = meeting.is_published and not meeting.is_canceled
    return takes_place and meeting.starts_at - SHOWN_BEFORE <= now < meeting.ends_at


def may_know_venue(rsvp: Rsvp) -> bool:
    """Whether this person is one of those who see the venue once it is shown."""
    if rsvp.state != Rsvp.State.GOING:
        return False
    if rsvp.member:
        return _is_approved(rsvp.member) and rsvp.meeting.audience in FOR_MEMBERS
    if rsvp.user_id:
        return _is_their_meeting(rsvp)
    return rsvp.accepted_at is not None and rsvp.meeting.audience == Meeting.Audience.PUBLIC


def _is_approved(member: Member) -> bool:
    """False already while the coalition ends a membership, although that can still be undone."""
    return member.status == Member.Status.APPROVED


def _is_their_meeting(rsvp: Rsvp) -> bool:
    """Whether it is a meeting of representatives, for a place or chapter where this user serves now."""
    terms = list(Representative.objects.serving().filter(user=rsvp.user_id))
    return bool(terms) and Meeting.objects.for_representatives(terms).filter(pk=rsvp.meeting_id).exists()
