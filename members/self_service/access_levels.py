"""What a visit to one's own information shows, by what somebody has shown of themselves. Decision 0016 says why."""

from enum import Enum

from django.utils.translation import gettext_lazy as _

from members.applications.status_code import public_status
from members.models import Member
from s4jr.crypto.fields import EncryptedTextField


class Reach(Enum):
    """How far a visit reaches."""

    #: A word is set and was not given: where things stand, the next step, Withdraw.
    PUBLIC_STATUS = "public_status"
    #: A status code and nothing else: clear facts; what was written can be changed and emptied, not read.
    CODE = "code"
    #: An email link and nothing else, of somebody discreet or not approved: all but `GUARDED`.
    LINK = "link"
    WHOLE = "whole"


ENCRYPTED = frozenset(field.name for field in Member._meta.concrete_fields if isinstance(field, EncryptedTextField))
#: What whoever can open the mailbox of somebody discreet must not read, nor anybody's before they are approved.
GUARDED = frozenset({"relation", "message", "access_needs"})
#: Whether somebody stopped emails to an address: shown to whoever has proved the inbox, as a stranger may have applied
#: with another's address.
ABOUT_THE_MAILBOX = frozenset({"emails"})
HIDDEN = {Reach.CODE: ENCRYPTED | ABOUT_THE_MAILBOX, Reach.LINK: GUARDED}
NOT_SHOWN = {Reach.CODE: _("not shown with only your code"), Reach.LINK: _("not shown with only a sign-in link")}
#: What a visit leaves out, in one line instead of a row for each.
LEFT_OUT = {
    Reach.CODE: _("your name, your email address, and what you wrote"),
    Reach.LINK: _("your message, what you join as, and what helps you take part"),
}
LEFT_OUT_WITHOUT_ADDRESS = _("your name and what you wrote")
NOT_PROVED = _("shown after you open this page with a sign-in link")


def hidden_from(reach: Reach, *, is_proved: bool = True) -> frozenset[str]:
    """The fields of a member that a visit of this reach may replace and empty, but not read."""
    return HIDDEN.get(reach, frozenset()) | (frozenset() if is_proved else ABOUT_THE_MAILBOX)


def why_hidden(reach: Reach) -> str:
    """What stands in the place of what a visit of this reach does not show."""
    return str(NOT_SHOWN.get(reach, NOT_PROVED))


def left_out_of(member: Member, reach: Reach) -> str:
    """What a visit of this reach leaves out, in words; "" where it leaves out nothing."""
    is_without_address = reach is Reach.CODE and not member.email_index
    return str(LEFT_OUT_WITHOUT_ADDRESS if is_without_address else LEFT_OUT.get(reach, ""))


def is_guarded(member: Member) -> bool:
    """Whether an email link alone leaves `GUARDED` hidden. Who says "never" may have said "discreet" before."""
    return member.contact != Member.Contact.YES or public_status(member) not in ("welcomed", "left")
