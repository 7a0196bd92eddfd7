"""Saves the people of an imported list as members, without emails."""

import secrets
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from members.import_export.importer import Line
from members.models import Member
from s4jr.accounts.models import User
from s4jr.audit import record_access
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.erasure.models import Tombstone
from s4jr.erasure.record_numbers import free_numbers
from s4jr.mail.mailbox import limit_index
from s4jr.mail.models import Suppression

#: The `agreement_version` of imported members, who read no version of ours.
IMPORTED = "imported"
BATCH = 500


def add_members(lines: Iterable[Line], by: User, reason: str = IMPORTED) -> list[Member]:
    """Saves these lines as approved members, all or none, without emails. Returns the members.

    Leaves out lines with a known address, with an address on the do-not-email list, or with the number of a deleted
    record. Raises TooManyOpeningsError if `by` has already spent their budget.
    """
    lines, tries = list(lines), 3
    while True:
        tries -= 1
        try:
            with transaction.atomic():
                return _add_new(lines, by, reason)
        except IntegrityError:  # another request claimed an address or a number first
            if not tries:
                raise


def _add_new(lines: list[Line], by: User, reason: str) -> list[Member]:
    # Sorted, so that two imports of the same people wait for each other in one order instead of in a deadlock.
    new = sorted(_without_known(lines, by, reason), key=lambda line: line.email_index)
    stamps = {"decision": uuid.uuid4(), "decided_by": by, "agreed_at": timezone.now()}
    numbers = free_numbers(Member, len(new))
    members = [_new_member(line, number, stamps) for line, number in zip(new, numbers, strict=True)]
    Member.objects.bulk_create(members, batch_size=BATCH)
    log_access(who=by, action=AccessLog.Action.DECIDED, records=members, field_names=["status"], reason=reason)
    return members


def _without_known(lines: list[Line], by: User, reason: str) -> list[Line]:
    """The lines of people we know nothing about. Each of the others is logged and counted like a search that found it.

    An old file must bring back no one who left, stopped emails, moved to another address or had their record deleted.
    """
    people = Member.objects.only("number", "email_index")
    by_address = _rows_by_key(people, "email_index", _indexes(lines))
    rest = [line for line in lines if line.email_index not in by_address]
    by_number = _rows_by_key(people, "number", [line.number for line in rest])
    stops = _rows_by_key(Suppression.objects.all(), "to_index", _indexes(rest))
    stones = _rows_by_key(Tombstone.objects.all(), "number", map(_stone_of, rest))
    members = list({member.pk: member for member in (*by_address.values(), *by_number.values())}.values())
    if members or not (stops or stones):
        record_access.note_list_search(by, Member, members, ["email_index"], reason)
    if stops:
        record_access.note_list_search(by, Suppression, list(stops.values()), ["to_index"], reason)
    if stones:
        record_access.note_list_search(by, Tombstone, list(stones.values()), ["number"], reason)
    refused = {*by_number, *stops, *stones}
    return [line for line in rest if refused.isdisjoint((line.number, line.email_index, _stone_of(line)))]


def _indexes(lines: Iterable[Line]) -> list[str]:
    return [line.email_index for line in lines]


def _stone_of(line: Line) -> str:
    """What the tombstone of the member with this number is called, or "" without a number."""
    return f"{Member.inventory.tombstone}{line.number}" if line.number else ""


def _rows_by_key(rows: Any, key: str, values: Iterable[str]) -> dict[str, Any]:
    """{value: row} for the rows whose column `key` has one of `values` that are not empty."""
    found: dict[str, Any] = {}
    for batch in _batches(filter(None, values)):
        found.update((getattr(row, key), row) for row in rows.filter(**{f"{key}__in": batch}))
    return found


def _batches(things: Iterable[Any]) -> Iterator[list[Any]]:
    things = iter(things)
    return iter(lambda: list(islice(things, BATCH)), [])


def _new_member(line: Line, number: str, stamps: dict[str, Any]) -> Member:
    """Returns the unsaved member, approved on the day they joined elsewhere, so our median wait stays true."""
    return Member(
        **line.answers,
        **stamps,
        email_index=line.email_index,
        limit_index=limit_index(line.answers["email"]),
        status=Member.Status.APPROVED,
        decided_at=datetime.combine(line.answers["received_on"], time.min, UTC),
        agreement_version=IMPORTED,
        number=number,
        form_token=secrets.token_hex(16),
    )
