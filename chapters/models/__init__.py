from chapters.models.chapter import Chapter
from chapters.models.meeting import Meeting
from chapters.models.meeting_host import MeetingHost
from chapters.models.meeting_series import MeetingSeries
from chapters.models.representative import Representative
from chapters.models.representative_message import Block, ConversationMessage, RepresentativeMessage
from chapters.models.volunteer_offer import VolunteerOffer

__all__ = [
    "Block",
    "Chapter",
    "ConversationMessage",
    "Meeting",
    "MeetingHost",
    "MeetingSeries",
    "Representative",
    "RepresentativeMessage",
    "VolunteerOffer",
]
