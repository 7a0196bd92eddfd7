from chapters.models.chapter import Chapter
from chapters.models.meeting import Meeting
from chapters.models.message import Block, Contact, HeldFor, MessageWord, RepresentativeMessage
from chapters.models.offer import Offer
from chapters.models.representative import Representative
from chapters.models.series import MeetingSeries

__all__ = [
    "Block",
    "Chapter",
    "Contact",
    "HeldFor",
    "Meeting",
    "MeetingSeries",
    "MessageWord",
    "Offer",
    "Representative",
    "RepresentativeMessage",
]
