"""Everything that changes the outbox and the do-not-email list.

Each step of an email is one compare-and-set UPDATE, so any sender may die at any point:

pending -> claimed -> committing -> sent
claimed: refused for now, lease over -> pending    5xx or too many tries -> failed
claimed | committing: our own fault (`pause_services`) -> pending, and this try doesn't count
pending | claimed: canceled, suppressed or past `not_after` -> canceled, so that the later step fails and nothing leaves
sent | failed | unknown: an admin saw it come back -> bounced; one that was sent -> sent again, if that was a mistake
sent | unknown: a mail server says that the address doesn't exist -> bounced; for another reason -> returned | failed
committing: 4xx -> pending    5xx -> failed    no answer, or lease over -> unknown: a person decides, never a retry
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone

from s4jr.crypto.decryption_guard import decrypts_unshown
from s4jr.crypto.fields import DecryptionError
from s4jr.mail.contact_preference import discreet_among
from s4jr.mail.emails import Email
from s4jr.mail.kinds import ONCE_A_DAY, TO_TYPED_ADDRESSES
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.mail.querysets import OutgoingEmailQuerySet, SuppressionQuerySet

#: A sender claims at most this many announcements at a time, so that an email to one person never waits for long.
FEW = 10
EMPTY = {"to": "", "subject": "", "body": "", "in_reply_to": None}
State, Reason, Scope = OutgoingEmail.State, Suppression.Reason, Suppression.Scope


# --- queueing and canceling


@decrypts_unshown
def queue_emails(emails: Iterable[Email], *, heeding_stops: bool = True) -> int:
    """Put emails into the outbox, inside the transaction of what they are about. Returns how many were tried.

    A suppressed address gets none; one whose owner chose discreet emails gets the discreet form, whoever typed it.
    Without `heeding_stops` the caller has checked suppressions already. A used dedupe key queues nothing. Beat finds
    the emails: the caller talks to no broker.
    """
    emails = [email for email in emails if email.to]
    silent: set[tuple[str, str]] = _stopped_pairs(emails) if heeding_stops else set()
    discreet = discreet_among(email.mailbox for email in emails)
    emails = [email.in_form_for(discreet) for email in emails]
    rows = [email.row(OutgoingEmail) for email in emails if (email.to_index, email.kind) not in silent]
    OutgoingEmail.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    return len(rows)


def _stopped_pairs(emails: list[Email]) -> set[tuple[str, str]]:
    """(address, kind) pairs for which no email may be queued; one query per kind."""
    indexes = {email.to_index for email in emails}
    kinds = {email.kind for email in emails}
    return {(to_index, kind) for kind in kinds for to_index in Suppression.objects.among(indexes, kind)}


def cancel_emails(emails: OutgoingEmailQuerySet) -> int:
    """Cancel those of these emails whose sending has not begun; returns how many."""
    held = emails.filter(state__in=[State.PENDING, State.CLAIMED])
    return held.update(state=State.CANCELED, claim=None, lease_until=None, **EMPTY)


def erase_emails(emails: OutgoingEmailQuerySet) -> int:
    """Delete these emails, sent or not; returns how many. One whose sending has not begun is never sent.

    An email to a typed address that was sent, or is being sent, leaves an empty row for its usual time: it names no
    one, and limits keep counting it. Otherwise repeated requests and cancellations could fill a stranger's inbox.
    """
    has_left = Q(kind__in=TO_TYPED_ADDRESSES, state__in=[State.COMMITTING, State.SENT])
    deleted = emails.exclude(has_left).delete()[0]
    return deleted + emails.filter(has_left).update(
        state=State.SENT,
        sent_at=Coalesce("sent_at", timezone.now()),
        claim=None,
        lease_until=None,
        last_error="",
        return_token_hash=None,
        about="",
        dedupe_key=Case(
            When(kind__in=ONCE_A_DAY, then=F("dedupe_key")),
            default=Concat(Value("mark "), Cast("id", CharField())),
        ),
        **EMPTY,
    )


# --- sending


def claim_due(limit: int) -> list[OutgoingEmail]:
    """Claim at most `limit` due emails for MAIL_LEASE_SECONDS. Two senders never hold the same one.

    Announcements are claimed only if no other email is due, a few at a time.
    """
    emails = OutgoingEmail.objects.all()
    return _claim(emails.filter(batch=""), limit) or _claim(emails.exclude(batch=""), min(limit, FEW))


def _claim(emails: OutgoingEmailQuerySet, limit: int) -> list[OutgoingEmail]:
    claim = uuid.uuid4()
    with transaction.atomic():
        due = emails.due().order_by("next_attempt_at").values("pk")
        if connections[emails.db].features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        pks = [row["pk"] for row in due[:limit]]
        emails.due().filter(pk__in=pks).update(
            state=State.CLAIMED, claim=claim, lease_until=_lease_until(), attempts=F("attempts") + 1
        )
    claimed = emails.filter(claim=claim, state=State.CLAIMED).order_by("next_attempt_at")
    return [email for email in claimed if _can_be_opened(email)]


def _lease_until() -> datetime:
    """After this time a sender is considered dead, and others take over its emails."""
    return timezone.now() + timedelta(seconds=settings.MAIL_LEASE_SECONDS)


def _can_be_opened(email: OutgoingEmail) -> bool:
    """Whether its words can be decrypted. If not, it has failed, and the others go on."""
    try:
        return bool((email.to, email.subject, email.body))
    except DecryptionError:
        broken = OutgoingEmail.objects.filter(pk=email.pk, state=State.CLAIMED)
        broken.update(state=State.FAILED, lease_until=None, last_error="its words do not open")
        return False


def begin_commit(email: OutgoingEmail) -> bool:
    """The step just before the message's final dot. False if it was canceled, suppressed, too late or taken over."""
    suppressed = Exists(Suppression.objects.holding_for(email.kind).filter(to_index=OuterRef("to_index")))
    mine = OutgoingEmail.objects.filter(pk=email.pk, claim=email.claim, state=State.CLAIMED).exclude(suppressed)
    mine = mine.exclude(not_after__lte=timezone.now())
    kept = {"return_token_hash": email.return_token_hash}
    return mine.update(state=State.COMMITTING, lease_until=_lease_until(), **kept) == 1


