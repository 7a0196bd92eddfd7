"""The data inventory of this app's models, in plain words for the public."""

from members.data_inventory.announcement import ANNOUNCEMENT
from members.data_inventory.credential_change import CREDENTIAL_CHANGE
from members.data_inventory.inquiry import INQUIRY, INQUIRY_WORD
from members.data_inventory.meeting_message import MEETING_MESSAGE
from members.data_inventory.member import FLAGGED_TOO_LONG, LINK, MEMBER, NOT_CONFIRMED, WORDS_FOR_A_DECISION
from members.data_inventory.membership_count import MEMBERSHIP_COUNT
from members.data_inventory.note import NOTE
from members.data_inventory.place_alert import PLACE_ALERT
from members.data_inventory.rsvp import OWN_CALENDAR, RSVP
from members.data_inventory.sharing import SHARING
from members.data_inventory.skill import SKILL, SKILL_REQUEST

__all__ = [
    "ANNOUNCEMENT",
    "CREDENTIAL_CHANGE",
    "FLAGGED_TOO_LONG",
    "INQUIRY",
    "INQUIRY_WORD",
    "LINK",
    "MEETING_MESSAGE",
    "MEMBER",
    "MEMBERSHIP_COUNT",
    "NOTE",
    "NOT_CONFIRMED",
    "OWN_CALENDAR",
    "PLACE_ALERT",
    "RSVP",
    "SHARING",
    "SKILL",
    "SKILL_REQUEST",
    "WORDS_FOR_A_DECISION",
]
