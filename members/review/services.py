"""Deciding. Each press is one compare-and-set UPDATE with a stamp; who carries the stamp was decided by this press."""

import uuid
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Case, Count, F, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from members import emails
from members.links import confirm_link_lasts
from members.models import CredentialChange, Member
from members.querysets import MemberQuerySet
from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.chunked import batches_of
from s4jr.mail.services import queue_emails
from s4jr.security.row_by_row import made_for_each

Status = Member.Status
#: How long a "not now", or a stepping back, can still be undone.
GRACE_PERIOD = timedelta(hours=1)
#: How long "close without an email" can be undone.
UNDO_CLOSING = timedelta(days=1)
#: How many are unflagged, lapse, or are marked, in one transaction.
UNFLAGGED_AT_ONCE, LAPSE_AT_ONCE, MARKED_AT_ONCE = 200, 200, 200
#: What somebody wrote in their own words: gone at once where it is abuse, or where nobody answered in time.
#: It is we who empty it: that makes no other version of what an admin has read.
WORDS = {
    "message": "", "access_needs": "", "ways_to_help": "", "pronouns": "", "relation": "", "version": F("version"),
}  # fmt: skip
#: Undoing leaves these as they were: the day of approval is what waiting times are counted by.
APPROVAL_STAYS = {"decided_by": F("decided_by"), "decided_at": F("decided_at")}
#: A "not now" that was taken away within its hour.
NOT_DECLINED = {"status": "waiting", "decided_at": None, "declining_until": None, "reason": "", "parting_email": ""}
#: The application is another version than the "not now" was about.
_AMENDED_SINCE = Q(declined_version__lt=F("version"))


class Decision(NamedTuple):
    """What a press did: the members it decided, and how many of those it named had been decided already.

    Neither counts who is no longer the version that was named.
    """

    won: list[Member]
    already: int


# --- approve, keep for later, close


def approve(members: MemberQuerySet, *, by: User) -> Decision:
    """Welcome these members and write their welcome emails, each once."""
    with transaction.atomic():
        decision = _decide(members, by, Member.UNDECIDED, status=Status.APPROVED, proposed_by=None)
        queue_emails(emails.welcome([member for member in decision.won if member.gets_emails]))
    return decision


def keep_waiting(members: MemberQuerySet, *, by: User) -> Decision:
    """Put these members aside for later."""
    with transaction.atomic():
        return _decide(members, by, [Status.WAITING], status=Status.ON_HOLD, decided_at=None)


def close(members: MemberQuerySet, *, by: User, reason: str = "") -> Decision:
    """Abuse or spam: no email, and their words go at once."""
    return _close(members, by, reason=reason)


def close_as_duplicate(members: MemberQuerySet, kept: Member, *, by: User, reason: str = "") -> Decision:
    """A second form of a person who is kept: closed in silence, so that there is one email."""
    return _close(members, by, reason=reason, same_as=kept)


def _close(members: MemberQuerySet, by: User, **changes: Any) -> Decision:
    with transaction.atomic():
        return _decide(members, by, Member.UNDECIDED, status=Status.CLOSED, proposed_by=None, **changes, **WORDS)


def reopen(members: MemberQuerySet, *, by: User) -> Decision:
    """Undo a closing within a day; the words stay gone. Nothing happens where they have asked anew since."""
    lately = members.filter(decided_at__gt=timezone.now() - UNDO_CLOSING)
    try:
        with transaction.atomic():
            return _decide(lately, by, [Status.CLOSED], status=Status.WAITING, decided_at=None, same_as=None)
    except IntegrityError:
        return Decision([], members.count())


# --- not now, end of a membership


def decline(members: MemberQuerySet, *, by: User, reason: str = "", parting_email: str = "") -> Decision:
    """Begin a "not now". For an hour anybody with the right may undo it; then the email goes.

    With DECLINE_NEEDS_TWO the first press proposes it (`won` is empty) and another admin's press begins the hour.
    """
    said = {"reason": reason, "parting_email": parting_email}
    if settings.DECLINE_NEEDS_TWO:
        return _decline_by_two(members, by, said)
    return _begin_not_now(members, by, **said)


