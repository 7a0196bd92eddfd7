"""What members change about themselves: answers, emails, and what representatives see.

The first parameter is a QuerySet of members, usually of one. The UPDATE checks the conditions in it.
"""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from members import emails
from members.emails import LIST, ONE
from members.links import use_link
from members.models import Member, MemberLink, Sharing, Skill
from members.querysets import MemberQuerySet
from members.self_service.membership import ASKED_FOR
from members.self_service.sharing import Audience
from members.skills.services import stop_sharing_skills
from s4jr.crypto.fields import readable
from s4jr.mail.mailbox import mailbox_indexes
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.mail.services import allow_emails, allow_emails_for_owner, cancel_emails, erase_emails, queue_emails

Contact = Member.Contact
#: The answers that say who a member’s representatives are.
PLACE = ("country", "region", "chapter")


# --- answers


def change_answers(members: MemberQuerySet, **answers: Any) -> int:
    """Save other answers for these members, and stop sharing with a place or chapter they leave. Returns how many."""
    place = {name: answers[name] for name in PLACE if name in answers}
    with transaction.atomic():
        moving = list(members.exclude(**place).only("pk")) if place else []
        changed = members.update(**answers)
        if place:
            _stop_sharing_elsewhere(members)
        if moving:
            stop_sharing_skills(Skill.objects.of(moving))
    return changed


def change_message(members: MemberQuerySet, message: str) -> int:
    """Save another message if there is no final decision. Returns how many."""
    return members.filter(status__in=Member.READS_AS_WAITING).update(message=message)


# --- what representatives see


def share(member: Member, audience: Audience, names: list[str]) -> None:
    """Let this audience see exactly these fields of a member from today on. Without names, nothing."""
    fields = " ".join(sorted(names))
    whom = {"region": audience.region, "chapter": audience.chapter}
    if not fields:
        member.sharings.filter(**whom).delete()
    elif not member.sharings.filter(**whom, fields=fields).exists():
        said = {"fields": fields, "since": timezone.now().date()}
        Sharing.objects.update_or_create(defaults=said, member=member, **whom)


def _stop_sharing_elsewhere(members: MemberQuerySet) -> None:
    for member in members.only("pk", "country", "region", "chapter"):
        place = member.region or member.country
        here = Q(region=place, chapter=None) if place else Q(pk=None)
        here |= Q(chapter=member.chapter_id) if member.chapter_id else Q(pk=None)
        member.sharings.exclude(here).delete()


# --- how emails come


def set_newsletter(members: MemberQuerySet, wanted: bool, *, proved: bool) -> int:
    """Turn announcements on or off; off cancels those that wait. Returns how many members.

    Only someone who has `proved` the inbox undoes a stop from a link in an email.
    """
    with transaction.atomic():
        changed = members.update(newsletter=wanted)
        if not wanted:
            cancel_emails(OutgoingEmail.objects.about(members.only("pk", "number")).to_many())
        elif proved:
            for to_index in members.exclude(email_index=None).values_list("email_index", flat=True):
                allow_emails(to_index, Suppression.Scope.ANNOUNCEMENTS)
    return changed


def make_emails_discreet(members: MemberQuerySet) -> int:
    """Make all emails discreet. Cancels those that wait, and queues a waiting welcome again. Returns how many."""
    with transaction.atomic():
        changed = members.exclude(contact=Contact.DISCREET).update(contact=Contact.DISCREET)
        if changed:
            _rewrite_welcome(members)
            theirs = OutgoingEmail.objects.about(members.only("pk", "number"))
            cancel_emails(theirs.exclude(kind__in=[*ASKED_FOR, "welcome"]))
            _cancel_emails_about_others(members)
    return changed


def _rewrite_welcome(members: MemberQuerySet) -> None:
    """Only if it was not sent. Erasing it allows another email for the same event."""
    not_begun_to_leave = [OutgoingEmail.State.PENDING, OutgoingEmail.State.CLAIMED]
    for member in members.all():
        welcome = OutgoingEmail.objects.about([member]).filter(kind="welcome", state__in=not_begun_to_leave)
        if erase_emails(welcome):
            queue_emails(emails.welcome([member]))


def _cancel_emails_about_others(members: MemberQuerySet) -> None:
    """Cancels emails to the same addresses for other reasons (a message, a meeting), except those to staff.

    Only if the owner made the choice: someone who confirmed a stranger's duplicate by mistake keeps getting emails.
    An application whose email is canceled goes on the next list, which is discreet.
    """
    owners = members.filter(status__in=Member.PROVED).exclude(email_index=None)
    found = list(owners.only("pk", "number", "email", "email_index"))
    mailboxes = [mailbox_indexes(readable(member, "email")) for member in found]
    indexes = {member.email_index for member in found}.union(*mailboxes)
    of_staff = Q(kind__startswith="admin-") | Q(kind="account") | Q(about__in=[member.about for member in found])
    to_them = OutgoingEmail.objects.filter(Q(to_index__in=indexes) | Q(limit_index__in=indexes)).exclude(of_staff)
    if cancel_emails(to_them.filter(kind__in=[ONE, LIST])):
        there = Q(email_index__in=indexes) | Q(limit_index__in=indexes)
        Member.objects.unproved().filter(there).update(list_due_at=timezone.now())
    cancel_emails(to_them)


# --- resuming emails after a stop that a link made


def resume_emails(members: MemberQuerySet) -> None:
    """Allow emails to these members' addresses again, also if a link in an email stopped them for good."""
    for to_index in members.exclude(email_index=None).values_list("email_index", flat=True):
        allow_emails_for_owner(to_index)


def ask_to_resume_emails(members: MemberQuerySet) -> None:
    """Queue an email that asks the inbox to confirm, at most one a day. It goes whether or not emails are stopped."""
    with transaction.atomic():
        queue_emails([emails.emails_again(member) for member in members.exclude(email_index=None)])


def confirm_resuming_emails(link: MemberLink) -> None:
    """Allow emails again: the link in that email was confirmed."""
    with transaction.atomic():
        if use_link(link):
            allow_emails_for_owner(link.to_index)
