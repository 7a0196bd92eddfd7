"""Decisions about applications and members. `members.review.decision` has the compare-and-set of each."""

import uuid
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from members import emails
from members.link_times import confirm_link_lasts
from members.models import CredentialChange, Member, MemberNote
from members.querysets import MemberQuerySet
from members.review.decision import Decision, decide
from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.chunked import batches_of
from s4jr.content.live_texts import texts_by_language
from s4jr.crypto.decryption_guard import unshown
from s4jr.crypto.fields import DecryptionError, readable
from s4jr.mail.services import queue_emails
from s4jr.security.failed_steps import count_skipped_row
from s4jr.security.row_by_row import made_for_each

Status = Member.Status
#: How long a "not now" or the end of a membership can be undone.
GRACE_PERIOD = timedelta(hours=1)
#: How long "close without an email" can be undone.
UNDO_CLOSING = timedelta(days=1)
#: How many rows one transaction unflags, lapses or marks.
UNFLAGGED_AT_ONCE, LAPSE_AT_ONCE, MARKED_AT_ONCE = 200, 200, 200
#: Empties what the applicant wrote, for abuse or if we did not answer in time. The version stays: they changed nothing.
WORDS = {
    "message": "", "access_needs": "", "ways_to_help": "", "pronouns": "", "relation": "", "version": F("version"),
}  # fmt: skip
#: Undo keeps these: the median wait is computed from the date of approval.
APPROVAL_STAYS = {"decided_by": F("decided_by"), "decided_at": F("decided_at")}
#: The columns of an application after an approval or a "not now" is undone.
UNDECIDED_AGAIN = {
    "status": "waiting", "decided_at": None, "effective_at": None, "reason": "", "reason_kind": "", "parting_email": "",
}  # fmt: skip
#: How long an approval waits whose welcome email cannot be written, such as while a key is missing.
TRY_AGAIN_AFTER = timedelta(hours=1)
#: The applicant changed the application after the decision.
_AMENDED_SINCE = Q(decided_version__lt=F("version"))


# --- approve, decide later, close


def approve(members: MemberQuerySet, *, by: User) -> Decision:
    """Approves these members in APPROVAL_UNDO_SECONDS; until then `undo` takes it back, and nothing shows.

    `settle_approvals` then approves them and queues one welcome email each. With 0 seconds both happen here. Raises
    DecryptionError if a welcome email could not be written.
    """
    with transaction.atomic():
        if not settings.APPROVAL_UNDO_SECONDS:
            decision = decide(members, by, Member.UNDECIDED, status=Status.APPROVED, proposed_by=None)
            queue_emails(emails.welcome([member for member in decision.won if member.gets_emails]))
            return decision
        effective_at = timezone.now() + timedelta(seconds=settings.APPROVAL_UNDO_SECONDS)
        begun = {"status": Status.APPROVING, "effective_at": effective_at, "decided_version": F("version")}
        decision = decide(members, by, Member.UNDECIDED, proposed_by=None, **begun)
        if unreadable := _find_unreadable(decision.won):
            raise DecryptionError(f"the welcome email to {unreadable[0]} cannot be written")
    return decision


def settle_approvals(members: MemberQuerySet) -> int:
    """Approves those whose time to undo is over, and queues their welcome emails. Returns how many.

    An application amended since waits for review again.
    """
    members.filter(_AMENDED_SINCE, status=Status.APPROVING).update(**UNDECIDED_AGAIN)
    return _settle_due_approvals(members)


@transaction.atomic
def _settle_due_approvals(members: MemberQuerySet) -> int:
    """One that cannot be welcomed by name is logged and counted, and tried again in an hour. The others go on."""
    stamp = uuid.uuid4()
    over = members.filter(status=Status.APPROVING, effective_at__lte=timezone.now()).exclude(_AMENDED_SINCE)
    if not over.update(status=Status.APPROVED, effective_at=None, decided_version=None, decision=stamp):
        return 0
    approved = list(Member.objects.filter(decision=stamp).order_by("pk"))
    unreadable = _find_unreadable(approved)
    _postpone_approvals(unreadable)
    queue_emails(emails.welcome([one for one in approved if one.gets_emails and one not in unreadable]))
    return len(approved) - len(unreadable)


