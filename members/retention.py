"""Erases members' data right away or when its retention ends. Tombstones remain, for restored backups."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When

from members import data_inventory
from members.models import Member, MemberLink
from members.querysets import MemberQuerySet
from s4jr.chunked import batches_of
from s4jr.erasure.erase import erase, erase_in_batches

#: How many people are erased, or have their words emptied, in one transaction.
BATCH = 200


def erase_members(members: MemberQuerySet) -> int:
    """Erases these members, their links and their emails, including unsent ones. Returns how many."""
    return len(erase(members).gone[Member])


def erase_unconfirmed(members: MemberQuerySet, now: datetime) -> int:
    """Erases applications that were not confirmed in time, or flagged and not reviewed. Returns how many."""
    due = data_inventory.NOT_CONFIRMED.due(now) | data_inventory.FLAGGED_TOO_LONG.due(now)
    return erase_in_batches(members.filter(due), BATCH)


def empty_decision_words(members: MemberQuerySet, now: datetime) -> int:
    """Empties the text fields of old decisions and keeps the members. Returns how many."""
    words = dict.fromkeys(data_inventory.WORDS_FOR_A_DECISION, "")
    long_ago = Q(decided_at__lte=now - timedelta(days=settings.DECIDED_WORDS_DAYS))
    settled = members.exclude(status__in=[*Member.UNDECIDED, *Member.IN_GRACE_PERIOD]).filter(long_ago)
    again = settled.filter(emptied_on__lt=F("decided_at__date"))  # a later decision added new text
    due = [settled.filter(emptied_on=None), again]
    return sum(_update_in_batches(rows, **words, emptied_on=now.date()) for rows in due)


def forget_new_addresses(members: MemberQuerySet, now: datetime) -> int:
    """Erases new addresses that were not confirmed in time. Returns how many.

    A member without another address gets `contact=none` again.
    """
    to_it = MemberLink.objects.filter(member=OuterRef("pk"), purpose="change", to_index=OuterRef("new_email_index"))
    forgotten = members.filter(~Exists(to_it.filter(expires_at__gt=now)), new_email_index__isnull=False)
    contact = Case(When(email_index=None, then=Value(Member.Contact.NONE)), default=F("contact"))
    return _update_in_batches(forgotten, new_email="", new_email_index=None, contact=contact)


def _update_in_batches(members: MemberQuerySet, **changes: Any) -> int:
    """Runs the same update in batches. The update must remove rows from this QuerySet. Returns how many."""
    return sum(members.filter(pk__in=pks).update(**changes) for pks in batches_of(members, BATCH))
