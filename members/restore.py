"""After a restore: settles what was in progress at the time of the backup, and checks the keys."""

from typing import Any

from django.db import transaction

from members.models import Member
from members.querysets import MemberQuerySet
from members.review.services import UNDECIDED_AGAIN
from s4jr.accounts.models import Session
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import mark_unknown

Status = Member.Status
#: Who held the decisions, in the access log.
RESTORE = "restore"
#: The columns of a member whose end of membership is held: they are approved, as before it began.
STILL_A_MEMBER = {
    "status": Status.APPROVED, "effective_at": None, "asked_to_leave_at": None, "proposed_by": None, "reason": "",
    "parting_email": "", "next_step_on": None,
}  # fmt: skip
RESTORED = "it waited when the backup was made: it may have left since"


def settle_what_was_underway() -> tuple[int, int]:
    """Marks unsent emails as unknown, so that none is sent twice, and ends all sessions. Returns both counts."""
    emails = mark_unknown(OutgoingEmail.objects.all(), RESTORED)
    return emails, Session.objects.all().delete()[0]


@transaction.atomic
def hold_decisions() -> int:
    """Undoes the decisions that could be undone at the time of the backup. Returns how many.

    Each would take effect as soon as the site starts: although it may have been undone since, or its email be sent
    already. A person decides again.
    """
    waiting_again = _hold([Status.APPROVING, Status.DECLINING], **UNDECIDED_AGAIN, proposed_by=None)
    return waiting_again + _hold([Status.ENDING_MEMBERSHIP], **STILL_A_MEMBER)


def _hold(statuses: list[Status], **changes: Any) -> int:
    begun: MemberQuerySet = Member.objects.filter(status__in=statuses)
    # Locked: another request may settle or undo one of these decisions at the same moment.
    held = list(begun.only("number").order_by("pk").select_for_update())
    log_access(who=RESTORE, action=AccessLog.Action.CHANGED, records=held, field_names=["status"])
    return Member.objects.filter(pk__in=[member.pk for member in held]).update(**changes, decided_version=None)


def index_key_fits() -> bool:
    """Whether a member's blind index matches their address under the current INDEX_KEY."""
    member = Member.objects.exclude(email_index=None).first()
    return member is None or member.email_index == blind_index(member.email)