def _find_unreadable(members: list[Member]) -> list[Member]:
    """Those whose welcome email would lack the name. The log names them by number."""
    with unshown():
        return [member for member in members if member.gets_emails and not readable(member, "name")]


def _postpone_approvals(unreadable: list[Member]) -> None:
    again = {"effective_at": timezone.now() + TRY_AGAIN_AFTER, "decided_version": F("version")}
    for member in unreadable:
        member.row.update(status=Status.APPROVING, **again)
        count_skipped_row()


def keep_waiting(members: MemberQuerySet, *, by: User) -> Decision:
    """Sets these members to "decide later"."""
    with transaction.atomic():
        return decide(members, by, [Status.WAITING], status=Status.ON_HOLD, decided_at=None)


def close(members: MemberQuerySet, *, by: User, reason: str = "") -> Decision:
    """Closes these as abuse or spam: no email, and their text is emptied right away."""
    return _close(members, by, reason=reason)


def close_as_duplicate(members: MemberQuerySet, kept: Member, *, by: User, reason: str = "") -> Decision:
    """Closes these without an email, as duplicates of `kept`."""
    return _close(members, by, reason=reason, same_as=kept)


def _close(members: MemberQuerySet, by: User, **changes: Any) -> Decision:
    with transaction.atomic():
        return decide(members, by, Member.UNDECIDED, status=Status.CLOSED, proposed_by=None, **changes, **WORDS)


def reopen(members: MemberQuerySet, *, by: User) -> Decision:
    """Undoes a closing within a day; the text stays empty. Changes nothing if the person applied again since."""
    lately = members.filter(decided_at__gt=timezone.now() - UNDO_CLOSING)
    try:
        with transaction.atomic():
            return decide(lately, by, [Status.CLOSED], status=Status.WAITING, decided_at=None, same_as=None)
    except IntegrityError:
        return Decision([], members.count())


# --- not now, end of a membership


def decline(
    members: MemberQuerySet, *, by: User, reason_kind: str = "", reason: str = "", parting_email: str = ""
) -> Decision:
    """Starts a "not now". Any admin with the permission can undo it for one hour; then the email is queued.

    With DECLINE_NEEDS_TWO, the first call only proposes it (`won` is empty) and another admin's call starts the hour.
    """
    said = {"reason_kind": reason_kind, "reason": reason, "parting_email": parting_email}
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
    as_read = {"decided_version": F("version")}
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
    in_grace_period = {"status": status, "effective_at": timezone.now() + GRACE_PERIOD, "proposed_by": None}
    with transaction.atomic():
        return decide(members, by, from_statuses, **{**in_grace_period, **changes})


def undo(members: MemberQuerySet, *, by: User) -> Decision:
    """Undoes an approval, a "not now" or the end of a membership that is not in effect yet."""
    emptied = {"effective_at": None, "reason": "", "parting_email": "", "next_step_on": None}
    with transaction.atomic():
        read_again = decide(members, by, [Status.APPROVING, Status.DECLINING], **UNDECIDED_AGAIN)
        still_in = {"status": Status.APPROVED, "asked_to_leave_at": None, "proposed_by": None, **APPROVAL_STAYS}
        still_welcome = decide(members, by, [Status.ENDING_MEMBERSHIP], **still_in, **emptied)
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
    members.filter(_AMENDED_SINCE, status=Status.DECLINING).update(**UNDECIDED_AGAIN)
    return declined + _settle(members, Status.ENDING_MEMBERSHIP, status=Status.MEMBERSHIP_ENDED, **asked)


@transaction.atomic
def _settle(members: MemberQuerySet, begun: Status, **stands: Any) -> int:
    stamp = uuid.uuid4()
    over = members.filter(status=begun, effective_at__lte=timezone.now()).exclude(_AMENDED_SINCE)
    settled = over.update(**stands, effective_at=None, decision=stamp)
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
