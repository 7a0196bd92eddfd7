"""The compare-and-set of every decision: one UPDATE with a stamp; the rows with the stamp are the ones it won."""

import uuid
from typing import Any, NamedTuple

from django.db.models import Count, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from members.models import Member
from members.querysets import MemberQuerySet
from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access


class Decision(NamedTuple):
    """The members that an action decided, and how many of the others already had a decision.

    Neither counts members whose version changed.
    """

    won: list[Member]
    already: int


def decide(members: MemberQuerySet, by: User, from_statuses: list[Member.Status], **changes: Any) -> Decision:
    """Change those of `members` that have one of `from_statuses`. Inside the caller's transaction.

    Whoever had the application open has it no longer: it is decided.
    """
    stamp = uuid.uuid4()
    stamps = {
        "decision": stamp,
        "decided_by": by,
        "decided_at": timezone.now(),
        "decided_version": None,
        "handed_to": None,
        "handed_at": None,
        **changes,
    }
    members.filter(status__in=from_statuses).order_by().update(**stamps)
    won: list[Any] = list(_with_stamp(members, stamp))
    log_access(who=by, action=AccessLog.Action.DECIDED, records=won, field_names=["status"])
    return Decision(won, won[0].others if won else members.count())


def _with_stamp(members: MemberQuerySet, stamp: uuid.UUID) -> MemberQuerySet:
    """The members with the stamp, each with `others`: how many of `members` lack it. One query."""
    others = members.exclude(decision=stamp).order_by().values(one=Value(1)).annotate(count=Count("pk")).values("count")
    winners = Member.objects.filter(decision=stamp).order_by("pk")
    return winners.annotate(others=Coalesce(Subquery(others), 0))
