"""Imports an existing list as members: it is parsed, previewed and then saved, and no email is sent.

Parsing queries no table, so the preview does not reveal who is already here. Saving logs each known address as a search
for that member.

Columns are found by their header: our own names and those that Google Forms, Mailchimp and Action Network export. A
question of a Google form is recognized by the words in it.
"""

import csv
import io
import re
import secrets
import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.import_export.row_form import LineForm
from members.models import Member
from s4jr.accounts.models import User
from s4jr.audit import record_access
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.crypto.blind_index import blind_index
from s4jr.erasure.record_numbers import free_numbers
from s4jr.mail.mailbox import limit_index
from s4jr.tables.writer import unguarded

#: The `agreement_version` of imported members, who read no version of ours.
IMPORTED = "imported"
BATCH = 500
LONGEST_BYTES = 1_000_000
MOST_LINES = 5_000
DELIMITERS = ",;\t|"
ENCODINGS = ("utf-8-sig", "cp1252")

#: The headers of each meaning, best first. A line uses the first of these columns that it fills in.
HEADERS = {
    "name": ["name", "full_name", "display_name", "your_name"],
    "first": ["first_name", "fname", "given_name", "first"],
    "last": ["last_name", "lname", "family_name", "surname", "last"],
    "email": ["email", "email_address", "e_mail", "e_mail_address", "address", "username"],
    "region": ["region", "can2_state_abbreviated", "can2_user_state", "state", "province", "state_province",
               "state_or_province", "state_region"],
    "country": ["country", "country_code", "cc"],
    "joined": ["joined", "joined_on", "date_joined", "received_on", "timestamp", "optin_time", "confirm_time",
               "can2_subscription_date", "created_at", "date"],
    "contact": ["contact"],
    "stopped": ["emails_stopped", "unsub_time", "clean_time", "can2_subscription_status"],
}  # fmt: skip
#: The same for questions of a form, whose headers vary: words that must be in the header, and words that must not.
WORDS = {
    "name": ([{"name"}], {"first", "last", "user", "group", "company", "organization", "organisation"}),
    "first": ([{"first", "name"}], set()),
    "last": ([{"last", "name"}], set()),
    "email": ([{"email"}, {"mail"}], set()),
    "region": ([{"state"}, {"province"}], set()),
    "country": ([{"country"}], set()),
}
MEANINGS = {
    "name": _("name"),
    "first": _("first name"),
    "last": _("last name"),
    "email": _("email address"),
    "region": _("state, province or country"),
    "country": _("country"),
    "joined": _("date joined"),
    "contact": _("email preference"),
    "stopped": _("whether they still get emails there"),
}
#: The values of "stopped" for a person who is still subscribed.
STILL_SUBSCRIBED = {"", "subscribed", "no"}


class UnreadableList(Exception):
    """The file is not a list. The message tells the admin why."""


@dataclass(frozen=True)
class Line:
    """One person of the list. `answers` are values by the names of Member fields; `row` counts from the header, 1."""

    row: int
    email_index: str
    answers: dict[str, Any]


@dataclass(frozen=True)
class Unusable:
    """A line that can't be imported: its original cells, and why."""

    row: int
    cells: list[str]
    why: str


@dataclass
class ReadList:
    """A parsed list, before known addresses are left out. `columns` maps each meaning to column positions."""

    header: list[str]
    columns: dict[str, list[int]]
    usable: list[Line] = field(default_factory=list)
    unusable: list[Unusable] = field(default_factory=list)

    def columns_in_words(self) -> list[tuple[str, Any]]:
        """Pairs (header, translated meaning), in the order of the columns, for the preview."""
        taken = [(at, MEANINGS[meaning]) for meaning, positions in self.columns.items() for at in positions]
        return [(self.header[at], meaning) for at, meaning in sorted(taken, key=lambda pair: pair[0])]

    def unusable_rows(self) -> Iterator[list[str]]:
        """Yields the header and the lines that can't be imported, each with the reason as its last cell."""
        yield [*self.header, "why"]
        for line in self.unusable:
            yield [*line.cells, line.why]


def text_of(raw: bytes) -> str:
    """The text of an uploaded file. Raises UnreadableList."""
    text = _decoded(raw)
    if text is None or "\0" in text:
        raise UnreadableList(gettext("We can’t read this file. Save it as “CSV UTF-8” in your spreadsheet."))
    if max(len(raw), len(text.encode())) > LONGEST_BYTES:
        raise UnreadableList(gettext("This file is too big. Split it into files of at most 1 MB."))
    return text


def _decoded(raw: bytes) -> str | None:
    for encoding in ENCODINGS:
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return None


def read_list(text: str, *, day_first: bool = False) -> ReadList:
    """Parses the text of a CSV file, without queries. `day_first` tells how to read 3/4/2026.

    Raises UnreadableList if there is no column of email addresses, or if there are too many lines.
    """
    header, rows = _table(text)
    read = ReadList(header, _columns(header))
    seen: dict[str, int] = {}
    for row, cells in enumerate(rows, start=2):
        if any(cell.strip() for cell in cells):
            _sort_in(read, seen, row, cells, day_first)
    return read


