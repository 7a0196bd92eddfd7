"""What needs somebody this week, for the admin's first page."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Min
from django.utils import timezone

from chapters.models import Meeting
from members.enquiries.who_reads import reads_any_topic
from members.models import Enquiry, Member
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
    next_meeting: Meeting | None


@dataclass(frozen=True)
class WaitingEnquiries:
    """What waits for an answer, or for somebody to look whether a person wrote it."""

    waiting: int
    oldest_days: int
    held: int


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
        next_meeting=Meeting.objects.upcoming().taking_place().only("title", "starts_at").first(),
    )


def waiting_enquiries(user, today: date | None = None):
    """The WaitingEnquiries this person may read, and no others; None where they read about no topic at all."""
    if not reads_any_topic(user):
        return None
    today = today or timezone.now().date()
    theirs = Enquiry.objects.readable_by(user)
    waits = theirs.waiting().aggregate(count=Count("pk"), oldest=Min("last_word_on"))
    oldest = waits["oldest"]
    return WaitingEnquiries(
        waiting=waits["count"], oldest_days=(today - oldest).days if oldest else 0, held=theirs.held().count()
    )
