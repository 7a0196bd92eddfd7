"""The names of hosts on public pages: only of those who wrote one there, and only while they may host."""

from typing import Any

from chapters.meetings.permissions import hosts_something
from chapters.models import MeetingHost


def names_of_hosts(series_pk: Any) -> list[str]:
    """The names that hosts of a series chose to show. A host who may no longer manage meetings is not named."""
    if series_pk is None:
        return []
    named = MeetingHost.objects.named().filter(series=series_pk).select_related("user")
    return [host.shown_name for host in named if hosts_something(host.user)]
