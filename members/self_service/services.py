"""What members change about themselves: answers, how emails come, what representatives see.

The first parameter is a QuerySet of the members, most often of one: a condition in it is checked by the same UPDATE.
"""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from members import emails
from members.emails import LIST, ONE
from members.links import use_link
from members.models import Member, MemberLink, Sharing
from members.querysets import MemberQuerySet
from members.self_service.membership import ASKED_FOR
from members.self_service.sharing import Audience
from s4jr.crypto.fields import readable
from s4jr.mail.mailbox import mailbox_indexes
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.mail.services import allow_emails, allow_emails_for_owner, cancel_emails, erase_emails, queue_emails

Contact = Member.Contact


# --- answers


def change_answers(members: MemberQuerySet, **answers: Any) -> int:
    """Save other answers for these members. What they share with a place or chapter that was theirs, ends. How many."""
    with transaction.atomic():
        changed = members.update(**answers)
        if {"country", "region", "chapter"} & answers.keys():
            _stop_sharing_elsewhere(members)
    return changed


def change_message(members: MemberQuerySet, message: str) -> int:
    """Save another message, while nobody has decided for good. Returns how many."""
    return members.filter(status__in=Member.READS_AS_WAITING).update(message=message)


# --- what representatives see


def share(member: Member, audience: Audience, names: list[str]) -> None:
    """Let this audience see these fields of a member from today on, and no others. No names: nothing."""
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
    """Send announcements from now on, or none: one that waits is canceled. Returns how many members.

    A stop from a link in an email is taken back only by who has `proved` the inbox.
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
    """From now on no email names a cause, nor does one that waits: a welcome is written again. Returns how many."""
    with transaction.atomic():
        changed = members.exclude(contact=Contact.DISCREET).update(contact=Contact.DISCREET)
        if changed:
            _rewrite_welcome(members)
            theirs = OutgoingEmail.objects.about(members.only("pk", "number"))
            cancel_emails(theirs.exclude(kind__in=[*ASKED_FOR, "welcome"]))
            _cancel_emails_about_others(members)
    return changed


def _rewrite_welcome(members: MemberQuerySet) -> None:
    """Only where it had not left: erased, it makes room for another one of the same event."""
    not_begun_to_leave = [OutgoingEmail.State.PENDING, OutgoingEmail.State.CLAIMED]
    for member in members.all():
        welcome = OutgoingEmail.objects.about([member]).filter(kind="welcome", state__in=not_begun_to_leave)
        if erase_emails(welcome):
            queue_emails(emails.welcome([member]))


def _cancel_emails_about_others(members: MemberQuerySet) -> None:
    """Cancel what goes to the same addresses for another reason (a message, a meeting), but not what staff get.

    Only where the choice is the owner's: who confirmed a stranger's duplicate by mistake goes on getting emails.
    An application whose email is canceled is named in the next list, which is discreet.
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


# --- after a stop that somebody chose with one link


def resume_emails(members: MemberQuerySet) -> None:
    """Emails may come again to these members' addresses, also where somebody chose "never" with one link."""
    for to_index in members.exclude(email_index=None).values_list("email_index", flat=True):
        allow_emails_for_owner(to_index)


def ask_to_resume_emails(members: MemberQuerySet) -> None:
    """Queue one email a day that asks their inbox. It goes in spite of a stop, and the same where there is none."""
    with transaction.atomic():
        queue_emails([emails.emails_again(member) for member in members.exclude(email_index=None)])


def confirm_resuming_emails(link: MemberLink) -> None:
    """The link in that email was confirmed."""
    with transaction.atomic():
        if use_link(link):
            allow_emails_for_owner(link.to_index)
