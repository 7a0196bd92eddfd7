"""Forgetting what is due. The data inventory says what goes when; here it goes, a batch at a time."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.utils import timezone

from chapters.representative_messages.retention import email_before_erasure
from members.models import Member, MemberLink
from members.retention import empty_decision_words, erase_unconfirmed, forget_new_addresses
from members.review import notifications
from members.review.services import lapse
from members.self_service.credentials import settle_changes
from s4jr.erasure.purge import steps_by_age, steps_for_expired, steps_for_logs
from s4jr.steps import run_steps


def purge(now: datetime | None = None) -> dict[str, int]:
    """Forget all that is due at this moment. Returns {what: how many}, of what there was any. See `run_steps`."""
    now = now or timezone.now()
    links = MemberLink.objects.filter(expires_at__lte=now)
    return run_steps(
        {**_member_steps(now), **steps_by_age(now), **steps_for_expired(now, links=links), **steps_for_logs(now)}
    )


def _member_steps(now: datetime) -> dict[str, Callable[[], int | None]]:
    """What takes more than erasing a row: those left undecided are told, and who is a member stays one."""
    everyone = Member.objects.all()
    return {
        # Before they go by age: whoever wrote is told in the moment it goes.
        "emails about messages that go": partial(email_before_erasure, now),
        "told of those undecided": partial(notifications.tell_of_undecided, now.date()),
        "never confirmed": partial(erase_unconfirmed, everyone, now),
        "undecided for too long": partial(lapse, everyone, now.date()),
        "words of old decisions": partial(empty_decision_words, everyone, now),
        "addresses to come": partial(forget_new_addresses, everyone, now),
        "new ways in that hold now": partial(settle_changes, now),
    }
