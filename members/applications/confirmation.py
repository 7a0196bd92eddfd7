"""Confirms an application with the link in an email. A link confirms its own application and no other."""

from members.applications import confirmation_emails
from members.applications.descriptions import Sent, as_sent
from members.links import use_link
from members.models import Member, MemberLink
from members.retention import erase_members
from s4jr.conflicts import retry_on_conflict
from s4jr.mail.models import Suppression
from s4jr.mail.services import allow_emails

Status = Member.Status
#: The application to keep when someone confirms a second one from the same inbox.
THIS, OTHER = "this", "other"
#: The fields that a description of an application needs.
SHOWN = ("agreed_at", "form_token", "code_hash")


class ChoiceNeededError(Exception):
    """Another application from the same inbox is undecided: its owner must choose which one to keep."""

    def __init__(self, this: Sent, other: Sent) -> None:
        super().__init__()
        self.this, self.other = this, other


def confirm(link: MemberLink, keep: str = "") -> bool:
    """Confirm the application of a link. Returns whether this call puts it in front of a volunteer.

    If a member has the address, nothing changes for them, and the application only appears to be waiting. If another
    application with the address waits, `keep` (THIS or OTHER) says which one goes on; without it, raises
    ChoiceNeededError.
    """
    return retry_on_conflict(lambda: _confirm_once(link, keep))


def _confirm_once(link: MemberLink, keep: str) -> bool:
    mine = Member.objects.unproved().filter(pk=link.member_id, email_index=link.to_index)
    if not (this := mine.only("pk", "newsletter", *SHOWN).select_for_update().first()):
        return False
    other = Member.objects.live().filter(email_index=link.to_index).only("status", *SHOWN).first()
    if other and _waits_too(other) and keep not in (THIS, OTHER):
        raise ChoiceNeededError(as_sent(this), as_sent(other))
    is_free = other is None or (keep == THIS and _yield_address(other))
    status = Status.WAITING if is_free else Status.DUPLICATE_ADDRESS
    mine.update(status=status, confirm_until=None, list_due_at=None, browser_mark="")
    if is_free:
        _allow_emails_again(this, link.to_index)
    use_link(link)
    return is_free


def _waits_too(other: Member) -> bool:
    """Whether the other application appears undecided. A decision that can still be undone does not show either."""
    return other.status in Member.READS_AS_WAITING


def _yield_address(other: Member) -> bool:
    """Takes the other application out of review; its code still shows it as waiting. False if it is decided.

    An approval that can still be undone was about the other application: a volunteer reads this one first.
    """
    replaceable = other.row.filter(status__in=Member.REPLACEABLE)
    return replaceable.update(status=Status.DUPLICATE_ADDRESS, effective_at=None, decided_version=None) == 1


def _allow_emails_again(member: Member, to_index: str) -> None:
    allow_emails(to_index)
    if member.newsletter:
        allow_emails(to_index, Suppression.Scope.ANNOUNCEMENTS)


def delete_unwanted(link: MemberLink) -> int:
    """ "This wasn't me": delete the link's application unless a volunteer has decided on it. Returns 0 or 1.

    Nothing else about the address changes.
    """
    return retry_on_conflict(lambda: _delete_once(link))


def _delete_once(link: MemberLink) -> int:
    limit_key = confirmation_emails.limit_of(link.member)
    can_go = [*Member.UNPROVED, *Member.READS_AS_WAITING]
    gone = erase_members(Member.objects.filter(pk=link.member_id, email_index=link.to_index, status__in=can_go))
    confirmation_emails.recall_list(limit_key)
    return gone
