"""Decisions. Each is one compare-and-set UPDATE with a stamp; the rows with the stamp are the ones it won."""

import uuid
from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Case, Count, F, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from members import emails
from members.links import confirm_link_lasts
from members.models import CredentialChange, Member, MemberNote
from members.querysets import MemberQuerySet
from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.chunked import batches_of
from s4jr.content.live_texts import texts_by_language
from s4jr.mail.services import queue_emails
from s4jr.security.row_by_row import made_for_each

Status = Member.Status
#: How long a "not now" or the end of a membership can be undone.
GRACE_PERIOD = timedelta(hours=1)
#: How long "close without an email" can be undone.
UNDO_CLOSING = timedelta(days=1)
#: How many rows one transaction unflags, lapses or marks.
UNFLAGGED_AT_ONCE, LAPSE_AT_ONCE, MARKED_AT_ONCE = 200, 200, 200
#: The applicant's own text, emptied right away if it is abuse, or if we did not answer in time.
#: The version stays, because this is not a change by the applicant.
WORDS = {
    "message": "", "access_needs": "", "ways_to_help": "", "pronouns": "", "relation": "", "version": F("version"),
}  # fmt: skip
#: Undo keeps these: the median wait is computed from the date of approval.
APPROVAL_STAYS = {"decided_by": F("decided_by"), "decided_at": F("decided_at")}
#: The columns of an application after its "not now" is undone.
NOT_DECLINED = {"status": "waiting", "decided_at": None, "declining_until": None, "reason": "", "parting_email": ""}
#: The applicant changed the application after the "not now".
_AMENDED_SINCE = Q(declined_version__lt=F("version"))


class Decision(NamedTuple):
    """The members that an action decided, and how many of the others already had a decision.

    Neither counts members whose version changed.
    """

    won: list[Member]
    already: int


# --- approve, decide later, close


def approve(members: MemberQuerySet, *, by: User) -> Decision:
    """Approves these members and queues one welcome email each."""
    with transaction.atomic():
        decision = _decide(members, by, Member.UNDECIDED, status=Status.APPROVED, proposed_by=None)
        queue_emails(emails.welcome([member for member in decision.won if member.gets_emails]))
    return decision


def keep_waiting(members: MemberQuerySet, *, by: User) -> Decision:
    """Sets these members to "decide later"."""
    with transaction.atomic():
        return _decide(members, by, [Status.WAITING], status=Status.ON_HOLD, decided_at=None)


def close(members: MemberQuerySet, *, by: User, reason: str = "") -> Decision:
    """Closes these as abuse or spam: no email, and their text is emptied right away."""
    return _close(members, by, reason=reason)


def close_as_duplicate(members: MemberQuerySet, kept: Member, *, by: User, reason: str = "") -> Decision:
    """Closes these without an email, as duplicates of `kept`."""
    return _close(members, by, reason=reason, same_as=kept)


def _close(members: MemberQuerySet, by: User, **changes: Any) -> Decision:
    with transaction.atomic():
        return _decide(members, by, Member.UNDECIDED, status=Status.CLOSED, proposed_by=None, **changes, **WORDS)


def reopen(members: MemberQuerySet, *, by: User) -> Decision:
    """Undoes a closing within a day; the text stays empty. Changes nothing if the person applied again since."""
    lately = members.filter(decided_at__gt=timezone.now() - UNDO_CLOSING)
    try:
        with transaction.atomic():
            return _decide(lately, by, [Status.CLOSED], status=Status.WAITING, decided_at=None, same_as=None)
    except IntegrityError:
        return Decision([], members.count())


# --- not now, end of a membership


def decline(members: MemberQuerySet, *, by: User, reason: str = "", parting_email: str = "") -> Decision:
    """Starts a "not now". Any admin with the permission can undo it for one hour; then the email is queued.

    With DECLINE_NEEDS_TWO, the first call only proposes it (`won` is empty) and another admin's call starts the hour.
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
    """Starts the end of an approved member's membership, with the same grace period of one hour.

    Keeps who approved them and when until the hour is over, so that undo restores everything. `next_step_on` is the
    date that the email promises; admins are reminded of it.
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
    """Undoes a "not now" or the end of a membership within its hour."""
    emptied = {"declining_until": None, "reason": "", "parting_email": "", "next_step_on": None}
    with transaction.atomic():
        read_again = _decide(members, by, [Status.DECLINING], **NOT_DECLINED)
        still_in = {"status": Status.APPROVED, "asked_to_leave_at": None, "proposed_by": None, **APPROVAL_STAYS}
        still_welcome = _decide(members, by, [Status.ENDING_MEMBERSHIP], **still_in, **emptied)
    return Decision(read_again.won + still_welcome.won, still_welcome.already - len(read_again.won))


def end_grace_periods(members: MemberQuerySet) -> int:
    """Makes the decisions whose hour is over final, and queues their emails. Returns how many.

    A "not now" applies to the version that was read: an application amended since waits for review again.
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
    parting = partial(emails.parting, texts=texts_by_language())
    queue_emails(made_for_each((member for member in gone if member.gets_emails), parting))
    gone.update(parting_email="")


def note_next_step(members: MemberQuerySet, *, by: User) -> Decision:
    """Records that the next step promised to a former member took place."""
    with transaction.atomic():
        promised = list(members.filter(status=Status.MEMBERSHIP_ENDED, next_step_on__isnull=False))
        still_promised = members.filter(next_step_on__isnull=False)
        done = [member for member in promised if still_promised.filter(pk=member.pk).update(next_step_on=None)]
        log_access(who=by, action=AccessLog.Action.CHANGED, records=done, field_names=["next_step_on"])
    return Decision(done, members.count() - len(done))


# --- flagged as possible spam


def unflag(members: MemberQuerySet, *, by: User) -> int:
    """Marks flagged applications as not spam, one transaction per batch. Returns how many.

    Confirmation emails are queued by the next run of their task, which limits the rate, and does not flag them again.
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
    log_access(who=by, action=AccessLog.Action.CHANGED, records=unflagged, field_names=["flag_reason"])
    return len(unflagged)


# --- not answered in time


def mark_as_told(members: MemberQuerySet, days: int) -> None:
    """Records that admins were told that these waited for `days`. In batches, to keep row locks short."""
    for pks in batches_of(members, MARKED_AT_ONCE):
        members.filter(pk__in=pks).update(reminded_days=days)


def lapse(members: MemberQuerySet, today: date) -> int:
    """Lapses applications that stayed undecided too long: empties their text and emails them. Returns how many."""
    cutoff = today - timedelta(days=settings.UNDECIDED_DAYS)
    # Duplicates lapse too, without an email: their code must not reveal that a member has the address.
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
    queue_emails(made_for_each(told, partial(emails.lapsed, texts=texts_by_language())))
    CredentialChange.objects.of(lapsed).of_addresses().delete()
    MemberNote.objects.of(lapsed).delete()
    return lapsed.update(name="", email="", email_index=None, limit_index=None, reason="", **WORDS)


# --- the compare-and-set of every decision


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
    log_access(who=by, action=AccessLog.Action.DECIDED, records=won, field_names=["status"])
    return Decision(won, won[0].others if won else members.count())


def _with_stamp(members: MemberQuerySet, stamp: uuid.UUID) -> MemberQuerySet:
    """The members with the stamp, each with `others`: how many of `members` lack it. One query."""
    others = members.exclude(decision=stamp).order_by().values(one=Value(1)).annotate(count=Count("pk")).values("count")
    winners = Member.objects.filter(decision=stamp).order_by("pk")
    return winners.annotate(others=Coalesce(Subquery(others), 0))
