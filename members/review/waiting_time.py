"""How long people really waited for an answer. No promise: only what happened lately, or nothing."""

from datetime import UTC, date, datetime, time, timedelta
from statistics import median

from members.import_export.importer import IMPORTED
from members.models import Member

LATELY = timedelta(days=30)
#: Below this many answers a median would tell about single people, and little about waiting.
FEWEST = 5
#: So many answers are looked at, the newest: the join form asks each time it is read, however many there were.
MOST = 200


def median_wait_days(today: date) -> float | None:
    """Half of those welcomed or told "not now" in the 30 days before `today` waited this many days or fewer.

    None when they were fewer than five; where they were more than MOST, the newest of them speak for all.
    """
    answered = Member.objects.filter(
        status__in=[Member.Status.APPROVED, Member.Status.DECLINED], decided_at__gte=_midnight(today - LATELY)
    )
    # Who was brought in with a list asked nobody here, and waited for nothing.
    newest = answered.exclude(agreement_version=IMPORTED).order_by("-decided_at")[:MOST]
    dates = newest.values_list("received_on", "decided_at")
    days = [(decided_at.date() - received_on).days for received_on, decided_at in dates]
    return median(days) if len(days) >= FEWEST else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
