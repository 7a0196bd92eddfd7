"""Email address changes: requested, confirmed with the link in an email, restored, or erased for good.

After a change that an email link alone made, the earlier address is kept for 30 days (`CredentialChange`), and a code
restores it.
"""

from django.db import IntegrityError, transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from members import emails
from members.links import make_links, use_link
from members.models import CredentialChange, Member, MemberLink, PlaceAlert, Rsvp
from members.querysets import MemberQuerySet
from members.self_service.requested_emails import EMAILS_A_DAY, queue_change_email
from s4jr.crypto.blind_index import blind_index
from s4jr.crypto.fields import readable
from s4jr.mail.mailbox import limit_index
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.querysets import OutgoingEmailQuerySet
from s4jr.mail.services import allow_emails, cancel_emails, queue_emails
from s4jr.security.ratelimit import spend

#: Emptied when a new address is requested with a code alone, which must not reveal it.
WORDS = {"message": "", "access_needs": "", "ways_to_help": "", "pronouns": "", "relation": ""}
NO_NEW_ADDRESS = {"new_email": "", "new_email_index": None}

Purpose, Status = MemberLink.Purpose, Member.Status


# --- requesting one


def request_address_change(
    members: MemberQuerySet,
    email: str,
    contact: str,
    *,
    by_code_alone: bool = False,
    by_link_alone: bool = False,
    name: str = "",
) -> bool:
    """Request another address, which takes effect once the link in an email there is confirmed. The outcome does not
    show who has the address now.

    Earlier links stay: they work while their address is the one requested last (`MemberLink.objects.working`). So a
    second request for it, which sends no second email, leaves the first email's link valid.
    With a code alone, what the member wrote is deleted, including needs at meetings: whoever confirms the new address
    could read it. Returns False and changes nothing after EMAILS_A_DAY requests with the same proof. Each proof has its
    own limit, so that someone with one proof uses up nothing of someone with two. Requests count, not emails.
    """
    proof = "code" if by_code_alone else "link" if by_link_alone else "both"
    gone = {**WORDS, "name": name} if by_code_alone else {}
    with transaction.atomic():
        if not _spend_requests(members, proof):
            return False
        members.update(new_email=email, new_email_index=blind_index(email), contact=contact, **gone)
        if by_code_alone:
            Rsvp.objects.filter(member__in=members).update(needs="")
        for member in members.all():
            _ask_new_address(member, email, by_link_alone=by_link_alone)
    return True


def _spend_requests(members: MemberQuerySet, proof: str) -> bool:
    """Whether each of these may make another request today with this proof."""
    asking = members.values_list("number", flat=True)
    return all(spend("addresses asked for", f"{number} {proof}", f"{EMAILS_A_DAY}/d") for number in asking)


def _ask_new_address(member: Member, email: str, *, by_link_alone: bool) -> None:
    """Makes a link whether or not an email goes: the requested address is deleted when its link expires."""
    to = {"to_index": member.new_email_index, "by_link_alone": by_link_alone}
    [token] = make_links([member], Purpose.CHANGE, emails.CHANGE_LINK_LASTS, **to)
    queue_change_email(lambda event: emails.confirm_change(member, event, token), email)


def cancel_address_change(members: MemberQuerySet) -> int:
    """Cancel the requested address and its email. Returns how many had one."""
    with transaction.atomic():
        cancel_emails(_emails_about(members).filter(kind="confirm-change"))
        MemberLink.objects.of(members).filter(purpose=Purpose.CHANGE).delete()
        forgotten = members.exclude(new_email_index=None).update(**NO_NEW_ADDRESS)
        members.filter(email_index=None).update(contact=Member.Contact.NONE)
    return forgotten


# --- confirming it


def confirm_address_change(link: MemberLink) -> bool:
    """Make the requested address the member's address and notify the earlier one. If an email link alone requested it,
    the earlier one is kept for 30 days.

    Returns True also if it was confirmed before; False if another live application has the address.
    """
    member = Member.objects.get(pk=link.member_id)
    if member.email_index == link.to_index:
        return True
    try:
        with transaction.atomic():
            _move_address(member, link)
    except IntegrityError:
        return False
    return True


