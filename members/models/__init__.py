from members.models.announcement import Announcement
from members.models.credential_change import CredentialChange
from members.models.inquiry import Inquiry, InquiryWord
from members.models.link import MemberLink
from members.models.member import Member
from members.models.rsvp import Attendance, OwnCalendar
from members.models.sharing import Sharing

__all__ = [
    "Announcement",
    "Attendance",
    "CredentialChange",
    "Inquiry",
    "InquiryWord",
    "Member",
    "MemberLink",
    "OwnCalendar",
    "Sharing",
]
