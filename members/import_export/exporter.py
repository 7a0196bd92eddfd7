"""Exports members as CSV. Confidential answers are never exported: relation, message, access needs, reasons."""

from array import array
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from django.core.cache import cache
from django.utils.timezone import now
from django.utils.translation import get_language, override

from members.import_export.cells import cell_of, reason_in_words
from members.models import Member
from members.querysets import MemberQuerySet
from s4jr.accounts.models import User
from s4jr.audit import record_access
from s4jr.mail.models import Suppression
from s4jr.tables.writer import csv_lines

COLUMNS = ["number", "status", "name", "pronouns", "email", "contact", "country", "region", "language", "newsletter",
           "ways_to_help", "received_on"]  # fmt: skip
#: The last column: why we send no emails to this address, for anyone who writes to it by other means.
EMAILS_STOPPED = "emails_stopped"
#: How many members are logged in one statement, and how many are loaded at once during the download.
NOTED_AT_ONCE, BATCH = 1000, 500
#: How long an admin sees the progress of their last export.
PROGRESS_SECONDS = 24 * 3600


class Progress(NamedTuple):
    """The progress of a user's last export: members sent, and members in total."""

    left: int
    of: int

    @property
    def is_whole(self) -> bool:
        return self.left >= self.of


def export(members: MemberQuerySet, by: User, reason: str) -> Iterator[bytes]:
    """Logs that `by` exports these members and why, then returns the lines of the CSV file.

    Its words are in the language that is active now, which is not when the lines are sent. Holds only the primary keys
    and the field names in memory. `progress_of(by)` returns the progress of the download.
    """
    columns = [*COLUMNS, EMAILS_STOPPED]
    said = {"field_names": columns, "reason": reason}
    pks = array("q", (pk for few in _in_batches(members) for pk in _opened(few, by, said)))
    return csv_lines(_rows(members.model, pks, by, get_language()))


def progress_of(user: User) -> Progress | None:
    """The Progress of this user's last export within a day, or None."""
    found = cache.get(_key(user))
    return Progress(*found) if found else None


def _key(user: User) -> str:
    return f"export-{user.pk}"


def _in_batches(members: MemberQuerySet) -> Iterator[list[Member]]:
    found = members.only("pk", "number").iterator(chunk_size=NOTED_AT_ONCE)
    return iter(lambda: list(islice(found, NOTED_AT_ONCE)), [])


def _opened(members: list[Member], by: User, said: dict[str, Any]) -> list[int]:
    record_access.open_for_export(by, members, **said)
    return [member.pk for member in members]


def file_name() -> str:
    """A neutral file name, because anyone who sees the downloads folder can read it."""
    return f"list-{now():%Y-%m-%d}.csv"


def _rows(model: type[Member], pks: array, by: User, language: str | None) -> Iterator[list[Any]]:
    yield [*COLUMNS, EMAILS_STOPPED]
    for start in range(0, len(pks), BATCH):
        members = model.objects.filter(pk__in=pks[start : start + BATCH]).oldest_first()
        with override(language):
            lines = _cells_of(list(members))
        yield from lines
        cache.set(_key(by), (min(start + BATCH, len(pks)), len(pks)), PROGRESS_SECONDS)


def _cells_of(members: list[Member]) -> list[list[Any]]:
    stopped = Suppression.objects.filter(to_index__in=[member.email_index for member in members if member.email_index])
    # The last row wins: the scope "every email" sorts after "announcements".
    reasons = dict(stopped.order_by("scope").values_list("to_index", "reason"))
    return [_line_of(member, reasons.get(member.email_index or "", "")) for member in members]


def _line_of(member: Member, stopped: str) -> list[Any]:
    return [*(cell_of(member, name) for name in COLUMNS), reason_in_words(stopped)]
