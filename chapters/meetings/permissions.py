"""Which meetings a user may manage: Editors all, representatives those of their own place or chapter."""

from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from chapters.meetings.querysets import MeetingQuerySet, SeriesQuerySet
from chapters.models import Meeting, MeetingSeries, Representative
from s4jr.accounts.models import User

RIGHT = "chapters.change_meetingseries"
Rows = TypeVar("Rows", bound=QuerySet[Any])


def makes_all(user: User) -> bool:
    """Whether the user may manage all meetings."""
    return user.is_staff and user.has_perm(RIGHT)


def hosts_something(user: User) -> bool:
    """Whether the user may manage any meetings."""
    return makes_all(user) or Representative.objects.serving().filter(user=user).exists()


def hosted_series(user: User) -> SeriesQuerySet:
    """The series that the user may manage."""
    return _hosted_by(user, MeetingSeries.objects.all())


def hosted_meetings(user: User) -> MeetingQuerySet:
    """The meetings that the user may manage."""
    return _hosted_by(user, Meeting.objects.all())


def _hosted_by(user: User, rows: Rows) -> Rows:
    if makes_all(user):
        return rows
    terms = Representative.objects.serving().filter(user=user)
    regions, chapters = terms.exclude(region="").values("region"), terms.exclude(chapter=None).values("chapter")
    return rows.filter(Q(region__in=regions) | Q(chapter__in=chapters))