def _table(text: str) -> tuple[list[str], list[list[str]]]:
    for delimiter in dict.fromkeys([_sniffed(text), *DELIMITERS]):
        try:
            rows = [
                [unguarded(cell) for cell in row]
                for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            ]
        except csv.Error:
            continue
        if rows and "email" in _columns(rows[0]):
            break
    else:
        raise UnreadableList(
            gettext("We found no column with email addresses. Name that column “email” in the first line.")
        )
    if len(rows) > MOST_LINES + 1:
        raise UnreadableList(gettext("This list is too long. Split it into lists of at most 5,000 lines."))
    return rows[0], rows[1:]


def _sniffed(text: str) -> str:
    try:
        return csv.Sniffer().sniff(text[:4096], DELIMITERS).delimiter
    except csv.Error:
        return DELIMITERS[0]


def _columns(header: list[str]) -> dict[str, list[int]]:
    """Returns {meaning: [positions, best first]} for the columns of a header."""
    plain = ["_".join(re.findall(r"\w+", title.casefold().replace("-", "_"))) for title in header]
    found = {meaning: [plain.index(title) for title in titles if title in plain] for meaning, titles in HEADERS.items()}
    for meaning, (wanted, unwanted) in WORDS.items():
        by_words = [at for at, title in enumerate(plain) if _has_words(title, wanted, unwanted)]
        found[meaning] = found[meaning] or by_words[:1]
    return {meaning: positions for meaning, positions in found.items() if positions}


def _has_words(title: str, wanted: list[set[str]], unwanted: set[str]) -> bool:
    words = set(title.split("_"))
    return any(some <= words for some in wanted) and not words & unwanted


def _sort_in(read: ReadList, seen: dict[str, int], row: int, cells: list[str], day_first: bool) -> None:
    said = {meaning: _first_filled(cells, positions) for meaning, positions in read.columns.items()}
    said["name"] = said.get("name") or f"{said.get('first', '')} {said.get('last', '')}"
    form = LineForm(said, day_first=day_first)
    if said.get("stopped", "").casefold() not in STILL_SUBSCRIBED:
        why = gettext("This person no longer gets emails from that list.")
    elif not form.is_valid():
        why = " ".join(str(error) for errors in form.errors.values() for error in errors)
    else:
        line = Line(row, blind_index(form.cleaned_data["email"]), form.answers())
        first = seen.setdefault(line.email_index, row)
        if first == row:
            return read.usable.append(line)
        why = gettext("Line %d has the same address.") % first
    return read.unusable.append(Unusable(row, cells, why))


def _first_filled(cells: list[str], positions: list[int]) -> str:
    return next((cells[at].strip() for at in positions if at < len(cells) and cells[at].strip()), "")


def _known(lines: Iterable[Line]) -> dict[str, Member]:
    """Returns {email_index: member} for the addresses that are already here, in any status.

    An old file must not bring back a member who left.
    """
    found: dict[str, Member] = {}
    for batch in _batches(line.email_index for line in lines):
        these = Member.objects.filter(email_index__in=batch).only("number", "email_index")
        found.update((member.email_index, member) for member in these if member.email_index)
    return found


def _batches(things: Iterable[Any]) -> Iterator[list[Any]]:
    things = iter(things)
    return iter(lambda: list(islice(things, BATCH)), [])


def add_members(lines: Iterable[Line], by: User, reason: str = IMPORTED) -> list[Member]:
    """Saves these lines as approved members, all or none, without emails. Returns the members.

    Leaves out lines with a known address. Raises TooManyOpeningsError if `by` has already spent their budget.
    """
    tries = 3
    while True:
        tries -= 1
        try:
            with transaction.atomic():
                return _add(lines, by, reason)
        except IntegrityError:  # another request claimed an address or a number first
            if not tries:
                raise


def _add(lines: Iterable[Line], by: User, reason: str) -> list[Member]:
    known = _known(lines)
    record_access.note_list_search(by, Member, list(known.values()), ["email_index"], reason)
    # Sorted, so that two imports of the same people wait for each other in one order instead of in a deadlock.
    new = sorted((line for line in lines if line.email_index not in known), key=lambda line: line.email_index)
    stamps = {"decision": uuid.uuid4(), "decided_by": by, "agreed_at": timezone.now()}
    numbers = free_numbers(Member, len(new))
    members = [_member(line, number, stamps) for line, number in zip(new, numbers, strict=True)]
    Member.objects.bulk_create(members, batch_size=BATCH)
    log_access(who=by, action=AccessLog.Action.DECIDED, records=members, field_names=["status"], reason=reason)
    return members


def _member(line: Line, number: str, stamps: dict[str, Any]) -> Member:
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
