"""Emails requested for an address that someone types: a sign-in link, or a link that confirms a new address.

Anyone can type an address. So limits keep its inbox from being flooded, and no limit locks its owner out.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone

from members import emails
from members.models import Member, MemberLink
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.emails import Email
from s4jr.mail.mailbox import limit_key
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.mail.services import queue_emails
from s4jr.security.ratelimit import spend

PAUSE_BETWEEN = timedelta(minutes=10)
#: How many confirmations of a new address one inbox gets a day. More are dropped silently.
EMAILS_A_DAY = 5
#: How many sign-in links a day last OPEN_LINK_LASTS. Each later one lasts LATER_LINK_LASTS, and the next follows only
#: when it was used or expired. So someone who gets no more emails has a working link, however often a stranger asks.
SHORT_LINKS_A_DAY = 4
LATER_LINK_LASTS = timedelta(hours=6)
TURNS = 4
OPEN, CHANGE = "open-details", "confirm-change"
#: Builds an email, given a string that identifies its event.
EmailForEvent = Callable[[str], Email]
NEVER_CAME = Q(state__in=[OutgoingEmail.State.CANCELED, OutgoingEmail.State.FAILED])


class _Undone(Exception):
    """Rolls back an email that was queued only so that the work looks the same."""


def send_sign_in_link(email: str, language: str) -> None:
    """Queue an email with a sign-in link for the owner of this address, if it is known and proved.

    Runs the same queries and writes for every address, and rolls back if no email may go. Returns nothing.
    Every request increments a counter, so that each answer waits for one commit with a write, and requests for one
    inbox wait for each other. There are TURNS counters: a made-up address leaves no row of its own.
    """
    index, key = blind_index(email), limit_key(email)
    member = Member.objects.owner_of(index)
    stranger = Member(pk=0, number="", email=email, email_index=index, contact=Member.Contact.YES, language=language)
    with transaction.atomic():
        spend("details link", str(int(key[0], 16) % TURNS), "1/d")
        lately = _count_lately(key, OPEN)
        has_room = _has_no_link(member or stranger, lately)
        lasting = emails.OPEN_LINK_LASTS if lately["today"] < SHORT_LINKS_A_DAY else LATER_LINK_LASTS
        _queue_requested(
            # The stranger is in no table, so a link for them could not be committed, even by mistake.
            lambda event: emails.open_details(member or stranger, event, lasting),
            lately,
            may_go=bool(member) and has_room,
        )


def _has_no_link(member: Member, lately: dict[str, Any]) -> bool:
    """Whether no earlier email of today has a link that still works and was not used. Runs for every address."""
    opening = MemberLink.objects.filter(member=member.pk, purpose=MemberLink.Purpose.OPEN)
    used_at, came_at = opening.aggregate(last=Max("used_at"))["last"], lately["came_at"]
    is_used = came_at and used_at and used_at > came_at
    is_over = came_at is None or came_at <= timezone.now() - LATER_LINK_LASTS
    return lately["today"] <= SHORT_LINKS_A_DAY or is_used or is_over


def queue_change_email(email_for: EmailForEvent, email: str) -> None:
    """Queue `email_for(event)` to a requested new address: at most EMAILS_A_DAY."""
    lately = _count_lately(limit_key(email), CHANGE)
    _queue_requested(email_for, lately, may_go=lately["today"] < EMAILS_A_DAY)


def _queue_requested(email_for: EmailForEvent, lately: dict[str, Any], *, may_go: bool) -> None:
    """Queue `email_for(event)` to a typed address: at most one in ten minutes, and none if its owner stopped emails.

    An email that must not go is queued and rolled back. Neither the queries nor the rows they leave may show who has
    the address, or whether its owner stopped emails.
    """
    with suppress(_Undone), transaction.atomic():
        email = email_for(after(lately))
        queue_emails([email], heeding_stops=False)
        is_stopped = Suppression.objects.among({email.to_index}, email.kind)
        if not may_go or lately["just_now"] or is_stopped:
            raise _Undone


def _count_lately(key: str, kind: str) -> dict[str, Any]:
    """Counts the emails of a kind to one inbox. All tagged spellings of a mailbox count together (`limit_key`)."""
    now, called_back = timezone.now(), Q(state=OutgoingEmail.State.CANCELED)
    return (
        OutgoingEmail.objects.within_limit(key)
        .filter(kind=kind)
        .aggregate(
            just_now=Count("pk", filter=Q(created_at__gt=now - PAUSE_BETWEEN) & ~called_back),
            today=Count("pk", filter=Q(created_at__gt=now - timedelta(days=1))),
            came_at=Max("created_at", filter=~NEVER_CAME),
            newest=Max("created_at"),
            ever=Count("pk"),
        )
    )


def after(lately: dict[str, Any]) -> str:
    """Identifies the next email of a kind to an address by the newest one before it and their count.

    Two simultaneous requests get the same string, so only one email is queued. The count alone would repeat, because
    `purge` deletes rows.
    """
    newest = lately["newest"]
    return f"{newest:%Y%m%dT%H%M%S.%f}-{lately['ever']}" if newest else "first"
