"""Replacing credentials: what opens a member's information (secret word, status code) or calendar (its address).

Someone who has shown more than an email link (the code or the secret word too) replaces one right away. With an email
link alone, the new one works beside the earlier one for 30 days: each session with the earlier one shows it and can
cancel it. So someone else who can open the inbox locks no one out and gains no second proof. If there was none before,
the new one works too, but for 30 days it allows nothing that an email link alone would not.
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
    """The changes that an email link alone made for this member and that have not taken effect, by kind."""
    return {change.kind: change for change in member.credential_changes.order_by("made_at")}


def member_with_new_code(code: str) -> MemberQuerySet:
    """The member with this new code, which an email link alone made and which has not taken effect; at most one."""
    return Member.objects.filter(credential_changes__kind=Kind.CODE, credential_changes__value_hash=code_hash(code))


def discard_change(member: Member, kind: Kind) -> None:
    """Delete the pending change of this kind."""
    member.credential_changes.filter(kind=kind).delete()


@transaction.atomic
def replace_credential(member: Member, kind: Kind, value_hash: str, *, right_away: bool, shows: str = "") -> bool:
    """Make `value_hash` this member's credential of a kind. Returns whether it takes effect now, not in 30 days.

    The first one of a kind waits like any other: made with an email link alone, it is no second proof.
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
    """Make another status code. Returns it and whether it takes effect now. Only its hash is stored."""
    code = code_of_form(secrets.token_hex(16))
    return code, replace_credential(member, Kind.CODE, code_hash(code), right_away=right_away)


@transaction.atomic
def cancel_changes(member: Member, *, session_key: str | None) -> int:
    """Cancel everything that an email link alone changed, and end the member's other sessions. Returns how many.

    An address that it changed is restored; one that is not confirmed yet is deleted.
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
    """Put changes into effect that no one canceled in 30 days, each in its own transaction. Returns how many.

    An address already changed, so for one this only deletes the earlier address.
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
    except DatabaseError:  # another member has this code by now, so it never takes effect
        return CredentialChange.objects.filter(pk=pk).delete()[0]
