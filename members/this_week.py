"""What needs somebody this week, for the admin's first page."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from members.models import Member
from members.waiting_time import median_wait_days
from s4jr.words.models import Passage

#: How far back closings without a letter are counted.
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class ThisWeek:
    """Days are whole days; `median_days` is None where fewer than five were decided lately."""

    waiting: int
    oldest_days: int
    median_days: float | None
    held: int
    cooling: int
    closed: int
    outdated_words: int


def this_week(today: date | None = None):
    """The ThisWeek of today, in a handful of counts."""
    today = today or timezone.now().date()
    undecided = Member.objects.undecided()
    oldest = undecided.oldest_first().values_list("received_on", flat=True).first()
    return ThisWeek(
        waiting=undecided.count(),
        oldest_days=(today - oldest).days if oldest else 0,
        median_days=median_wait_days(today),
        held=Member.objects.exclude(held_for="").count(),
        cooling=Member.objects.filter(status__in=Member.COOLING).count(),
        closed=Member.objects.filter(status=Member.Status.CLOSED, decided_at__gt=timezone.now() - WEEK).count(),
        outdated_words=Passage.objects.outdated().count(),
    )
