"""What a bounce or a reply changes."""

from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Any

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from s4jr.crypto.blind_index import blind_index
from s4jr.mail.bounces.emails import automatic_answer
from s4jr.mail.bounces.replies import Reply
from s4jr.mail.bounces.reports import Report, Verdict
from s4jr.mail.contact_preference import discreet_among
from s4jr.mail.kinds import AUTO_REPLY
from s4jr.mail.mailbox import limit_key, mailbox_indexes
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.mail.querysets import OutgoingEmailQuerySet
from s4jr.mail.return_address import VALID_FOR, token_hash
from s4jr.mail.services import EMPTY, hold_addresses, queue_emails, stop_emails
from s4jr.security.ratelimit import use_once

State = OutgoingEmail.State
#: An address gets one automatic answer in so much time.
ANSWERED_EVERY = timedelta(days=7)


class Outcome(StrEnum):
    """What became of a message."""

    BOUNCED = auto()
    RETURNED = auto()
    NOTED = auto()
    ANSWERED = auto()
    IGNORED = auto()
    #: Its email is just being handed over: the same message must come again.
    TRY_LATER = auto()


def record_bounce(token: str, report: Report) -> Outcome:
    """Record what a mail server reported about the email with this token. A token counts once for a failure.

    The address is suppressed only if there is no such mailbox and the report is about that very address: an inbox that
    forwards to one that is gone does exist.
    """
    with transaction.atomic():
        emails = OutgoingEmail.objects.filter(return_token_hash=token_hash(token))
        hold_addresses(emails)
        email = _when_they_left(emails).filter(left_at__gt=timezone.now() - VALID_FOR).first()
        if email is None or report.verdict is Verdict.NOTHING:
            return Outcome.IGNORED
        if State(email.state) is State.COMMITTING:
            return Outcome.TRY_LATER
        if report.verdict is Verdict.DELAYED:
            return _note_delay(emails, report)
        return _record_failure(email, report)


def _when_they_left(emails: OutgoingEmailQuerySet) -> OutgoingEmailQuerySet:
    """With `left_at`. One that may have arrived left no earlier than it was last due."""
    return emails.annotate(left_at=Coalesce("sent_at", "next_attempt_at"))


def _note_delay(emails: OutgoingEmailQuerySet, report: Report) -> Outcome:
    noted = emails.filter(state__in=[State.SENT, State.UNKNOWN])
    return Outcome.NOTED if noted.update(last_error=_in_words("delayed", report)) else Outcome.IGNORED


def _record_failure(email: OutgoingEmail, report: Report) -> Outcome:
    named = {blind_index(address) for address in report.addresses}
    if report.verdict is Verdict.NO_MAILBOX and email.to_index in named:
        if _settle(email, report, State.SENT, State.BOUNCED) or _settle(email, report, State.UNKNOWN, State.BOUNCED):
            stop_emails(email.to_index, Suppression.Reason.BOUNCED)
            return Outcome.BOUNCED
    # One that may have arrived didn't: it keeps its words, and an admin may send it again.
    elif _settle(email, report, State.SENT, State.RETURNED) or _settle(email, report, State.UNKNOWN, State.FAILED):
        return Outcome.RETURNED
    return Outcome.IGNORED


def _settle(email: OutgoingEmail, report: Report, before: State, after: State) -> bool:
    """One compare-and-set: the same report again, or another one at the same time, changes nothing."""
    now = timezone.now()
    changes: dict[str, Any] = {} if after is State.FAILED else EMPTY
    came_back = OutgoingEmail.objects.filter(pk=email.pk, return_token_hash=email.return_token_hash, state=before)
    words = _in_words("returned", report)
    return came_back.update(state=after, bounced_at=now, return_token_hash=None, last_error=words, **changes) == 1


def _in_words(what: str, report: Report) -> str:
    return f"a mail server reported: {what} {report.code}".rstrip()


def answer_reply(reply: Reply) -> Outcome:
    """Queue the automatic answer to a reply, at most one a week for an inbox. Nothing of the reply is kept.

    The sender of a message can be forged. So an answer goes only to an address that we emailed, and only if the message
    knows the random Message-ID of an email to that very address: no stranger gets an answer to what they didn't write.
    """
    theirs = OutgoingEmail.objects.filter(pk__in=reply.answers, to_index=blind_index(reply.sender))
    email = theirs.exclude(kind=AUTO_REPLY).order_by("-created_at").first()
    if email is None or discreet_among([mailbox_indexes(reply.sender)]):
        return Outcome.IGNORED
    with transaction.atomic():
        if not use_once("automatic answer", limit_key(reply.sender), ANSWERED_EVERY.total_seconds()):
            return Outcome.IGNORED
        queued = queue_emails([automatic_answer(email, reply.sender, reply.message_id)])
    return Outcome.ANSWERED if queued else Outcome.IGNORED


def forget_return_tokens(now: datetime) -> int:
    """Delete the hashes of tokens that are no longer valid; returns how many."""
    with_token = OutgoingEmail.objects.filter(return_token_hash__isnull=False)
    return _when_they_left(with_token).filter(left_at__lte=now - VALID_FOR).update(return_token_hash=None)
