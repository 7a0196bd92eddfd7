"""Confirmation emails: which go right away, and which wait for the list of their address (`confirmation_lists`).

An address gets AT_ONCE emails right away, each with the link of one application. After that it gets at most one list a
day, which names every application that waits there, and at most LISTS_A_WEEK a week. So a stranger who types an address
over and over neither fills its inbox nor keeps its owner's own application from being named.

All tagged spellings of one mailbox (`ada+1@…`, `ada+2@…`) share one such limit (`s4jr.mail.mailbox.limit_key`), apart
from that of the address without a tag.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from members import emails
from members.emails import LIST, ONE
from members.links import confirm_link_lasts
from members.models import Member
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.querysets import counted_by
from s4jr.mail.services import erase_emails, queue_emails
from s4jr.security.ratelimit import spend

#: Emails with one link each that an address gets without waiting, in a week.
AT_ONCE = 2
LIST_PAUSE = timedelta(days=1)
LISTS_A_WEEK = 7
WEEK = timedelta(days=7)
#: So long an application is named in lists, however often someone asks for another one; later it is named once, where
#: a volunteer let it through and nothing has named it yet.
LISTED_FOR = timedelta(days=28)
NEVER_CAME = Q(state__in=[OutgoingEmail.State.CANCELED, OutgoingEmail.State.FAILED])


class _UndoneError(Exception):
    """An email was written as for anybody, and taken out of the outbox again."""


@dataclass(frozen=True)
class SentLately:
    """What one limit counts in the last week, and to everybody in the last hour."""

    in_the_last_hour: int
    at_once: int
    lists: int
    last_at: datetime | None
    first_list_at: datetime | None

    def next_list_at(self, now: datetime) -> datetime:
        """When the next list may go to this address: now, or once a day or a week has passed."""
        after_the_last = self.last_at + LIST_PAUSE if self.last_at else now
        after_so_many = self.first_list_at + WEEK if self.first_list_at and self.lists >= LISTS_A_WEEK else now
        return max(now, after_the_last, after_so_many)


def limit_of(member: Member) -> str:
    """What the limit on emails to this application's address counts by."""
    return member.limit_index or member.email_index


def within(limit_key: str) -> Q:
    """The applications at the address, or at the spellings of a mailbox, whose emails this limit counts."""
    return Q(limit_index=limit_key) | Q(email_index=limit_key, limit_index=None)


def sent_lately(limit_key: str, now: datetime) -> SentLately:
    """Counts what was written within this limit and not called back or refused."""
    to_them = counted_by(limit_key) & Q(created_at__gt=now - WEEK)
    lately = Q(created_at__gt=now - timedelta(hours=1))
    came = to_them & ~NEVER_CAME
    counts = OutgoingEmail.objects.filter(lately | to_them, kind__in=[ONE, LIST]).aggregate(
        in_the_last_hour=Count("pk", filter=lately),
        at_once=Count("pk", filter=came & Q(kind=ONE)),
        lists=Count("pk", filter=came & Q(kind=LIST)),
        last_at=Max("created_at", filter=came),
        first_list_at=Min("created_at", filter=came & Q(kind=LIST)),
    )
    return SentLately(**counts)


def joins_next_list(member: Member) -> dict[str, Any]:
    """What changes in the row of an application that joins the next list of its address, unless it is too old."""
    now = timezone.now()
    due_at = sent_lately(limit_of(member), now).next_list_at(now)
    is_recent = member.agreed_at > now - LISTED_FOR
    return named_at(min(due_at, member.list_due_at or due_at)) if is_recent else {"list_due_at": member.list_due_at}


# --- one application


def write_for(member: Member) -> dict[str, Any]:
    """Write the email of one new application. Returns what changes in its row.

    Where its address has had AT_ONCE emails this week, the email is written all the same and undone, and the
    application waits for the list: how long it takes must not tell. Past so many an hour to everybody it is held.
    """
    take_turns(limit_of(member))
    now = timezone.now()
    sent = sent_lately(limit_of(member), now)
    if sent.in_the_last_hour >= settings.CONFIRMING_EMAILS_AN_HOUR:
        return {"flag_reason": member.FlagReason.TOO_MANY}
    goes_now = sent.at_once < AT_ONCE
    with suppress(_UndoneError), transaction.atomic():
        queue_emails([emails.confirm(member)])
        if not goes_now:
            raise _UndoneError
    return {**named_at(now), "list_due_at": None} if goes_now else named_at(sent.next_list_at(now))


def named_at(moment: datetime) -> dict[str, datetime]:
    """What a row says whose application is named then: it is not deleted before its link has had its full time."""
    return {"list_due_at": moment, "confirm_until": moment + confirm_link_lasts()}


def take_turns(limit_key: str) -> None:
    """Requests within one limit wait for each other here: each counts what the one before it has written."""
    spend("confirmation emails", limit_key, "1000/h")


def recall_list(limit_key: str) -> None:
    """Something that a list names is gone: a list that has not left is written again without it."""
    states = OutgoingEmail.State
    lists = OutgoingEmail.objects.within_limit(limit_key).filter(kind=LIST)
    if erase_emails(lists.filter(state__in=[states.PENDING, states.CLAIMED])):
        Member.objects.unproved().filter(within(limit_key)).update(list_due_at=timezone.now())
