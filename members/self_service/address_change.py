"""Another email address: requested, confirmed with the link in an email there, put back, or erased for good.

What an email link alone has moved keeps the earlier address beside it for 30 days (`CredentialChange`): a code puts it
back.
"""

from django.db import IntegrityError, transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from members import emails
from members.links import make_links, use_link
from members.models import CredentialChange, Member, MemberLink, Rsvp
from members.querysets import MemberQuerySet
from members.self_service.requested_emails import EMAILS_A_DAY, queue_change_email
from s4jr.crypto.blind_index import blind_index
from s4jr.crypto.fields import readable
from s4jr.mail.mailbox import limit_index
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.querysets import OutgoingEmailQuerySet
from s4jr.mail.services import allow_emails, cancel_emails, queue_emails
from s4jr.security.ratelimit import spend

#: What a new address that is given with a code alone must not bring into view.
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
    """Another address, theirs once the link in an email there is confirmed. Whose it is now does not show.

    Earlier links stay: they work while theirs is the address asked for last (`MemberLink.objects.working`). So a
    second request for it, for which no second email goes, leaves the first email's link as it is.
    With a code alone what was written goes, also what would help them at meetings: whoever confirms the new address
    could read it. False, and nothing is changed, after EMAILS_A_DAY with the same proof: whoever holds one thing
    uses up nothing of whoever holds two. What counts is how often they asked, not how many emails went.
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
    """Whether each of these may ask once more today with this proof."""
    asking = members.values_list("number", flat=True)
    return all(spend("addresses asked for", f"{number} {proof}", f"{EMAILS_A_DAY}/d") for number in asking)


def _ask_new_address(member: Member, email: str, *, by_link_alone: bool) -> None:
    """A link is made whether an email goes or not: the address to come is forgotten when its link ends."""
    to = {"to_index": member.new_email_index, "by_link_alone": by_link_alone}
    [token] = make_links([member], Purpose.CHANGE, emails.CHANGE_LINK_LASTS, **to)
    queue_change_email(lambda event: emails.confirm_change(member, event, token), email)


def cancel_address_change(members: MemberQuerySet) -> int:
    """They changed their mind: the address that was to come goes, and its email. Returns how many."""
    with transaction.atomic():
        cancel_emails(_emails_about(members).filter(kind="confirm-change"))
        MemberLink.objects.of(members).filter(purpose=Purpose.CHANGE).delete()
        forgotten = members.exclude(new_email_index=None).update(**NO_NEW_ADDRESS)
        members.filter(email_index=None).update(contact=Member.Contact.NONE)
    return forgotten


# --- confirming it


def confirm_address_change(link: MemberLink) -> bool:
    """The new inbox is theirs: from now on it is the address, and the old one is told. Where an email link alone
    asked for it, the old one is kept for 30 days beside it.

    True also where it was confirmed before; False where another live application has the address.
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
    """Raises IntegrityError where another live application has the address."""
    _lock_earlier_address(member)  # in the order of `cancel_changes`
    to_come = Member.objects.filter(pk=member.pk, new_email_index=link.to_index)
    moved = {"email": member.new_email, "email_index": link.to_index, "limit_index": limit_index(member.new_email)}
    # News stop for everybody: what was carried along would tell of a stop at the earlier address.
    if to_come.update(**moved, **NO_NEW_ADDRESS, newsletter=False, status=_status_elsewhere()):
        cancel_emails(OutgoingEmail.objects.about([member]).exclude(to_index=link.to_index))
        allow_emails(link.to_index)
        use_link(link)
        if member.email_index:
            _tell_earlier_address(member, link)


def _tell_earlier_address(member: Member, link: MemberLink) -> None:
    """Whatever their status, it can be put back. The old address of a duplicate is a member's, who is not told."""
    earlier = readable(member, "email")
    _keep_earlier_address(member, earlier, link)
    if earlier and member.status != Status.DUPLICATE_ADDRESS:
        queue_emails([emails.address_changed(member, link)])


def _keep_earlier_address(member: Member, earlier: str | None, link: MemberLink) -> None:
    """Keep what their address was before this link moved it; where it was moved by more than a link, nothing.

    Moved twice it is the first one that is kept, for 30 days from the second time.
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


# --- putting it back, or erasing it


def restore_address(members: MemberQuerySet, email: str | None) -> None:
    """This address is theirs again, which an email link alone had moved; nothing that waits goes to the other one.

    They have none where another live application has it by now, or where it could not be decrypted. Either way a
    duplicate waits for a volunteer again: as a duplicate it would be read by nobody, and could not leave.
    """
    index = blind_index(email) if email else None
    earlier = {"email": email, "email_index": index, "limit_index": limit_index(email)}
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
    """Never email them: the address goes at once, and with it every email that waits, every link and all that a link
    alone has made: a code that it made must not outlast the address. Returns how many."""
    forgotten = {"email": "", "email_index": None, "limit_index": None, "newsletter": False}
    contact = Member.Contact.NONE
    with transaction.atomic():
        changed = members.update(contact=contact, status=_status_elsewhere(), **forgotten, **NO_NEW_ADDRESS)
        cancel_emails(_emails_about(members))
        MemberLink.objects.of(members).delete()
        CredentialChange.objects.of(members).delete()
    return changed


def _status_elsewhere() -> Case:
    """A duplicate that leaves the address it shares is an application like any other, and waits for a volunteer."""
    return Case(When(status=Status.DUPLICATE_ADDRESS, then=Value(Status.WAITING)), default=F("status"))


def _emails_about(members: MemberQuerySet) -> OutgoingEmailQuerySet:
    return OutgoingEmail.objects.about(members.only("pk", "number"))