def _decline_by_two(members: MemberQuerySet, by: User, said: dict[str, str]) -> Decision:
    proposed_by_another = members.filter(proposed_by__isnull=False).exclude(proposed_by=by)
    decision = _begin_not_now(proposed_by_another, by)
    won = {member.pk for member in decision.won}
    members.undecided().filter(proposed_by=None).exclude(pk__in=won).update(proposed_by=by, **said)
    return decision


def _begin_not_now(members: MemberQuerySet, by: User, **said: str) -> Decision:
    as_read = {"declined_version": F("version")}
    return _begin_grace_period(members, by, Member.UNDECIDED, Status.DECLINING, **as_read, **said)


def end_membership(
    members: MemberQuerySet, *, by: User, reason: str, parting_email: str, next_step_on: date | None = None
) -> Decision:
    """Ask a welcomed member to leave, through the same hour.

    Who approved them and when stays until the hour is over: undone, nothing of it has happened. `next_step_on` is the
    day that the email promises, of which admins are reminded.
    """
    asked = {"asked_to_leave_at": timezone.now(), "proposed_by": by, **APPROVAL_STAYS}
    said = {"reason": reason, "parting_email": parting_email, "next_step_on": next_step_on}
    return _begin_grace_period(members, by, [Status.APPROVED], Status.ENDING_MEMBERSHIP, **said, **asked)


def _begin_grace_period(
    members: MemberQuerySet, by: User, from_statuses: list[Status], status: Status, **changes: Any
) -> Decision:
    in_grace_period = {"status": status, "declining_until": timezone.now() + GRACE_PERIOD, "proposed_by": None}
    with transaction.atomic():
        return _decide(members, by, from_statuses, **{**in_grace_period, **changes})


def undo(members: MemberQuerySet, *, by: User) -> Decision:
    """Take a "not now" or the end of a membership away within its hour."""
    forgotten = {"declining_until": None, "reason": "", "parting_email": "", "next_step_on": None}
    with transaction.atomic():
        read_again = _decide(members, by, [Status.DECLINING], **NOT_DECLINED)
        still_in = {"status": Status.APPROVED, "asked_to_leave_at": None, "proposed_by": None, **APPROVAL_STAYS}
        still_welcome = _decide(members, by, [Status.ENDING_MEMBERSHIP], **still_in, **forgotten)
    return Decision(read_again.won + still_welcome.won, still_welcome.already - len(read_again.won))


def end_grace_periods(members: MemberQuerySet) -> int:
    """The hour is over: what was not undone stands, and its email is written. Returns how many.

    A "not now" is about the version that was read. Who amended their application since waits again.
    """
    asked = {
        "decided_at": Coalesce("asked_to_leave_at", "decided_at"),
        "decided_by": Coalesce("proposed_by", "decided_by"),
        "proposed_by": None,
    }
    declined = _settle(members, Status.DECLINING, status=Status.DECLINED)
    members.filter(_AMENDED_SINCE, status=Status.DECLINING).update(**NOT_DECLINED)
    return declined + _settle(members, Status.ENDING_MEMBERSHIP, status=Status.MEMBERSHIP_ENDED, **asked)


@transaction.atomic
def _settle(members: MemberQuerySet, begun: Status, **stands: Any) -> int:
    stamp = uuid.uuid4()
    over = members.filter(status=begun, declining_until__lte=timezone.now()).exclude(_AMENDED_SINCE)
    settled = over.update(**stands, declining_until=None, decision=stamp)
    _queue_parting_emails(Member.objects.filter(decision=stamp))
    return settled


def _queue_parting_emails(gone: MemberQuerySet) -> None:
    queue_emails(made_for_each((member for member in gone if member.gets_emails), emails.parting))
    gone.update(parting_email="")


def note_next_step(members: MemberQuerySet, *, by: User) -> Decision:
    """The step that was promised to somebody asked to leave took place."""
    with transaction.atomic():
        promised = list(members.filter(status=Status.MEMBERSHIP_ENDED, next_step_on__isnull=False))
        still_promised = members.filter(next_step_on__isnull=False)
        done = [member for member in promised if still_promised.filter(pk=member.pk).update(next_step_on=None)]
        note = {"action": AccessLog.Action.CHANGED, "field_names": ["next_step_on"]}
        AccessLog.objects.note(who=by, records=done, **note)
    return Decision(done, members.count() - len(done))


