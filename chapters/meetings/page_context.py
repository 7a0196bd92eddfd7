"""What every page of one meeting shows besides the meeting itself: its hosts, and the next date if it is canceled."""

from typing import Any

from django.urls import reverse

from chapters.meetings.permissions import names_of_hosts
from chapters.meetings.series_list import next_date_of
from chapters.models import Meeting


def around(meeting: Meeting, route: str) -> dict[str, Any]:
    """Template context for `_meeting.html`. `route` is the URL name of a meeting's page for these readers."""
    next_date = next_date_of(meeting)
    return {
        "hosts": names_of_hosts(meeting.series_id),
        "next_date": next_date,
        "next_address": reverse(route, args=[next_date.pk]) if next_date else "",
    }
