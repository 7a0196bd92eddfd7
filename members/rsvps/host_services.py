"""What hosts change about people who RSVP: they accept guests by name, and message everyone who is going."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from chapters.models import Meeting
from members.models import MeetingMessage, Rsvp
from members.rsvps import emails
from members.rsvps.querysets import RsvpQuerySet
from members.rsvps.waitlist import hold_meeting
from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.content.live_texts import texts_by_language
from s4jr.mail.services import queue_emails

#: Messages to everyone who is going to one meeting, within 24 hours.
MESSAGES_A_DAY = 2


# --- guests


@transaction.atomic
def accept_guest(guests: RsvpQuerySet, *, by: User) -> int:
    """Lets the one guest, who is going or waiting, see the street address or dial-in. Returns 0 if they could."""
    meetings = _meetings_of(guests)
    won = guests.guests().taking_part().filter(accepted_at=None).update(accepted_at=timezone.now())
    return _log_change(won, meetings, by)


@transaction.atomic
def unaccept_guest(guests: RsvpQuerySet, *, by: User) -> int:
    """Takes it back. Returns 0 if they could not see it."""
    meetings = _meetings_of(guests)
    won = guests.guests().filter(accepted_at__isnull=False).update(accepted_at=None)
    return _log_change(won, meetings, by)


def _meetings_of(guests: RsvpQuerySet) -> list[Meeting]:
    return list(Meeting.objects.filter(pk__in=guests.values("meeting")).only("pk"))


def _log_change(won: int, meetings: list[Meeting], by: User) -> int:
    """Logs the meeting, not the guest: of an erased guest nothing is left."""
    if won:
        log_access(who=by, action=AccessLog.Action.CHANGED, records=meetings, field_names=["accepted_at"])
    return won


# --- messages


@transaction.atomic
def send_message(meeting_pk: uuid.UUID, text: str, *, token: str, by: User) -> bool:
    """Sends a message to everyone who is going. The same form sent twice, or concurrently, is sent once.

    Returns False if the meeting is over or canceled, or past the limit of a day.
    """
    meeting = hold_meeting(meeting_pk)
    if meeting is None:
        return False
    sent = MeetingMessage.objects.filter(meeting=meeting)
    if sent.filter(form_token=token).exists():
        return True
    if not may_send(meeting):
        return False
    message = MeetingMessage.objects.create(meeting=meeting, text=text, form_token=token, sent_at=timezone.now())
    _queue_message(message)
    log_access(who=by, action=AccessLog.Action.SENT, records=[meeting], field_names=["message"])
    return True


def may_send(meeting: Meeting) -> bool:
    """Whether today's messages leave room for one more."""
    return MeetingMessage.objects.filter(meeting=meeting).since(timezone.now() - timedelta(days=1)) < MESSAGES_A_DAY


def _queue_message(message: MeetingMessage) -> None:
    going = Rsvp.objects.filter(meeting=message.meeting_id).going().to_be_written_to().opened()
    texts = texts_by_language()
    queue_emails([emails.message(rsvp, message, texts) for rsvp in going if rsvp.address])
