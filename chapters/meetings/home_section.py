"""The next meeting that is open to everyone, for the home page: pages know no meetings."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from chapters.models import Meeting
from s4jr.providers import Section


@dataclass(frozen=True)
class NextMeeting(Section):
    """The meeting that is on now, or the first one that will begin; None while none is scheduled."""

    meeting: Meeting | None

    @property
    def changes_at(self) -> datetime | None:
        """When the section has to say something else, if no host changes anything before; None if there is nothing."""
        if self.meeting is None:
            return None
        return self.meeting.ends_at if self.meeting.has_begun else self.meeting.starts_at


def next_meeting_section(request: HttpRequest) -> NextMeeting:
    """One query."""
    scheduled = Meeting.objects.upcoming().taking_place().for_everybody()
    return NextMeeting("chapters/meetings/_next_meeting.html", scheduled.first())
