"""Emails that somebody asks for at an address they type: a link that opens their details, one that confirms an address.

Anybody can type an address. So a limit keeps its inbox from being filled, and none of them keeps its owner out.
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
#: How many emails that confirm a new address one inbox gets a day, silently.
EMAILS_A_DAY = 5
#: How many links that open details last OPEN_LINK_LASTS. Each one after that lasts LATER_LINK_LASTS, and is the last
#: until it was used or is over: so whoever gets no email has a link that works, however often a stranger asks.
SHORT_LINKS_A_DAY = 4
LATER_LINK_LASTS = timedelta(hours=6)
TURNS = 4
OPEN, CHANGE = "open-details", "confirm-change"
#: What writes an email, given what names the event that it is about.
EmailForEvent = Callable[[str], Email]
NEVER_CAME = Q(state__in=[OutgoingEmail.State.CANCELED, OutgoingEmail.State.FAILED])


class _Undone(Exception):
    """An email was queued as for anybody, and taken out of the outbox again."""


def send_sign_in_link(email: str, language: str) -> None:
    """Queue an email with a link that opens the information of whoever has this address, if it is known and proved.

    Whatever is known, the same is asked and written, and undone where no email may go. Returns nothing.
    A count is raised whoever asks, so that each answer waits for one commit that writes, and requests for one
    inbox wait for each other. There are TURNS counts: an address that was made up leaves no row of its own.
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
            # The stranger is in no table: a link of theirs could not be committed, even by mistake.
            lambda event: emails.open_details(member or stranger, event, lasting),
            lately,
            may_go=bool(member) and has_room,
        )


def _has_no_link(member: Member, lately: dict[str, Any]) -> bool:
    """Whether no earlier email of today holds a link that works for hours and was not used. Asked of anybody."""
    opening = MemberLink.objects.filter(member=member.pk, purpose=MemberLink.Purpose.OPEN)
    used_at, came_at = opening.aggregate(last=Max("used_at"))["last"], lately["came_at"]
    is_used = came_at and used_at and used_at > came_at
    is_over = came_at is None or came_at <= timezone.now() - LATER_LINK_LASTS
    return lately["today"] <= SHORT_LINKS_A_DAY or is_used or is_over


def queue_change_email(email_for: EmailForEvent, email: str) -> None:
    """Queue `email_for(event)` to an address that somebody wants to have: at most five a day."""
    lately = _count_lately(limit_key(email), CHANGE)
    _queue_requested(email_for, lately, may_go=lately["today"] < EMAILS_A_DAY)


def _queue_requested(email_for: EmailForEvent, lately: dict[str, Any], *, may_go: bool) -> None:
    """Queue `email_for(event)` to a typed address: at most one in ten minutes, and none after a stop.

    One that must not go is queued and undone all the same: neither what is asked of the database nor what is left
    in it about whoever asks may tell whose address it is, nor whether somebody there said stop.
    """
    with suppress(_Undone), transaction.atomic():
        email = email_for(after(lately))
        queue_emails([email], heeding_stops=False)
        is_stopped = Suppression.objects.among({email.to_index}, email.kind)
        if not may_go or lately["just_now"] or is_stopped:
            raise _Undone


def _count_lately(key: str, kind: str) -> dict[str, Any]:
    """What an inbox had of a kind. All tagged spellings of one mailbox are counted together (`limit_key`)."""
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
    """What names the next email of a kind to an address: the newest one before it, and how many there are.

    Two requests at once see the same, so one email is written. The count alone would repeat: `purge` deletes rows.
    """
    newest = lately["newest"]
    return f"{newest:%Y%m%dT%H%M%S.%f}-{lately['ever']}" if newest else "first"
