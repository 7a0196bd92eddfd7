"""What a member session shows, by what the person has proved. Decision 0016 says why."""

from enum import Enum

from django.utils.translation import gettext_lazy as _

from members.applications.status_code import public_status
from members.models import Member
from s4jr.crypto.fields import EncryptedTextField


class Reach(Enum):
    """How much a session shows."""

    #: A secret word is set and was not given: the status, the next step, and deletion.
    PUBLIC_STATUS = "public_status"
    #: Only a status code: unencrypted facts. What was written can be replaced and deleted, not read.
    CODE = "code"
    #: Only an email link, for someone with discreet emails or not approved: everything but `GUARDED`.
    LINK = "link"
    WHOLE = "whole"


ENCRYPTED = frozenset(field.name for field in Member._meta.concrete_fields if isinstance(field, EncryptedTextField))
#: What someone else who can open the inbox must not read, if emails are discreet or the member is not approved.
GUARDED = frozenset({"relation", "message", "access_needs"})
#: Whether emails to the address are stopped. Shown only if the inbox is proved: a stranger may have applied with
#: someone else's address.
ABOUT_THE_MAILBOX = frozenset({"emails"})
#: In a table of its own, and hidden from both.
SKILLS = frozenset({"skills"})
HIDDEN = {Reach.CODE: ENCRYPTED | ABOUT_THE_MAILBOX | SKILLS, Reach.LINK: GUARDED | SKILLS}
NOT_SHOWN = {Reach.CODE: _("not shown with only your code"), Reach.LINK: _("not shown with only a sign-in link")}
#: What a session leaves out, in one line instead of a row for each field.
LEFT_OUT = {
    Reach.CODE: _("your name, your email address, and what you wrote"),
    Reach.LINK: _("your message, your skills, what you join as, and what helps you take part"),
}
LEFT_OUT_WITHOUT_ADDRESS = _("your name and what you wrote")
NOT_PROVED = _("shown after you open this page with a sign-in link")


def hidden_from(reach: Reach, *, is_proved: bool = True) -> frozenset[str]:
    """The fields of a member that a session of this reach may replace and delete, but not read."""
    return HIDDEN.get(reach, frozenset()) | (frozenset() if is_proved else ABOUT_THE_MAILBOX)


def why_hidden(reach: Reach) -> str:
    """The text in place of a value that a session of this reach does not show."""
    return str(NOT_SHOWN.get(reach, NOT_PROVED))


def left_out_of(member: Member, reach: Reach) -> str:
    """What a session of this reach leaves out, in words; "" if nothing."""
    is_without_address = reach is Reach.CODE and not member.email_index
    return str(LEFT_OUT_WITHOUT_ADDRESS if is_without_address else LEFT_OUT.get(reach, ""))


def is_guarded(member: Member) -> bool:
    """Whether an email link alone leaves `GUARDED` hidden. "Never email me" may have been "discreet" before."""
    return member.contact != Member.Contact.YES or public_status(member) not in ("welcomed", "left")
