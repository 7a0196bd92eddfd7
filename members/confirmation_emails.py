"""Confirmation emails: which go right away, and which wait for the list of their address (`confirmation_lists`).

An address gets AT_ONCE emails right away, each with the link of one application. After that it gets at most one list a
day, which names every application that waits there, and at most LISTS_A_WEEK a week. So a stranger who types an address
over and over neither fills its inbox nor keeps its owner's own application from being named.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from members import letters
from members.links import confirm_link_lasts
from s4jr.mail.models import OutgoingEmail
from s4jr.privacy.limits import spend

ONE, LIST = "confirm", "confirm-list"
#: Emails with one link each that an address gets without waiting, in a week.
AT_ONCE = 2
LIST_PAUSE = timedelta(days=1)
LISTS_A_WEEK = 7
WEEK = timedelta(days=7)
#: So long an application is named in lists, however often someone asks for another one; later it is named once, where
#: a volunteer let it through and nothing has named it yet.
LISTED_FOR = timedelta(days=28)


class _UndoneError(Exception):
    """An email was written as for anybody, and taken out of the outbox again."""


@dataclass(frozen=True)
class SentLately:
    """What went to one address in the last week, and to everybody in the last hour."""

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


def sent_lately(email_index: str, now: datetime) -> SentLately:
    """Counts what was written to this address and not called back or refused."""
    never_came = Q(state__in=[OutgoingEmail.State.CANCELLED, OutgoingEmail.State.FAILED])
    to_them = Q(to_index=email_index, created_at__gt=now - WEEK)
    lately = Q(created_at__gt=now - timedelta(hours=1))
    came = to_them & ~never_came
    counts = OutgoingEmail.objects.filter(lately | to_them, kind__in=[ONE, LIST]).aggregate(
        in_the_last_hour=Count("pk", filter=lately),
        at_once=Count("pk", filter=came & Q(kind=ONE)),
        lists=Count("pk", filter=came & Q(kind=LIST)),
        last_at=Max("created_at", filter=came),
        first_list_at=Min("created_at", filter=came & Q(kind=LIST)),
    )
    return SentLately(**counts)


def joins_next_list(member: models.Model) -> dict:
    """What changes in the row of an application that joins the next list of its address, unless it is too old."""
    now = timezone.now()
    due_at = sent_lately(member.email_index, now).next_list_at(now)
    is_recent = member.agreed_at > now - LISTED_FOR
    return named_at(min(due_at, member.list_due_at or due_at)) if is_recent else {"list_due_at": member.list_due_at}


# --- one application


def write_for(member: models.Model) -> dict:
    """Write the email of one new application. Returns what changes in its row.

    Where its address has had AT_ONCE emails this week, the email is written all the same and undone, and the
    application waits for the list: how long it takes must not tell. Past so many an hour to everybody it is held.
    """
    take_turns(member.email_index)
    now = timezone.now()
    sent = sent_lately(member.email_index, now)
    if sent.in_the_last_hour >= settings.CONFIRMING_LETTERS_AN_HOUR:
        return {"held_for": member.HeldFor.TOO_MANY}
    goes_now = sent.at_once < AT_ONCE
    with suppress(_UndoneError), transaction.atomic():
        OutgoingEmail.objects.write([letters.confirm(member)])
        if not goes_now:
            raise _UndoneError
    return {**named_at(now), "list_due_at": None} if goes_now else named_at(sent.next_list_at(now))


def named_at(moment: datetime) -> dict:
    """What a row says whose application is named then: it is not deleted before its link has had its full time."""
    return {"list_due_at": moment, "confirm_until": moment + confirm_link_lasts()}


def take_turns(email_index: str) -> None:
    """Requests for one address wait for each other here: each counts what the one before it has written."""
    spend("confirmation emails", email_index, "1000/h")


def recall_list(model: type[models.Model], email_index: str) -> None:
    """Something that a list names is gone: a list that has not left is written again without it."""
    states = OutgoingEmail.State
    waits = OutgoingEmail.objects.filter(to_index=email_index, kind=LIST, state__in=[states.PENDING, states.CLAIMED])
    if waits.erase():
        model.objects.unproved().filter(email_index=email_index).update(list_due_at=timezone.now())
