"""Sends the emails that are due, one connection per batch."""

import time
from collections import Counter
from datetime import timedelta

from django.conf import settings

from s4jr.mail.bulk import write_next_portion
from s4jr.mail.health import EMAIL, TESTED, note
from s4jr.mail.kinds import TEST
from s4jr.mail.link_clocks import start_clock
from s4jr.mail.models import OutgoingEmail, SendingPause
from s4jr.mail.out_of_date import cancel_out_of_date
from s4jr.mail.pause_services import (
    end_pause,
    hold_email,
    how_many_may_try,
    is_about_email_alone,
    is_held_against_us,
    try_now,
)
from s4jr.mail.services import (
    begin_commit,
    cancel_suppressed,
    claim_due,
    put_back,
    release_overdue,
    settle_failed,
    settle_later,
    settle_no_mailbox,
    settle_sent,
    settle_unknown,
)
from s4jr.mail.transports import Transport, transport_for
from s4jr.mail.transports.errors import (
    MailboxFull,
    NoAnswer,
    NoMailbox,
    OurFault,
    PolicyRefusal,
    RefusedForGood,
    RefusedForNow,
)

#: A full inbox is not emptied within minutes. With the usual back-off, twelve tries take four days.
FULL_FOR_AT_LEAST = timedelta(hours=6)


def send_what_is_due(transport: Transport | None = None, seconds: float = float("inf")) -> Counter[str]:
    """Send until nothing is due, sending is paused, or `seconds` have passed.

    Returns a Counter of the results; if time ran out it contains "more to do".
    """
    became: Counter[str] = Counter()
    over = time.monotonic() + seconds
    release_overdue()
    if late := cancel_out_of_date():
        became["out of date"] = late
    with transport or transport_for(settings.EMAIL_URL) as carrier:
        while emails := _next_emails():
            try:
                _send_batch(emails, carrier, became)
            except OurFault:
                became["paused"] += 1
                break
            if time.monotonic() > over:
                became["more to do"] += 1
                break
    if became["sent"]:
        note(EMAIL)
    return became


def _next_emails() -> list[OutgoingEmail]:
    """What is due; if nothing is, queue the next batch of an announcement first. Nothing while sending is paused."""
    at_most = how_many_may_try(settings.MAIL_BATCH_SIZE)
    if not at_most:
        return []
    return claim_due(at_most) or (claim_due(at_most) if write_next_portion() else [])


def _send_batch(emails: list[OutgoingEmail], carrier: Transport, became: Counter[str]) -> None:
    before = became["sent"]
    for position, email in enumerate(emails):
        try:
            became[_send(email, carrier)] += 1
        except OurFault as error:
            hold_email(email, error.cause, str(error))
            put_back(emails[position + 1 :])
            raise
    if became["sent"] == before:  # if one of them was the try of a pause: it said nothing about us, so the next one may
        try_now()


def _prepare(email: OutgoingEmail, carrier: Transport) -> None:
    """Let an email that cannot be built fail alone, without delaying others."""
    try:
        carrier.prepare(email)
    except (OurFault, PolicyRefusal, RefusedForNow, RefusedForGood):
        raise
    except Exception as error:
        carrier.abandon()
        raise RefusedForGood(f"the email could not be made ({type(error).__name__})") from error


def _send(email: OutgoingEmail, carrier: Transport) -> str:
    """Send one email; returns the name of the result."""
    try:
        _prepare(email, carrier)
        if not begin_commit(email):
            carrier.abandon()
            cancel_suppressed(email)
            cancel_out_of_date()
            return "called back"
        carrier.commit()
    except OurFault as error:
        if not (error.has_named_reader and is_about_email_alone(email, error.cause, str(error))):
            raise
        settle_later(email, str(error))
        return "later"
    except PolicyRefusal as error:
        if is_held_against_us(email, str(error)):
            raise OurFault(SendingPause.Cause.POLICY, str(error)) from error
        settle_later(email, str(error))
        return "later"
    except RefusedForNow as error:
        settle_later(email, str(error), FULL_FOR_AT_LEAST if isinstance(error, MailboxFull) else timedelta())
        return "later"
    except NoMailbox as error:
        settle_no_mailbox(email, str(error))
        return "no mailbox"
    except RefusedForGood as error:
        settle_failed(email, str(error))
        return "failed"
    except NoAnswer as error:
        settle_unknown(email, str(error))
        return "unknown"
    settle_sent(email)
    end_pause()
    start_clock(email)
    if email.kind == TEST:
        note(TESTED)
    return "sent"
