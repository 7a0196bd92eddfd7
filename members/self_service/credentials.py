"""What opens somebody's information: a secret word, a code, a calendar address. How each is replaced.

Whoever has shown more than an email link (the code or the secret word beside it) replaces one right away. With an email
link alone a new one is made that goes beside the earlier one for 30 days: each visit with the earlier one shows it, and
can cancel it. So somebody who can open the mailbox locks nobody out, and makes no second proof beside the first. Where
there was none before, a new one works too, but for 30 days it does nothing that an email link alone could not do.
"""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone

from members.models import CredentialChange, Member
from members.querysets import MemberQuerySet
from members.rsvps.personal_calendar import hold_calendar
from members.self_service.address_change import cancel_address_change, restore_address
from members.self_service.secret_word import set_word
from s4jr.accounts.sessions import end_sessions_of_member
from s4jr.crypto.fields import readable
from s4jr.security.status_code import code_hash, code_of_form

Kind = CredentialChange.Kind
DAYS = settings.CREDENTIAL_CHANGE_DAYS


def changes_of(member: Member) -> dict[str, CredentialChange]:
    """What an email link alone has made for this member and does not hold yet, by kind."""
    return {change.kind: change for change in member.credential_changes.order_by("made_at")}


def member_with_new_code(code: str) -> MemberQuerySet:
    """The member for whom an email link alone made this code, which does not hold yet; at most one."""
    return Member.objects.filter(credential_changes__kind=Kind.CODE, credential_changes__value_hash=code_hash(code))


def discard_change(member: Member, kind: Kind) -> None:
    """What an email link alone has made of this kind never holds."""
    member.credential_changes.filter(kind=kind).delete()


@transaction.atomic
def replace_credential(member: Member, kind: Kind, value_hash: str, *, right_away: bool, shows: str = "") -> bool:
    """Make `value_hash` this member's credential of a kind; returns whether it holds now, and not only in 30 days.

    The very first one waits like any other: made with an email link alone, it is no second proof beside that link.
    """
    discard_change(member, kind)
    if right_away:
        _apply_credential(member.pk, kind, value_hash, shows)
    else:
        said = {"value_hash": value_hash, "shows": shows, "made_at": timezone.now()}
        CredentialChange.objects.create(member=member, kind=kind, **said)
    return right_away


def _apply_credential(member_pk: int, kind: str, value_hash: str, shows: str) -> None:
    if kind == Kind.WORD:
        set_word(Member.objects.filter(pk=member_pk), value_hash)
    elif kind == Kind.CODE:
        Member.objects.filter(pk=member_pk).update(code_hash=value_hash)
    elif kind == Kind.CALENDAR:
        hold_calendar(member_pk, value_hash, shows)


def make_new_code(member: Member, *, right_away: bool) -> tuple[str, bool]:
    """Another status code for this member, and whether it holds now. Nothing but its hash is kept."""
    code = code_of_form(secrets.token_hex(16))
    return code, replace_credential(member, Kind.CODE, code_hash(code), right_away=right_away)


@transaction.atomic
def cancel_changes(member: Member, *, session_key: str | None) -> int:
    """Take back all that an email link alone has made, and end the member's sessions but this one. Returns how many.

    The address it moved is put back; one that is still to be confirmed is forgotten.
    """
    canceled = list(member.credential_changes.select_for_update().order_by("pk"))
    if canceled:
        member.credential_changes.all().delete()
        whose = Member.objects.filter(pk=member.pk)
        cancel_address_change(whose.exclude(email_index=None))
        for moved in (change for change in canceled if change.kind == Kind.ADDRESS):
            restore_address(whose, readable(moved, "earlier_email"))
        end_sessions_of_member(member.pk, but=session_key)
    return len(canceled)


def settle_changes(now: datetime) -> int:
    """Let hold what nobody has canceled in time, each in a transaction of its own. Returns how many.

    Of an address that was moved nothing is left to do but to forget the earlier one.
    """
    due = CredentialChange.objects.filter(made_at__lte=now - timedelta(days=settings.CREDENTIAL_CHANGE_DAYS))
    return sum(_settle_change(pk) for pk in list(due.order_by("pk").values_list("pk", flat=True)))


def _settle_change(pk: int) -> int:
    try:
        with transaction.atomic():
            change = CredentialChange.objects.select_for_update().filter(pk=pk).first()
            if change:
                change.delete()
                _apply_credential(change.member_id, change.kind, change.value_hash, change.shows)
            return int(bool(change))
    except DatabaseError:  # a code that another member has by now: it is none
        return CredentialChange.objects.filter(pk=pk).delete()[0]
