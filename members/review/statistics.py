"""The statistics of the week, for the admin's first page. `members.review.dashboard` counts the waiting work."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from chapters.models import Meeting
from members.models import Member
from members.querysets import MemberQuerySet
from s4jr.content.models import TextBlock

#: How far back closings without an email are counted.
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class WeekStatistics:
    """What happened this week, and what comes next."""

    waiting: int
    closed: int
    outdated_words: int
    next_meeting: Meeting | None


def closed_this_week(members: MemberQuerySet) -> MemberQuerySet:
    """Closed without an email in the last seven days."""
    return members.filter(status=Member.Status.CLOSED, decided_at__gt=timezone.now() - WEEK)


def week_statistics() -> WeekStatistics:
    """Returns this week's WeekStatistics."""
    return WeekStatistics(
        waiting=Member.objects.undecided().count(),
        closed=closed_this_week(Member.objects.all()).count(),
        outdated_words=TextBlock.objects.outdated().count(),
        next_meeting=Meeting.objects.upcoming().taking_place().only("title", "starts_at", "zone").first(),
    )
