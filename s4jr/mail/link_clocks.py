"""Links that work for a short time start it when their email is sent. The app of such a link registers here."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from s4jr.mail.models import OutgoingEmail

#: An email that waited for less than this was sent right away.
WAITED = timedelta(minutes=1)
#: A link is made in the same transaction as its email, just before it.
MADE_WITHIN = timedelta(minutes=1)
_clocks: dict[str, Callable[[OutgoingEmail, timedelta], int]] = {}


def register(kind: str, start: Callable[[OutgoingEmail, timedelta], int]) -> None:
    """Let `start(email, waited)` give the link of an email of this kind the time that the email waited. Idempotent."""
    _clocks[kind] = start


def start_clock(email: OutgoingEmail) -> None:
    """The email was sent just now: from now on the time of its link counts."""
    waited = timezone.now() - email.created_at
    if email.kind in _clocks and waited > WAITED:
        _clocks[email.kind](email, waited)