def settle_sent(email: OutgoingEmail) -> None:
    """The mail server accepted it: its words are emptied."""
    _settle(email, state=State.SENT, sent_at=timezone.now(), last_error="", **EMPTY)


def settle_failed(email: OutgoingEmail, error: str) -> None:
    _settle(email, state=State.FAILED, last_error=error)


def settle_no_mailbox(email: OutgoingEmail, error: str) -> None:
    """The inbox does not exist: this email failed, and none follows to that address."""
    with transaction.atomic():
        settle_failed(email, error)
        stop_emails(email.to_index, Reason.BOUNCED)


def settle_unknown(email: OutgoingEmail, error: str) -> None:
    _settle(email, state=State.UNKNOWN, last_error=error)


def settle_later(email: OutgoingEmail, error: str, at_least: timedelta = timedelta()) -> None:
    """Back into the queue with increasing delay, or this one if it is longer; failed after the last attempt."""
    back_off = settings.MAIL_BACK_OFF_SECONDS
    if email.attempts > len(back_off):
        return settle_failed(email, error)
    again = timezone.now() + max(timedelta(seconds=back_off[email.attempts - 1]), at_least)
    return _settle(email, state=State.PENDING, next_attempt_at=again, last_error=error, claim=None)


def _settle(email: OutgoingEmail, **changes: Any) -> None:
    in_hand = OutgoingEmail.objects.in_hand().filter(pk=email.pk, claim=email.claim)
    in_hand.update(lease_until=None, **changes)


def put_back(emails: list[OutgoingEmail]) -> None:
    """Return untried emails of a claim unchanged, as when the connection is lost."""
    claims = {email.claim for email in emails}
    mine = OutgoingEmail.objects.filter(pk__in=[email.pk for email in emails], claim__in=claims, state=State.CLAIMED)
    mine.update(state=State.PENDING, claim=None, lease_until=None, attempts=F("attempts") - 1)


def cancel_suppressed(email: OutgoingEmail) -> None:
    """Cancel an email whose last step was refused, if its address is suppressed by now."""
    if Suppression.objects.among({email.to_index}, email.kind):
        cancel_emails(OutgoingEmail.objects.filter(pk=email.pk, claim=email.claim))


def release_overdue() -> None:
    """Release emails of dead senders: those not handed over go back, the others are unknown."""
    over = OutgoingEmail.objects.filter(lease_until__lt=timezone.now())
    over.filter(state=State.CLAIMED, attempts__gt=len(settings.MAIL_BACK_OFF_SECONDS)).update(
        state=State.FAILED, lease_until=None, last_error="its sender stopped again and again"
    )
    over.filter(state=State.CLAIMED).update(state=State.PENDING, claim=None, lease_until=None)
    over.filter(state=State.COMMITTING).update(
        state=State.UNKNOWN, lease_until=None, last_error="the sender stopped while handing it over"
    )


# --- decisions by admins


