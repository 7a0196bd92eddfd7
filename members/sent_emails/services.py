"""The emails to one member, and "It bounced" for one of them. No email's content is read here."""

import uuid

from django.db import transaction
from django.utils.translation import gettext

from members.models import Member
from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.mail import services as mail
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.querysets import OutgoingEmailQuerySet


def emails_to(member: Member) -> OutgoingEmailQuerySet:
    """The emails about a member to their own address, newest first, without the encrypted columns.

    Not those to an address that they want to change to: who has that one may be someone else.
    """
    return _theirs(member).only("kind", "state", "created_at", "sent_at", "bounced_at").order_by("-created_at", "-pk")


def _theirs(member: Member) -> OutgoingEmailQuerySet:
    return OutgoingEmail.objects.filter(about=member.about, to_index=member.email_index or "")


@transaction.atomic
def mark_bounced(member: Member, email: uuid.UUID, *, by: User) -> bool:
    """Mark a sent email as bounced: its address gets no emails, and those that wait are canceled. False if too late."""
    count = mail.mark_bounced(_theirs(member).sent().filter(pk=email))
    return _log_change(member, by, gettext("marked an email as bounced"), count)


@transaction.atomic
def undo_bounced(member: Member, email: uuid.UUID, *, by: User) -> bool:
    """Undo `mark_bounced`: the email was sent, and its address gets emails unless something else stops them."""
    count = mail.undo_bounced(_theirs(member).filter(pk=email))
    return _log_change(member, by, gettext("undid “It bounced”"), count)


def _log_change(member: Member, by: User, what: str, count: int) -> bool:
    if count:
        log_access(who=by, action=AccessLog.Action.CHANGED, records=[member], field_names=["emails"], reason=what)
    return bool(count)
