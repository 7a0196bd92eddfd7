"""An existing list becomes members: read first, shown, and only then kept, with no email to anybody.

Reading asks the database nothing, so what is shown before tells nobody who is here already. Whom a list finds here is
written into the access log once it is kept, and counted as a search for each of them.

The columns are found by their header. Known are our own and those that Google Forms, Mailchimp and Action Network
export; a question of a Google form is recognised by the words in it.
"""

import csv
import io
import re
import secrets
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from itertools import islice

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.applications.services import NUMBER_BYTES
from members.import_export.exporter import unguarded
from members.import_export.row_form import LineForm
from members.models import Member
from s4jr.audit import record_access
from s4jr.audit.models import AccessLog
from s4jr.crypto.blind_index import blind_index
from s4jr.erasure.models import Tombstone
from s4jr.mail.mailbox import limit_index

#: Stands where a member who joined by themselves has the version of the agreement they read.
IMPORTED = "imported"
BATCH = 500
LONGEST_BYTES = 1_000_000
MOST_LINES = 5_000
DELIMITERS = ",;\t|"
ENCODINGS = ("utf-8-sig", "cp1252")

#: What a column means, by its header, the best first. A line takes the first of them that it has filled in.
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
#: The same for the questions of a form, whose headers nobody knows: words that stand in it, and words that must not.
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
#: What the last meaning says of somebody who still gets emails from there.
STILL_SUBSCRIBED = {"", "subscribed", "no"}


class UnreadableList(Exception):
    """The file is no list at all; the words say why, for whoever chose it."""


@dataclass(frozen=True)
class Line:
    """One person of the list: what they said, by the names of a Member's fields. `row` counts from the header, 1."""

    row: int
    email_index: str
    answers: dict


@dataclass(frozen=True)
class Unusable:
    """A line that cannot be used: its cells as they stood, and why."""

    row: int
    cells: list
    why: str


@dataclass
class ReadList:
    """A list as it was understood, whoever of it is here already. `columns` says which header was taken for what."""

    header: list
    columns: dict
    usable: list = field(default_factory=list)
    unusable: list = field(default_factory=list)

    def columns_in_words(self):
        """(header, what it was taken for), for whoever looks before anything is kept."""
        taken = [(at, MEANINGS[meaning]) for meaning, positions in self.columns.items() for at in positions]
        return [(self.header[at], meaning) for at, meaning in sorted(taken, key=lambda pair: pair[0])]

    def unusable_rows(self):
        """The lines that cannot be used, to be mended and brought again: as they stood, with the reason at the end."""
        yield [*self.header, "why"]
        for line in self.unusable:
            yield [*line.cells, line.why]


def text_of(raw):
    """The text of an uploaded file. Raises UnreadableList."""
    text = _decoded(raw)
    if text is None or "\0" in text:
        raise UnreadableList(gettext("We can’t read this file. Save it as “CSV UTF-8” in your spreadsheet."))
    if max(len(raw), len(text.encode())) > LONGEST_BYTES:
        raise UnreadableList(gettext("This file is too big. Split it into files of at most 1 MB."))
    return text


def _decoded(raw):
    for encoding in ENCODINGS:
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return None


def read_list(text, *, day_first=False):
    """The ReadList in the text of a CSV file; looks nobody up and stores nothing. `day_first`: how 3/4/2026 is meant.

    Raises UnreadableList where there is no column of addresses, or there are too many lines.
    """
    header, rows = _table(text)
    read = ReadList(header, _columns(header))
    seen = {}
    for row, cells in enumerate(rows, start=2):
        if any(cell.strip() for cell in cells):
            _sort_in(read, seen, row, cells, day_first)
    return read


def _table(text):
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


def _sniffed(text):
    try:
        return csv.Sniffer().sniff(text[:4096], DELIMITERS).delimiter
    except csv.Error:
        return DELIMITERS[0]


def _columns(header):
    """{meaning: [positions, the best first]} for the columns of a header."""
    plain = ["_".join(re.findall(r"\w+", title.casefold().replace("-", "_"))) for title in header]
    found = {meaning: [plain.index(title) for title in titles if title in plain] for meaning, titles in HEADERS.items()}
    for meaning, (wanted, unwanted) in WORDS.items():
        by_words = [at for at, title in enumerate(plain) if _has_words(title, wanted, unwanted)]
        found[meaning] = found[meaning] or by_words[:1]
    return {meaning: positions for meaning, positions in found.items() if positions}


def _has_words(title, wanted, unwanted):
    words = set(title.split("_"))
    return any(some <= words for some in wanted) and not words & unwanted


def _sort_in(read, seen, row, cells, day_first):
    said = {meaning: _first_filled(cells, positions) for meaning, positions in read.columns.items()}
    said["name"] = said.get("name") or f"{said.get('first', '')} {said.get('last', '')}"
    form = LineForm(said, day_first=day_first)
    if said.get("stopped", "").casefold() not in STILL_SUBSCRIBED:
        why = gettext("This person no longer gets emails from that list.")
    elif not form.is_valid():
        why = " ".join(error for errors in form.errors.values() for error in errors)
    else:
        line = Line(row, blind_index(form.cleaned_data["email"]), form.answers())
        first = seen.setdefault(line.email_index, row)
        if first == row:
            return read.usable.append(line)
        why = gettext("Line %d has the same address.") % first
    return read.unusable.append(Unusable(row, cells, why))


def _first_filled(cells, positions):
    return next((cells[at].strip() for at in positions if at < len(cells) and cells[at].strip()), "")


def _known(lines):
    """Who has been here, whatever became of it: an old file does not bring back who left. A member for each address."""
    found = {}
    for batch in _batches(line.email_index for line in lines):
        these = Member.objects.filter(email_index__in=batch).only("number", "email_index")
        found.update((member.email_index, member) for member in these)
    return found


def _batches(things):
    things = iter(things)
    return iter(lambda: list(islice(things, BATCH)), [])


def add_members(lines, by, reason=IMPORTED):
    """Keep these Lines as welcomed members, all or none. No email is written to anybody. Returns the members.

    A line whose address is known is left out. TooManyOpeningsError where the budget of `by` was spent before.
    """
    tries = 3
    while True:
        tries -= 1
        try:
            with transaction.atomic():
                return _add(lines, by, reason)
        except IntegrityError:  # an address, or a number, that was taken at this moment
            if not tries:
                raise


def _add(lines, by, reason):
    known = _known(lines)
    record_access.note_list_search(by, Member, list(known.values()), ["email_index"], reason)
    new = [line for line in lines if line.email_index not in known]
    stamps = {"decision": uuid.uuid4(), "decided_by": by, "agreed_at": timezone.now()}
    members = [_member(line, number, stamps) for line, number in zip(new, _free_numbers(len(new)), strict=True)]
    Member.objects.bulk_create(members, batch_size=BATCH)
    AccessLog.objects.note(
        who=by, action=AccessLog.Action.DECIDED, records=members, field_names=["status"], reason=reason
    )
    return members


def _member(line, number, stamps):
    """They were welcomed on the day they joined, elsewhere: our own waiting times stay true."""
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


def _free_numbers(count):
    """So many numbers that nobody has or had: of thousands drawn blindly, two would be the same before long."""
    free = set()
    while len(free) < count:
        drawn = {secrets.token_hex(NUMBER_BYTES).upper() for _again in range(count - len(free))}
        for batch in _batches(drawn):
            taken = {
                *Member.objects.filter(number__in=batch).values_list("number", flat=True),
                *Tombstone.objects.filter(number__in=batch).values_list("number", flat=True),
            }
            free.update(set(batch) - taken)
    return free
