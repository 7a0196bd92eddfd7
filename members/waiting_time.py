"""How long people really waited for an answer. No promise: only what happened lately, or nothing."""

from datetime import UTC, datetime, time, timedelta
from statistics import median

from members.importing import IMPORTED
from members.models import Member

LATELY = timedelta(days=30)
#: Below this many answers a median would tell about single people, and little about waiting.
FEWEST = 5


def median_wait_days(today):
    """Half of those welcomed or told "not now" in the 30 days before `today` waited this many days or fewer.

    None when they were fewer than five.
    """
    answered = Member.objects.filter(
        status__in=[Member.Status.APPROVED, Member.Status.DECLINED], decided_at__gte=_midnight(today - LATELY)
    )
    # Who was brought in with a list asked nobody here, and waited for nothing.
    dates = answered.exclude(agreement_version=IMPORTED).values_list("received_on", "decided_at")
    days = [(decided_at.date() - received_on).days for received_on, decided_at in dates]
    return median(days) if len(days) >= FEWEST else None


def _midnight(day):
    return datetime.combine(day, time.min, UTC)