# --- flagged as possible spam


def unflag(members: MemberQuerySet, *, by: User) -> int:
    """Not spam: let flagged applications through, a batch and a transaction at a time. Returns how many.

    Each waits for the next run of the task that writes confirmation emails: a wave of them leaves at the pace that
    holds for all, and none is flagged again for it.
    """
    return sum(_unflag_batch(pks, by) for pks in batches_of(members.exclude(flag_reason=""), UNFLAGGED_AT_ONCE))


@transaction.atomic
def _unflag_batch(pks: list[int], by: User) -> int:
    flagged = Member.objects.filter(pk__in=pks).exclude(flag_reason="").select_for_update()
    unflagged = list(flagged.only("pk", "number"))
    now, is_unproved = timezone.now(), Q(status__in=Member.UNPROVED)
    Member.objects.filter(pk__in=[member.pk for member in unflagged]).update(
        flag_reason="",
        list_due_at=Case(When(is_unproved, then=Value(now)), default=F("list_due_at")),
        confirm_until=Case(When(is_unproved, then=Value(now + confirm_link_lasts())), default=F("confirm_until")),
        status=Case(When(status=Status.ON_HOLD, then=Value(Status.WAITING)), default=F("status")),
    )
    AccessLog.objects.note(who=by, action=AccessLog.Action.CHANGED, records=unflagged, field_names=["flag_reason"])
    return len(unflagged)


# --- nobody answered in time


def mark_as_told(members: MemberQuerySet, days: int) -> None:
    """Admins were told that these have waited for `days`. A batch at a time: others want to write to them."""
    for pks in batches_of(members, MARKED_AT_ONCE):
        members.filter(pk__in=pks).update(reminded_days=days)


def lapse(members: MemberQuerySet, today: date) -> int:
    """Undecided for too long: that is ours. Their words are erased and they are told. Returns how many."""
    cutoff = today - timedelta(days=settings.UNDECIDED_DAYS)
    # A duplicate ends with the others: its code must not tell that a member has the address. No one is written to.
    undecided = [*Member.UNDECIDED, Status.DUPLICATE_ADDRESS]
    late, lapsed = members.filter(status__in=undecided, received_on__lte=cutoff).order_by("pk"), 0
    while pks := list(late.values_list("pk", flat=True)[:LAPSE_AT_ONCE]):
        lapsed += _lapse_batch(late.filter(pk__in=pks))
    return lapsed


@transaction.atomic
def _lapse_batch(late: MemberQuerySet) -> int:
    stamp = uuid.uuid4()
    silent = set(late.filter(status=Status.DUPLICATE_ADDRESS).values_list("pk", flat=True))
    gone = {"status": Status.LAPSED, "decided_at": timezone.now(), "proposed_by": None}
    late.order_by().update(**gone, decision=stamp)
    lapsed = Member.objects.filter(decision=stamp)
    told = (member for member in lapsed if member.gets_emails and member.pk not in silent)
    queue_emails(made_for_each(told, emails.lapsed))
    CredentialChange.objects.of(lapsed).of_addresses().delete()
    return lapsed.update(name="", email="", email_index=None, limit_index=None, reason="", **WORDS)


# --- the one way a status changes by a person's press


def _decide(members: MemberQuerySet, by: User, from_statuses: list[Status], **changes: Any) -> Decision:
    stamp = uuid.uuid4()
    stamps = {
        "decision": stamp,
        "decided_by": by,
        "decided_at": timezone.now(),
        "declined_version": None,
        **changes,
    }
    members.filter(status__in=from_statuses).order_by().update(**stamps)
    won: list[Any] = list(_with_stamp(members, stamp))
    AccessLog.objects.note(who=by, action=AccessLog.Action.DECIDED, records=won, field_names=["status"])
    return Decision(won, won[0].others if won else members.count())


def _with_stamp(members: MemberQuerySet, stamp: uuid.UUID) -> MemberQuerySet:
    """Those who carry the stamp, each with `others`: how many of those named do not. Both in one question."""
    others = members.exclude(decision=stamp).order_by().values(one=Value(1)).annotate(count=Count("pk")).values("count")
    winners = Member.objects.filter(decision=stamp).order_by("pk")
    return winners.annotate(others=Coalesce(Subquery(others), 0))
