"""Pausing, leaving and rejoining. Each is a compare-and-set UPDATE and returns how many members it changed."""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from members.models import Member, PlaceAlert, Sharing, Skill
from members.querysets import MemberQuerySet
from s4jr.mail.kinds import OWNER_ASKS
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import cancel_emails

#: Emails that a member has just asked for. A pause does not stop these.
ASKED_FOR = ("open-details", "confirm-change", "address-changed", OWNER_ASKS)

Status = Member.Status


def pause(members: MemberQuerySet) -> int:
    """Send no email until they end the pause, except those they ask for."""
    with transaction.atomic():
        paused = members.welcomed().filter(paused_at=None).update(paused_at=timezone.now())
        if paused:
            cancel_emails(OutgoingEmail.objects.about(members.only("pk", "number")).exclude(kind__in=ASKED_FOR))
    return paused


def end_pause(members: MemberQuerySet) -> int:
    return members.exclude(paused_at=None).update(paused_at=None)


def leave(members: MemberQuerySet) -> int:
    """Members leave. They are kept for LEFT_DAYS, so that the same code or link brings them back.

    No one sees them any more, and waiting emails are canceled. A pause stays in effect if they rejoin.
    """
    gone = {"status": Status.LEFT, "left_on": timezone.now().date(), "newsletter": False}
    with transaction.atomic():
        found = Member.objects.filter(pk__in=list(members.values_list("pk", flat=True)))
        left = found.filter(status=Status.APPROVED).update(**gone, proposed_by=None)
        # Leaving first does not undo that someone was asked to leave: if they rejoin, a volunteer reviews them again.
        left += found.filter(status=Status.ENDING_MEMBERSHIP).update(
            **gone,
            asked_to_leave_at=Coalesce("asked_to_leave_at", "decided_at"),
            effective_at=None,
            parting_email="",
        )
        if left:
            Sharing.objects.of(found).delete()
            PlaceAlert.objects.of(found).delete()
            Skill.objects.of(found).delete()
            cancel_emails(OutgoingEmail.objects.about(found.only("pk", "number")))
    return left


def rejoin(members: MemberQuerySet) -> int:
    """Restore members who left within LEFT_DAYS. Those whose membership was being ended wait for review instead.

    Changes nothing if they have applied again since: the new application counts.
    """
    gone = members.filter(status=Status.LEFT, left_on__gt=timezone.now().date() - timedelta(days=settings.LEFT_DAYS))
    try:
        with transaction.atomic():
            read_again = gone.filter(Q(asked_to_leave_at__isnull=False) | Q(proposed_by__isnull=False))
            restarted = {"received_on": timezone.now().date(), "reminded_days": 0, "decided_at": None}
            no_longer = {"left_on": None, "proposed_by": None, "asked_to_leave_at": None}
            back = read_again.update(status=Status.WAITING, **no_longer, **restarted)
            return back + gone.update(status=Status.APPROVED, left_on=None)
    except IntegrityError:
        return 0
