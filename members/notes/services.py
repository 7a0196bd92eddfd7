"""Adds and deletes notes about members. The access log says who did, and never what a note says."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from members.models import Member, MemberNote
from members.notes.querysets import MemberNoteQuerySet
from members.querysets import MemberQuerySet
from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.crypto.blind_index import keyed_hash


@transaction.atomic
def add_note(members: MemberQuerySet, note: str, *, by: User, form_token: str | None = None) -> MemberNote | None:
    """Add a note about the one member in `members`; None if they were deleted meanwhile.

    A form that is submitted twice adds one note: the second time, this returns the first one. With other words, as
    after the browser's Back, it adds another one: nothing that was typed is lost.
    """
    member = members.select_for_update(of=("self",), no_key=True).only("number").first()
    if member is None:
        return None
    mark = keyed_hash("note-form", f"{member.pk} {form_token} {note}") if form_token else None
    if mark and (earlier := MemberNote.objects.filter(form_token=mark).first()):
        return earlier
    _log_change(member, by, gettext("added a note"))
    return MemberNote.objects.create(member=member, note=note, by=by, at=timezone.now(), form_token=mark)


@transaction.atomic
def delete_note(notes: MemberNoteQuerySet, member: Member, *, by: User) -> int:
    """Delete those of these notes about `member` that `by` wrote. Returns how many: 0 if another request was faster."""
    deleted = notes.of([member]).written_by(by).delete()[0]
    if deleted:
        _log_change(member, by, gettext("deleted a note"))
    return deleted


def _log_change(member: Member, by: User, what: str) -> None:
    log_access(who=by, action=AccessLog.Action.CHANGED, records=[member], field_names=["note"], reason=what)
