"""Confirmation emails: which ones go right away, and which wait for the list of their address (`confirmation_lists`).

An address gets AT_ONCE emails right away, each with the link of one application. After that it gets at most one list a
day and LISTS_A_WEEK a week, with every application that waits there. So a stranger who types an address over and over
can neither flood its inbox nor keep its owner's own application off the list.

All tagged spellings of one mailbox (`ada+1@…`, `ada+2@…`) share one limit (`s4jr.mail.mailbox.limit_key`), separate
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
from members.link_times import confirm_link_lasts
from members.models import Member
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.querysets import counted_by
from s4jr.mail.services import erase_emails, queue_emails
from s4jr.security.ratelimit import spend

#: How many emails with one link each an address gets right away in a week.
AT_ONCE = 2
LIST_PAUSE = timedelta(days=1)
LISTS_A_WEEK = 7
WEEK = timedelta(days=7)
#: How long lists include an application, however often someone asks for another email. A later list includes it once,
#: if a volunteer unflagged it and no email has included it yet.
LISTED_FOR = timedelta(days=28)
NEVER_CAME = Q(state__in=[OutgoingEmail.State.CANCELED, OutgoingEmail.State.FAILED])


class _UndoneError(Exception):
    """Rolls back an email that was queued only so that the work looks the same."""


@dataclass(frozen=True)
class SentLately:
    """What one limit counts in the last week, and what went to all addresses in the last hour."""

    in_the_last_hour: int
    at_once: int
    lists: int
    last_at: datetime | None
    first_list_at: datetime | None

    def next_list_at(self, now: datetime) -> datetime:
        """When the next list may go: now, or a day after the last email, or a week after the first of LISTS_A_WEEK."""
        after_the_last = self.last_at + LIST_PAUSE if self.last_at else now
        after_so_many = self.first_list_at + WEEK if self.first_list_at and self.lists >= LISTS_A_WEEK else now
        return max(now, after_the_last, after_so_many)


def limit_of(member: Member) -> str:
    """The key of the limit on emails to this application's address. Raises ValueError if it has no address."""
    key = member.limit_index or member.email_index
    if key is None:
        raise ValueError(f"{member} has no address")
    return key


def within(limit_key: str) -> Q:
    """The applications whose emails this limit counts: at one address, or at all spellings of a mailbox."""
    return Q(limit_index=limit_key) | Q(email_index=limit_key, limit_index=None)


def sent_lately(limit_key: str, now: datetime) -> SentLately:
    """Counts the emails within this limit, without those that were canceled or failed."""
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
    """The changes to the row of an application that joins the next list of its address, unless it is too old."""
    now = timezone.now()
    due_at = sent_lately(limit_of(member), now).next_list_at(now)
    is_recent = member.agreed_at > now - LISTED_FOR
    return named_at(min(due_at, member.list_due_at or due_at)) if is_recent else {"list_due_at": member.list_due_at}


# --- one application


def write_for(member: Member) -> dict[str, Any]:
    """Queue the email of one new application. Returns the changes to its row.

    If its address has had AT_ONCE emails this week, the email is queued and rolled back, so that the timing does not
    show it, and the application waits for the list. After CONFIRMING_EMAILS_AN_HOUR to all addresses it is flagged.
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
    """The changes to the row of an application that an email includes at `moment`. Its link lasts its full time."""
    return {"list_due_at": moment, "confirm_until": moment + confirm_link_lasts()}


def take_turns(limit_key: str) -> None:
    """Serializes requests within one limit, so that each one counts what the one before it queued."""
    spend("confirmation emails", limit_key, "1000/h")


def recall_list(limit_key: str) -> None:
    """Erases an unsent list, after an application on it went away, so that it is written again without that one."""
    states = OutgoingEmail.State
    lists = OutgoingEmail.objects.within_limit(limit_key).filter(kind=LIST)
    if erase_emails(lists.filter(state__in=[states.PENDING, states.CLAIMED])):
        Member.objects.unproved().filter(within(limit_key)).update(list_due_at=timezone.now())
