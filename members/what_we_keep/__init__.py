"""The data dictionary of this app's models: what is kept of people who ask to join or write to us, in plain words."""

from members.what_we_keep.announcement import ANNOUNCEMENT
from members.what_we_keep.attendance import ATTENDANCE, OWN_CALENDAR
from members.what_we_keep.credential_change import CREDENTIAL_CHANGE
from members.what_we_keep.enquiry import ENQUIRY, ENQUIRY_WORD
from members.what_we_keep.member import HELD_TOO_LONG, LINK, MEMBER, NOT_CONFIRMED, SHARING, WORDS_FOR_A_DECISION

__all__ = [
    "ANNOUNCEMENT",
    "ATTENDANCE",
    "CREDENTIAL_CHANGE",
    "ENQUIRY",
    "ENQUIRY_WORD",
    "HELD_TOO_LONG",
    "LINK",
    "MEMBER",
    "NOT_CONFIRMED",
    "OWN_CALENDAR",
    "SHARING",
    "WORDS_FOR_A_DECISION",
]
