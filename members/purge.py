"""Erases everything that is due. The data inventory holds the retention rules; this runs them in batches."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.utils import timezone

from chapters.meetings.venue_retention import empty_past_venues
from chapters.representative_messages.retention import email_before_erasure
from members.models import Member, MemberLink
from members.retention import empty_decision_words, erase_unconfirmed, forget_new_addresses
from members.review import notifications
from members.review.handouts import forget_handouts
from members.review.services import lapse
from members.self_service.credentials import settle_changes
from s4jr.erasure.purge import steps_by_age, steps_for_expired, steps_for_logs
from s4jr.mail.bounces.services import forget_return_tokens
from s4jr.steps import run_steps


def purge(now: datetime | None = None) -> dict[str, int]:
    """Erases everything due at `now`. Returns {step: count} without zeros. See `run_steps`."""
    now = now or timezone.now()
    links = MemberLink.objects.filter(expires_at__lte=now)
    return run_steps(
        {**_member_steps(now), **steps_by_age(now), **steps_for_expired(now, links=links), **steps_for_logs(now)}
    )


def _member_steps(now: datetime) -> dict[str, Callable[[], int | None]]:
    """Steps that do more than erase rows: they email people, or keep the row and empty some fields."""
    everyone = Member.objects.all()
    return {
        # Before the steps by age, so that senders are emailed when their messages are erased.
        "emails about messages that go": partial(email_before_erasure, now),
        "told of those undecided": partial(notifications.tell_of_undecided, now.date()),
        "never confirmed": partial(erase_unconfirmed, everyone, now),
        "undecided for too long": partial(lapse, everyone, now.date()),
        "words of old decisions": partial(empty_decision_words, everyone, now),
        "who has which application open": partial(forget_handouts, everyone, now),
        "venues of past meetings": partial(empty_past_venues, now),
        "addresses to come": partial(forget_new_addresses, everyone, now),
        "new ways in that hold now": partial(settle_changes, now),
        "tokens of return addresses": partial(forget_return_tokens, now),
    }
