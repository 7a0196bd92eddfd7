"""Which meetings a user may manage: Editors all, representatives those of their own place or chapter, and co-hosts
those of a series that names them while they represent a place or chapter."""

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from chapters.meetings.querysets import HostQuerySet, MeetingQuerySet, SeriesQuerySet
from chapters.models import Meeting, MeetingHost, MeetingSeries, Representative
from s4jr.accounts.models import User
from s4jr.accounts.permissions import staff_with_perm

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
    return _hosted_by(user, MeetingSeries.objects.all(), "pk")


def hosted_meetings(user: User) -> MeetingQuerySet:
    """The meetings that the user may manage."""
    return _hosted_by(user, Meeting.objects.all(), "series")


def owns_series(user: User, series: MeetingSeries) -> bool:
    """Whether the user may move the series to another place and take its hosts off: not a co-host from elsewhere."""
    return makes_all(user) or _belongs_to(user, MeetingSeries.objects.filter(pk=series.pk)).exists()


def possible_hosts() -> "QuerySet[User]":
    """The users who may manage meetings: Editors, and representatives with a current term."""
    editors = staff_with_perm(RIGHT)
    serving = Representative.objects.serving()
    return User.objects.filter(Q(pk__in=editors.values("pk")) | Q(pk__in=serving.values("user")), is_active=True)


def named_hosts(series: MeetingSeries | UUID) -> HostQuerySet:
    """The hosts that the public page of a series names: they wrote their name, and may still manage it."""
    return MeetingHost.objects.filter(series=series, user__in=possible_hosts()).named()


def names_of_hosts(series: UUID | None) -> list[str]:
    """The names of these hosts; none for a meeting without a series."""
    return [host.shown_name for host in named_hosts(series)] if series else []


def _hosted_by(user: User, rows: Rows, series: str) -> Rows:
    if makes_all(user):
        return rows
    serves = Representative.objects.serving().filter(user=user)
    cohosted = MeetingHost.objects.filter(user=user).values("series")
    return _belongs_to(user, rows, Q(**{f"{series}__in": cohosted}) if serves.exists() else None)


def _belongs_to(user: User, rows: Rows, others: Q | None = None) -> Rows:
    """The rows of the places and chapters that the user represents today, and `others`."""
    terms = Representative.objects.serving().filter(user=user)
    regions, chapters = terms.exclude(region="").values("region"), terms.exclude(chapter=None).values("chapter")
    mine = Q(region__in=regions) | Q(chapter__in=chapters)
    return rows.filter(mine | others if others else mine)
