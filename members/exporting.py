"""Members as a list for a spreadsheet. What was said in confidence stays here: relation, message, needs, reasons."""

import csv
import re

from django.utils.timezone import now

from s4jr.mail.models import Suppression
from s4jr.privacy.models import AccessLog

COLUMNS = ["number", "status", "name", "pronouns", "email", "contact", "country", "region", "language", "newsletter",
           "ways_to_help", "received_on"]  # fmt: skip
#: The last column: why an address gets no letters from us. Whoever writes to it by other means should know.
LETTERS_STOPPED = "letters_stopped"
#: What a spreadsheet may take for a formula (OWASP, CSV injection), after white space and marks that show nothing.
FORMULA = re.compile("[\\s\u200b\ufeff]*[=+\\-@\t\r＝＋－＠]")
BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as something else
BATCH = 500


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
    """Write down that `by` takes these members (a QuerySet) along and why; returns their list as lines of CSV."""
    noted = list(members.only("pk", "number"))
    columns = [*COLUMNS, LETTERS_STOPPED]
    AccessLog.objects.note(who=by, action=AccessLog.Action.EXPORTED, records=noted, field_names=columns, reason=reason)
    return csv_lines(_rows(members.model, [member.pk for member in noted], columns))


def file_name():
    """It stands in a folder of downloads for everybody to see, so it names no cause."""
    return f"list-{now():%Y-%m-%d}.csv"


def _rows(model, pks, columns):
    yield columns
    for start in range(0, len(pks), BATCH):
        members = model.objects.filter(pk__in=pks[start : start + BATCH]).oldest_first()
        yield from _cells_of(list(members))


def _cells_of(members):
    stopped = Suppression.objects.filter(to_index__in=[member.email_index for member in members if member.email_index])
    # The last one counts: "every letter" comes after "announcements".
    reasons = dict(stopped.order_by("scope").values_list("to_index", "reason"))
    for member in members:
        yield [*(_cell(member, name) for name in COLUMNS), reasons.get(member.email_index, "")]


def _cell(member, name):
    value = getattr(member, name)
    return ("yes" if value else "no") if isinstance(value, bool) else value
