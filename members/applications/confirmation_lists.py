"""Lists of the unconfirmed applications at an address. A task queues at most one a day for each address.

Spellings of one mailbox that share a limit (`s4jr.mail.mailbox`) share a list if the provider guarantees that they
belong to one person. Elsewhere `ada+1@…` may be someone else, so each address gets its own list, in turn.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from members import emails
from members.applications.confirmation_emails import (
    AT_ONCE,
    LIST_PAUSE,
    LISTED_FOR,
    NEVER_CAME,
    named_at,
    sent_lately,
    take_turns,
    within,
)
from members.applications.descriptions import as_sent
from members.emails import LIST, ONE
from members.link_times import confirm_link_lasts
from members.models import Member, MemberLink
from members.querysets import MemberQuerySet
from s4jr.crypto.fields import DecryptionError, readable
from s4jr.mail.emails import Email
from s4jr.mail.mailbox import is_one_persons
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.mail.services import queue_emails
from s4jr.security.failed_steps import count_skipped_row
from s4jr.steps import tell_of_failure

logger = logging.getLogger(__name__)
#: Keeps the email readable. Applications beyond this come first in the next list.
MOST_IN_A_LIST = 100
#: How many addresses one run of the task handles; the next run continues.
ADDRESSES_AT_A_TIME = 100
AFTER_A_FAILURE = timedelta(hours=1)
#: The fields that a list needs. The rest is not decrypted: one broken value must not stop a list.
NEEDED = ("pk", "number", "contact", "language", "form_token", "code_hash", "agreed_at", "email_index", "list_due_at")


class ListsFailError(Exception):
    """Some lists could not be written, so the task failed."""


def write_lists() -> None:
    """The task. Raises ListsFailError while a list fails, so that `/readyz` misses the heartbeat of the task."""
    write_due_lists()
    if failing := _put_off().values("email_index").distinct().count():
        raise ListsFailError(f"{failing} put off after a failure")


def write_due_lists(now: datetime | None = None) -> int:
    """Queue the lists that are due. One that fails is logged, retried later and stops no other. Returns how many."""
    now = now or timezone.now()
    return sum(_try_list(key, _next_in_turn(key, now), now) for key in _due_limits(now))


def _due_limits(now: datetime) -> list[str]:
    """The limit keys of the addresses that have waited longest, as many as may still get an email this hour."""
    lately = OutgoingEmail.objects.filter(kind__in=[ONE, LIST], created_at__gt=now - timedelta(hours=1)).count()
    room = max(0, min(ADDRESSES_AT_A_TIME, settings.CONFIRMING_EMAILS_AN_HOUR - lately))
    due = _waiting().filter(list_due_at__lte=now).order_by().values(key=Coalesce("limit_index", "email_index"))
    return [row["key"] for row in due.annotate(first=Min("list_due_at")).order_by("first", "key")[:room]]


def _next_in_turn(limit_key: str, now: datetime) -> str | None:
    """Of the addresses that share this limit, the one that has gone longest without an email.

    Asking again with an older application does not move an address up: otherwise two tags could take every turn.
    """
    came = OutgoingEmail.objects.filter(to_index=OuterRef("email_index"), kind__in=[ONE, LIST]).exclude(NEVER_CAME)
    last = Subquery(came.order_by("-created_at").values("created_at")[:1])
    due = _waiting().filter(within(limit_key), list_due_at__lte=now).order_by().values("email_index")
    due = due.annotate(last=last, first=Min("list_due_at"), oldest=Min("pk"))
    row = due.order_by(F("last").asc(nulls_first=True), "first", "oldest").first()
    return row["email_index"] if row else None


def _waiting() -> MemberQuerySet:
    return Member.objects.unproved().filter(flag_reason="")


def _put_off() -> MemberQuerySet:
    """Applications whose list failed: `confirm_until` still counts from when they should have been listed."""
    return _waiting().filter(list_due_at__gt=F("confirm_until") - confirm_link_lasts())


def _try_list(limit_key: str, email_index: str | None, now: datetime) -> int:
    try:
        with transaction.atomic():
            return _write_list(limit_key, email_index, now)
    except DecryptionError as error:  # reported like any value that cannot be decrypted; the next list retries it
        return _put_off_list(email_index, now, error, count_skipped_row, **named_at(now + AFTER_A_FAILURE))
    except Exception as error:
        return _put_off_list(email_index, now, error, tell_of_failure, list_due_at=now + AFTER_A_FAILURE)


def _put_off_list(
    email_index: str | None, now: datetime, error: Exception, tell: Callable[[], None], **later: datetime
) -> int:
    logger.error("A list of applications to confirm could not be written: %s", type(error).__name__)
    tell()
    _waiting().filter(email_index=email_index, list_due_at__lte=now).update(**later)
    return 0


def _write_list(limit_key: str, email_index: str | None, now: datetime) -> int:
    take_turns(limit_key)
    sent, theirs = sent_lately(limit_key, now), _waiting().filter(within(limit_key))
    theirs.filter(~_may_be_named(now), list_due_at__lte=now).update(list_due_at=None)
    may_go_at = sent.next_list_at(now)
    if may_go_at > now:
        theirs.filter(list_due_at__lte=now).update(**named_at(may_go_at))
        return 0
    waiting = _named_together(theirs, email_index)
    listed = _to_be_listed(waiting, now)
    is_first = sent.at_once < AT_ONCE and len(listed) == 1 and not listed[0].links.exists()
    write = _email_held_until_now if is_first else _list_of
    written = queue_emails([write(waiting, listed, now)] if listed else [])
    waiting.filter(pk__in=[member.pk for member in listed]).update(
        list_due_at=None, confirm_until=now + confirm_link_lasts()
    )
    waiting.filter(list_due_at__lte=now).update(**named_at(now + LIST_PAUSE))
    return written


def _named_together(theirs: MemberQuerySet, email_index: str | None) -> MemberQuerySet:
    """All of these if every spelling belongs to the same person, else those at this one address.

    A spelling that gets no emails is never combined with others: the list might go to it.
    """
    stopped = Suppression.objects.holding_for(LIST).filter(to_index=OuterRef("email_index"))
    at_this, open_to_emails = theirs.filter(email_index=email_index), theirs.exclude(Exists(stopped))
    row = open_to_emails.filter(email_index=email_index).only("number", "email").first()
    return open_to_emails if row and is_one_persons(readable(row, "email")) else at_this


def _to_be_listed(waiting: MemberQuerySet, now: datetime) -> list[Member]:
    """The applications in this list, at most MOST_IN_A_LIST: those that have waited longest."""
    recent = waiting.filter(_may_be_named(now)).only(*NEEDED).select_for_update()
    return list(recent.order_by(F("list_due_at").asc(nulls_last=True), "pk")[:MOST_IN_A_LIST])


def _may_be_named(now: datetime) -> Q:
    """Applications that are not too old. If no email has included one yet, its age counts from the end of FLAGGED_DAYS,
    in which a volunteer may have unflagged it."""
    links = MemberLink.objects.filter(member=OuterRef("pk"), purpose=MemberLink.Purpose.CONFIRM)
    let_through = now - LISTED_FOR - timedelta(days=settings.FLAGGED_DAYS)
    waits = Q(agreed_at__gt=let_through, list_due_at__isnull=False) & ~Exists(links)
    return Q(agreed_at__gt=now - LISTED_FOR) | waits


def _email_held_until_now(waiting: MemberQuerySet, listed: list[Member], now: datetime) -> Email:
    """The email that an application would have got right away if it had not been flagged."""
    return emails.confirm(waiting.get(pk=listed[0].pk))


def _list_of(waiting: MemberQuerySet, listed: list[Member], now: datetime) -> Email:
    by_time = sorted(listed, key=lambda member: (member.agreed_at, member.pk))
    return emails.confirm_list(
        [(member, as_sent(member)) for member in by_time],
        to=_address_in(waiting, listed),
        language=listed[0].language,
        discreet=any(member.is_discreet for member in listed),
        day=now.date(),
    )


def _address_in(waiting: MemberQuerySet, listed: list[Member]) -> str:
    """The address, from the first of these rows where it can be decrypted. Raises DecryptionError if there is none."""
    for member in listed:
        with suppress(DecryptionError):
            return waiting.only("email").get(pk=member.pk).email
    raise DecryptionError("no row of this address can be decrypted")
