from members.models.announcement import Announcement
from members.models.enquiry import Enquiry, EnquiryWord
from members.models.link import MemberLink
from members.models.member import Member
from members.models.sharing import Sharing

__all__ = ["Announcement", "Enquiry", "EnquiryWord", "Member", "MemberLink", "Sharing"]
