"""The next public meeting, as a section of the home page."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from chapters.models import Meeting
from s4jr.providers import Section


@dataclass(frozen=True)
class NextMeeting(Section):
    """The current meeting, or the next one; None if none is scheduled."""

    meeting: Meeting | None

    @property
    def changes_at(self) -> datetime | None:
        """When the section becomes out of date, unless a host changes something before; None without a meeting."""
        if self.meeting is None:
            return None
        return self.meeting.ends_at if self.meeting.has_begun else self.meeting.starts_at


def next_meeting_section(request: HttpRequest) -> NextMeeting:
    """The section. Runs one query."""
    scheduled = Meeting.objects.upcoming().taking_place().for_everybody()
    return NextMeeting("chapters/meetings/_next_meeting.html", scheduled.first())
