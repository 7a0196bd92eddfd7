from chapters.models.chapter import Chapter
from chapters.models.group_message import GroupMessage
from chapters.models.meeting import Meeting
from chapters.models.meeting_host import MeetingHost
from chapters.models.meeting_series import MeetingSeries
from chapters.models.photo_draft import PhotoDraft
from chapters.models.representative import Representative
from chapters.models.representative_message import Block, ConversationMessage, RepresentativeMessage
from chapters.models.step_down import StepDown
from chapters.models.volunteer_offer import VolunteerOffer

__all__ = [
    "Block",
    "Chapter",
    "ConversationMessage",
    "GroupMessage",
    "Meeting",
    "MeetingHost",
    "MeetingSeries",
    "PhotoDraft",
    "Representative",
    "RepresentativeMessage",
    "StepDown",
    "VolunteerOffer",
]