def send_again(emails: OutgoingEmailQuerySet) -> int:
    """Queue emails again that failed or may not have arrived; returns how many."""
    return emails.needing_somebody().update(
        state=State.PENDING, attempts=0, claim=None, next_attempt_at=timezone.now(), last_error="", bounced_at=None
    )


def mark_unknown(emails: OutgoingEmailQuerySet, error: str) -> int:
    """Mark those of these emails that are on their way as unknown; returns how many."""
    return emails.on_their_way().update(state=State.UNKNOWN, claim=None, lease_until=None, last_error=error)


def mark_arrived(emails: OutgoingEmailQuerySet) -> int:
    """Mark unknown emails as sent, if an admin knows that they arrived; returns how many."""
    return emails.in_doubt().update(state=State.SENT, sent_at=timezone.now(), last_error="", **EMPTY)


def mark_bounced(emails: OutgoingEmailQuerySet) -> int:
    """Mark emails that came back as bounced and suppress their addresses. Returns how many emails."""
    back = emails.filter(state__in=[State.SENT, State.FAILED, State.UNKNOWN, State.RETURNED])
    with transaction.atomic():
        for to_index in hold_addresses(back):
            stop_emails(to_index, Reason.BOUNCED)
        return back.update(state=State.BOUNCED, bounced_at=timezone.now(), return_token_hash=None, **EMPTY)


def undo_bounced(emails: OutgoingEmailQuerySet) -> int:
    """Mark bounced emails as sent again; returns how many. Only those that had been sent: of others the words are gone.

    Lifts the stop that a bounce made, unless another email to the address bounced or failed.
    """
    wrong = emails.filter(state=State.BOUNCED, sent_at__isnull=False)
    with transaction.atomic():
        addresses = hold_addresses(wrong)
        count = wrong.update(state=State.SENT, bounced_at=None)
        others = OutgoingEmail.objects.filter(to_index__in=addresses, state__in=[State.BOUNCED, State.FAILED])
        free = addresses.difference(others.values_list("to_index", flat=True))
        by_a_bounce = Suppression.objects.filter(scope=Scope.EVERY_EMAIL, reason=Reason.BOUNCED)
        lift_stops(by_a_bounce.filter(to_index__in=free))
        return count


def hold_addresses(emails: OutgoingEmailQuerySet) -> set[str]:
    """The blind indexes of these emails' addresses. Until the transaction ends, no other one settles emails to them."""
    indexes = set(emails.order_by().values_list("to_index", flat=True))
    held = OutgoingEmail.objects.filter(to_index__in=indexes).order_by("pk").select_for_update()
    list(held.values_list("pk", flat=True))
    return indexes


# --- the do-not-email list


def stop_emails(to_index: str, reason: Suppression.Reason, scope: Suppression.Scope = Scope.EVERY_EMAIL) -> Suppression:
    """Suppress emails of this scope to the address behind this blind index; queued ones are canceled.

    A later call does not weaken a `never`. Returns the suppression, which may be an earlier one with another reason.
    """
    with transaction.atomic():
        # Holds a row that is there: lifted a moment later, it would take the `never` along.
        row, created = Suppression.objects.select_for_update().get_or_create(
            to_index=to_index, scope=scope, defaults={"reason": reason, "created_on": timezone.now().date()}
        )
        if not created and reason == Reason.NEVER:
            Suppression.objects.filter(pk=row.pk).update(reason=reason)
        theirs = OutgoingEmail.objects.filter(to_index=to_index)
        cancel_emails(theirs.to_many() if scope == Scope.ANNOUNCEMENTS else theirs)
    return row


def allow_emails(to_index: str, scope: Suppression.Scope = Scope.EVERY_EMAIL) -> int:
    """Lift the suppression of this scope, unless someone at the address said `never`. Returns how many."""
    return lift_stops(Suppression.objects.filter(to_index=to_index, scope=scope))


def allow_emails_for_owner(to_index: str) -> int:
    """Lift suppressions that one email link made, including `never`, or a bounce. Announcements stay suppressed.

    Returns how many. Only for someone who has shown that the address is theirs by more than one email (decision 0016):
    whoever can open one email of an inbox can also report it as bounced.
    """
    reasons = (*Suppression.BY_A_LINK, Reason.BOUNCED)
    return Suppression.objects.filter(scope=Scope.EVERY_EMAIL, reason__in=reasons, to_index=to_index).delete()[0]


def lift_stops(stops: SuppressionQuerySet) -> int:
    """Lift suppressions, except those of someone who said `never`. Returns how many."""
    return stops.exclude(reason=Reason.NEVER).delete()[0]
