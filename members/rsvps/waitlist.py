"""The spots of a meeting and its waitlist.

The row of the meeting is locked meanwhile, so concurrent RSVPs never exceed the capacity and nobody jumps the queue.
"""

import uuid
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, F, Max, Q
from django.utils import timezone

from chapters.meetings.timezones import day_in
from chapters.models import Meeting
from members.models import Rsvp
from members.rsvps import emails
from members.rsvps.notified_fingerprint import notified_of
from members.rsvps.querysets import RsvpQuerySet
from s4jr.content.live_texts import texts_by_language
from s4jr.mail.services import queue_emails

State = Rsvp.State


def hold_meeting(pk: uuid.UUID | None, *, only_open: bool = True) -> Meeting | None:
    """Locks the row of a meeting until the transaction ends. None if nobody can attend it any more."""
    if not isinstance(pk, uuid.UUID):
        return None
    held = Meeting.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    is_open = held and held.is_published and not held.is_canceled and not held.is_over
    return held if is_open or not only_open else None


def admit(rsvps: RsvpQuerySet, meeting: Meeting) -> None:
    """Puts the one person at the end of the waitlist, and moves them to a free spot if there is one."""
    last = Rsvp.objects.filter(meeting=meeting).aggregate(last=Max("place_in_line"))["last"] or 0
    new = rsvps.filter(state__in=[State.ASKED, State.CANCELED])
    pk = new.values_list("pk", flat=True).first()
    new.update(state=State.WAITING, place_in_line=last + 1, link_sent_at=None, reminded_at=None, **notified_of(meeting))
    promote(meeting, but=pk)


def promote(meeting: Meeting, but: uuid.UUID | None = None) -> int:
    """Gives free spots to the first people on the waitlist and emails them, except `but`, who sees it on a page.

    Returns how many were promoted.
    """
    if meeting.is_canceled or meeting.is_over:
        return 0
    everybody = Rsvp.objects.filter(meeting=meeting)
    waiting = everybody.waiting().order_by("place_in_line")
    free = None if meeting.capacity is None else max(0, meeting.capacity - everybody.going().count())
    pks = list(waiting.values_list("pk", flat=True)[:free])
    won = everybody.filter(pk__in=pks).waiting().update(state=State.GOING, **notified_of(meeting))
    _tell_of_places(everybody.filter(pk__in=[pk for pk in pks if pk != but]))
    return won


def _tell_of_places(rsvps: RsvpQuerySet) -> None:
    opened, texts = rsvps.opened(), texts_by_language()
    queue_emails([emails.place_free(rsvp, texts) for rsvp in opened if rsvp.address])


def promote_waitlists(now: datetime | None = None) -> int:
    """Promotes where a spot opened in another way, such as a higher capacity. Returns how many."""
    awaited = Meeting.objects.upcoming(now).taking_place().filter(pk__in=Rsvp.objects.waiting().values("meeting"))
    come = Count("rsvps", filter=Q(rsvps__state=State.GOING))
    with_room = awaited.order_by().annotate(come=come).filter(Q(capacity=None) | Q(come__lt=F("capacity")))
    return sum(_promote_waitlist(pk) for pk in with_room.values_list("pk", flat=True))


@transaction.atomic
def _promote_waitlist(meeting_pk: uuid.UUID) -> int:
    meeting = hold_meeting(meeting_pk)
    return promote(meeting) if meeting else 0


def today_at(meeting: Meeting) -> date:
    """Today's date at the meeting, for counting "the day before"."""
    return day_in(meeting.zone, timezone.now())
