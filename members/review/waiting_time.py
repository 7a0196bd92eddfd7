"""How long people actually waited for an answer. Not a promise: recent numbers, or none."""

from datetime import UTC, date, datetime, time, timedelta
from statistics import median

from members.import_export.services import IMPORTED
from members.models import Member

LATELY = timedelta(days=30)
#: With fewer answers, a median would reveal individual cases.
FEWEST = 5
#: How many of the newest answers are counted: the join form runs this on every view.
MOST = 200


def median_wait_days(today: date) -> float | None:
    """The median wait in days of members approved or declined in the 30 days before `today`.

    None if there were fewer than five. Counts at most the newest MOST.
    """
    answered = Member.objects.filter(
        status__in=[Member.Status.APPROVED, Member.Status.DECLINED], decided_at__gte=_midnight(today - LATELY)
    )
    # Imported members did not wait for an answer.
    newest = answered.exclude(agreement_version=IMPORTED).order_by("-decided_at")[:MOST]
    dates = newest.values_list("received_on", "decided_at")
    days = [(decided_at.date() - received_on).days for received_on, decided_at in dates]
    return median(days) if len(days) >= FEWEST else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
