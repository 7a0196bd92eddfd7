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
from s4jr.crypto.blind_index import keyed_hash
from s4jr.crypto.fields import readable
from s4jr.mail.services import queue_emails
from s4jr.security.ratelimit import spend

#: Messages to everyone who is going to one meeting, within 24 hours.
MESSAGES_A_DAY = 2
#: Of one host, about all their meetings together: people who go to every date of a series get each one.
MESSAGES_OF_ONE_HOST = "10/d"


# --- guests


@transaction.atomic
def accept_guest(guests: RsvpQuerySet, *, by: User, seen: str | None = None) -> int:
    """Lets the one guest, who is going or waiting, see the street address or dial-in.

    Returns 0 if they could, or if their name is no longer the one that the host saw (`seen`, by `name_version`).
    """
    meetings = _meetings_of(guests)
    for meeting in meetings:  # a form that changes the name holds its meeting, too
        hold_meeting(meeting.pk, only_open=False)
    guest = guests.guests().taking_part().filter(accepted_at=None).first()
    if guest is None or seen not in (None, name_version(guest)):
        return 0
    return _log_change(Rsvp.objects.filter(pk=guest.pk).update(accepted_at=timezone.now()), meetings, by)


def name_version(guest: Rsvp) -> str:
    """A keyed hash of the name that a guest gave, 64 hex digits."""
    return keyed_hash("name of a guest", f"{guest.pk.hex} {readable(guest, 'name')}")


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

    The same form with other words is another message. Returns False if the meeting is over or canceled, or past the
    limits of a day.
    """
    meeting = hold_meeting(meeting_pk)
    if meeting is None:
        return False
    mark = keyed_hash("message of a host", f"{token} {text}")
    if MeetingMessage.objects.filter(meeting=meeting, form_token=mark).exists():
        return True
    if not may_send(meeting) or not spend("messages of hosts", f"user {by.pk}", MESSAGES_OF_ONE_HOST):
        return False
    message = MeetingMessage.objects.create(meeting=meeting, text=text, form_token=mark, sent_at=timezone.now())
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
