from members.models.announcement import Announcement
from members.models.credential_change import CredentialChange
from members.models.inquiry import Inquiry, InquiryMessage
from members.models.link import MemberLink
from members.models.meeting_message import MeetingMessage
from members.models.member import Member
from members.models.membership_count import MembershipCount
from members.models.note import MemberNote
from members.models.place_alert import PlaceAlert
from members.models.rsvp import OwnCalendar, Rsvp
from members.models.sharing import Sharing
from members.models.skill import Skill, SkillRequest

__all__ = [
    "Announcement",
    "CredentialChange",
    "Inquiry",
    "InquiryMessage",
    "MeetingMessage",
    "Member",
    "MemberLink",
    "MemberNote",
    "MembershipCount",
    "OwnCalendar",
    "PlaceAlert",
    "Rsvp",
    "Sharing",
    "Skill",
    "SkillRequest",
]
