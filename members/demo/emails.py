"""A few rows that show the outbox: sent, failed, unknown, canceled, bounced. The demo sends no email."""

import secrets
from datetime import datetime, timedelta

from django.utils import timezone

from members.demo.applications import approved_members
from members.models import Member
from s4jr.mail.emails import Email
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import erase_emails

State = OutgoingEmail.State
#: (kind, state, last reply of the receiving server)
SHOWN = (
    ("welcome", State.SENT, ""),
    ("confirm", State.SENT, ""),
    ("rsvp-reminder", State.SENT, ""),
    ("welcome", State.FAILED, "552 mailbox full (fictional)"),
    ("welcome", State.UNKNOWN, "no answer (fictional)"),
    ("rsvp-reminder", State.CANCELED, ""),
    ("welcome", State.BOUNCED, "550 no such mailbox (fictional)"),
)
SUBJECT, BODY = "A fictional email", "Nobody gets this fictional email.\n"
EMPTY = {"to": "", "subject": "", "body": ""}


def delete_emails_since(moment: datetime) -> None:
    """Deletes the emails that the services queued while the demo was loaded."""
    erase_emails(OutgoingEmail.objects.filter(created_at__gte=moment))


def add_emails() -> None:
    """Adds a row for each of SHOWN, each an hour older than the one before it."""
    for hours, ((kind, state, error), member) in enumerate(zip(SHOWN, approved_members(), strict=False)):
        _add(kind, state, error, member, timezone.now() - timedelta(hours=hours))


def _add(kind: str, state: str, error: str, member: Member, written_at: datetime) -> None:
    """Adds a row in its final state in one step, so that it is never due."""
    email = Email(member.email, SUBJECT, BODY, kind=kind, dedupe_key=secrets.token_hex(16), about=member.about)
    row = email.row(OutgoingEmail)
    row.state, row.attempts, row.last_error = state, int(state != State.CANCELED), error
    row.created_at = row.next_attempt_at = written_at
    if state == State.SENT:
        row.sent_at = written_at
    if state in (State.SENT, State.CANCELED):
        row.to, row.subject, row.body = EMPTY.values()
    row.save()