def _move_address(member: Member, link: MemberLink) -> None:
    """Raises IntegrityError if another live application has the address."""
    _lock_earlier_address(member)  # the same lock order as `cancel_changes`
    to_come = Member.objects.filter(pk=member.pk, new_email_index=link.to_index)
    moved = {"email": member.new_email, "email_index": link.to_index, "limit_index": limit_index(member.new_email)}
    # News is turned off in every case: keeping it would reveal whether the earlier address had stopped it.
    if to_come.update(**moved, **NO_NEW_ADDRESS, newsletter=False, status=_status_elsewhere()):
        cancel_emails(OutgoingEmail.objects.about([member]).exclude(to_index=link.to_index))
        allow_emails(link.to_index)
        use_link(link)
        if member.email_index:
            _tell_earlier_address(member, link)


def _tell_earlier_address(member: Member, link: MemberLink) -> None:
    """Keeps the earlier address in any status. Notifies it, except that of a duplicate: it belongs to a member."""
    earlier = readable(member, "email")
    _keep_earlier_address(member, earlier, link)
    if earlier and member.status != Status.DUPLICATE_ADDRESS:
        queue_emails([emails.address_changed(member, link)])


def _keep_earlier_address(member: Member, earlier: str | None, link: MemberLink) -> None:
    """Keeps the address from before this link, unless more than a link changed it.

    After two changes the first address is kept, for 30 days from the second change.
    """
    kept = _lock_earlier_address(member)
    made = {"value_hash": link.token_hash, "made_at": timezone.now()}
    if not link.by_link_alone:
        member.credential_changes.of_addresses().delete()
    elif kept:
        CredentialChange.objects.filter(pk=kept.pk).update(**made)
    else:
        address = CredentialChange.Kind.ADDRESS
        CredentialChange.objects.create(member=member, kind=address, earlier_email=earlier, **made)


def _lock_earlier_address(member: Member) -> CredentialChange | None:
    """The change that keeps this member's earlier address, locked."""
    return member.credential_changes.of_addresses().select_for_update().first()


# --- restoring it, or erasing it


def restore_address(members: MemberQuerySet, email: str | None) -> None:
    """Restore an address that an email link alone had changed, and cancel waiting emails to the other one.

    If another live application has it by now, or it could not be decrypted, they have none. Either way a duplicate
    waits for review again: as a duplicate no one would read it, and it could not leave.
    """
    index = blind_index(email) if email else None
    earlier = {"email": email or "", "email_index": index, "limit_index": limit_index(email) if email else None}
    try:
        with transaction.atomic():
            members.exclude(email_index=None).update(**earlier, status=_status_elsewhere())
    except IntegrityError:
        index = None
    if index:
        cancel_emails(_emails_about(members).exclude(to_index=index))
    else:
        erase_address(members)


def erase_address(members: MemberQuerySet) -> int:
    """Stop emails for good: delete the address now, all waiting emails, all links, and all pending changes that a link
    alone made, since a code from one must not outlast the address. Returns how many members."""
    forgotten = {"email": "", "email_index": None, "limit_index": None, "newsletter": False}
    contact = Member.Contact.NONE
    with transaction.atomic():
        changed = members.update(contact=contact, status=_status_elsewhere(), **forgotten, **NO_NEW_ADDRESS)
        cancel_emails(_emails_about(members))
        MemberLink.objects.of(members).delete()
        CredentialChange.objects.of(members).delete()
        PlaceAlert.objects.of(members).delete()
    return changed


def _status_elsewhere() -> Case:
    """A duplicate that gives up the shared address becomes an ordinary application and waits for review."""
    return Case(When(status=Status.DUPLICATE_ADDRESS, then=Value(Status.WAITING)), default=F("status"))


def _emails_about(members: MemberQuerySet) -> OutgoingEmailQuerySet:
    return OutgoingEmail.objects.about(members.only("pk", "number"))
