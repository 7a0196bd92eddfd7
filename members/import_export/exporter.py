"""Members as a list for a spreadsheet. What was said in confidence stays here: relation, message, needs, reasons."""

import csv
import re
from array import array
from itertools import islice
from typing import NamedTuple

from django.core.cache import cache
from django.utils.timezone import now

from s4jr.audit import record_access
from s4jr.crypto.fields import shown
from s4jr.crypto.unreadable_text import is_unreadable, words_for_people
from s4jr.mail.models import Suppression

COLUMNS = ["number", "status", "name", "pronouns", "email", "contact", "country", "region", "language", "newsletter",
           "ways_to_help", "received_on"]  # fmt: skip
#: The last column: why an address gets no emails from us. Whoever writes to it by other means should know.
EMAILS_STOPPED = "emails_stopped"
#: What a spreadsheet may take for a formula (OWASP, CSV injection), after white space and marks that show nothing.
FORMULA = re.compile("[\\s\u200b\ufeff]*[=+\\-@\t\r＝＋－＠]")
BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as something else
#: So many are noted at once, and so many are opened at once while the list leaves.
NOTED_AT_ONCE, BATCH = 1000, 500
#: For how long an admin sees how far the last list got, in seconds.
PROGRESS_SECONDS = 24 * 3600


class Progress(NamedTuple):
    """How many people of the last list that somebody took have left, and how many are on it."""

    left: int
    of: int

    @property
    def is_whole(self):
        return self.left >= self.of


class _Echo:
    """A file that gives each line back instead of keeping it."""

    def write(self, line):
        return line


def guarded(cell):
    """A cell as text that no spreadsheet computes: with a ' before what could be a formula."""
    text = str(cell)
    return f"'{text}" if FORMULA.match(text) else text


def unguarded(cell):
    """What `guarded` was given."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell[1:]) else cell


def csv_lines(rows):
    """Rows of cells as the lines of a CSV file in UTF-8, every cell quoted and guarded. Nothing is kept on the way."""
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    yield BYTE_ORDER_MARK.encode()
    for row in rows:
        yield writer.writerow([guarded(cell) for cell in row]).encode()


def export(members, by, reason):
    """Write down that `by` takes these members (a QuerySet) along and why; returns their list as lines of CSV.

    Of a long list only the primary keys and names of fields are held in memory. How far it got is in `progress_of(by)`.
    """
    columns = [*COLUMNS, EMAILS_STOPPED]
    said = {"field_names": columns, "reason": reason}
    pks = array("q", (pk for few in _in_batches(members) for pk in _opened(few, by, said)))
    return csv_lines(_rows(members.model, pks, columns, by))


def progress_of(user):
    """The Progress of the list this user took last, within a day; None where there is none."""
    found = cache.get(_key(user))
    return Progress(*found) if found else None


def _key(user):
    return f"export-{user.pk}"


def _in_batches(members):
    found = members.only("pk", "number").iterator(chunk_size=NOTED_AT_ONCE)
    return iter(lambda: list(islice(found, NOTED_AT_ONCE)), [])


def _opened(members, by, said):
    record_access.open_for_export(by, members, **said)
    return [member.pk for member in members]


def file_name():
    """It stands in a folder of downloads for everybody to see, so it names no cause."""
    return f"list-{now():%Y-%m-%d}.csv"


def _rows(model, pks, columns, by):
    yield columns
    for start in range(0, len(pks), BATCH):
        members = model.objects.filter(pk__in=pks[start : start + BATCH]).oldest_first()
        yield from _cells_of(list(members))
        cache.set(_key(by), (min(start + BATCH, len(pks)), len(pks)), PROGRESS_SECONDS)


def _cells_of(members):
    stopped = Suppression.objects.filter(to_index__in=[member.email_index for member in members if member.email_index])
    # The last one counts: "every email" comes after "announcements".
    reasons = dict(stopped.order_by("scope").values_list("to_index", "reason"))
    for member in members:
        yield [*(_cell(member, name) for name in COLUMNS), reasons.get(member.email_index, "")]


def _cell(member, name):
    value = shown(member, name)
    if is_unreadable(value):
        return words_for_people()  # a file leaves the admin: what it says is for whoever reads it
    return ("yes" if value else "no") if isinstance(value, bool) else value
