"""The statistics of the week, for the admin's first page. `members.review.dashboard` counts the waiting work."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from chapters.models import Meeting
from members.models import Member
from members.review.waiting_time import median_wait_days
from s4jr.content.models import TextBlock

#: How far back closings without an email are counted.
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class WeekStatistics:
    """Days are whole days. `median_days` is None if fewer than five were decided in the last 30 days."""

    waiting: int
    median_days: float | None
    in_grace_period: int
    closed: int
    outdated_words: int
    next_meeting: Meeting | None


def week_statistics(today: date | None = None) -> WeekStatistics:
    """Returns today's WeekStatistics."""
    today = today or timezone.now().date()
    return WeekStatistics(
        waiting=Member.objects.undecided().count(),
        median_days=median_wait_days(today),
        in_grace_period=Member.objects.filter(status__in=Member.IN_GRACE_PERIOD).count(),
        closed=Member.objects.filter(status=Member.Status.CLOSED, decided_at__gt=timezone.now() - WEEK).count(),
        outdated_words=TextBlock.objects.outdated().count(),
        next_meeting=Meeting.objects.upcoming().taking_place().only("title", "starts_at", "zone").first(),
    )
