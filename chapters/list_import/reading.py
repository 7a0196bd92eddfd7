"""Reads the text of a list: which lines can be brought in, and which can't, and why.

It looks only at open chapters, whose names everyone sees. So a preview does not say who is already here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext

from chapters.list_import.kinds import ListKind
from chapters.list_import.line_forms import LineForm
from chapters.models import Chapter
from chapters.place_search import place_label
from chapters.regions import folded
from s4jr.crypto.blind_index import blind_index
from s4jr.tables.consent_titles import speaks_of_consent
from s4jr.tables.days import DayOrder, day_order
from s4jr.tables.reader import Row, Table, read_table
from s4jr.tables.titles import Columns, columns_titled, plain_title

#: The title of the reason in the file of lines to correct. That file can be brought in again: the column is not read.
WHY = "why"


@dataclass(frozen=True)
class Line:
    """A line that can be brought in. `number` is what a spreadsheet shows; `answers` are the values to save."""

    number: int
    answers: dict[str, Any]


@dataclass(frozen=True)
class Unusable:
    """A line that can't be brought in: its cells, and why."""

    number: int
    cells: list[str]
    why: str


@dataclass
class ReadList:
    """A parsed list. `asks_order` is whether its days, such as 3/4/2026, can be read in two ways.

    `doubtful` are the titles of columns that are not read and may say that a person is not to be asked.
    """

    kind: ListKind
    header: list[str]
    columns: Columns
    asks_order: bool = False
    doubtful: list[str] = field(default_factory=list)
    usable: list[Line] = field(default_factory=list)
    unusable: list[Unusable] = field(default_factory=list)

    def columns_in_words(self) -> list[tuple[str, Any]]:
        """Pairs (title, what it is read as), for every column with a title, also those that are not read."""
        read = {at: meaning for meaning, positions in self.columns.items() for at in positions}
        named = [(at, title) for at, title in enumerate(self.header) if title.strip() and plain_title(title) != WHY]
        return [(title, self.kind.meanings[read[at]] if at in read else gettext("not read")) for at, title in named]

    def unusable_rows(self) -> Iterator[list[str]]:
        """Yields the header and the lines that can't be brought in, each with the reason as its last cell."""
        width = len(self.header) - (1 if self.header and plain_title(self.header[-1]) == WHY else 0)
        yield [*self.header[:width], WHY]
        for line in self.unusable:
            yield [*(line.cells + [""] * width)[:width], line.why]


def read_list(text: str, kind: ListKind, day_first: bool | None = None) -> ReadList:
    """Parses the text of a CSV file. `day_first` tells how to read 3/4/2026, if the admin was asked.

    Raises UnreadableTableError, whose message says what to do.
    """
    table = read_table(text, lambda cells: _score_header(cells, kind), no_header=str(kind.no_header))
    columns = columns_titled(table.header, kind.titles)
    order = day_order(cell for name in kind.days for cell in _cells_under(table, columns.get(name, [])))
    doubtful = list(_doubtful_titles(table, columns)) if kind.of_people else []
    read = ReadList(kind, table.header, columns, order == DayOrder.UNKNOWN, doubtful)
    given = {"day_first": order == DayOrder.DAY_FIRST or bool(day_first), "chapters": _open_chapters()}
    seen: dict[Any, Any] = {}
    for row in table.rows:
        _sort_in(read, seen, row, kind.form(_answers_in(row, columns), **given))
    return read


def words_of(line: Line) -> str:
    """The line as it was read, for the preview."""
    said, code = dict(line.answers), line.answers["region"] or line.answers.get("country", "")
    said |= {"region": place_label(code) if code else "", "country": ""}
    if "language" in said:
        said["language"] = dict(settings.LANGUAGES)[said["language"]]
    words = [date_format(value) if isinstance(value, date) else str(value) for value in said.values() if value]
    return " · ".join(words)


def _score_header(cells: list[str], kind: ListKind) -> int:
    found = columns_titled(cells, kind.titles)
    return len(found) if kind.needs in found else 0


def _cells_under(table: Table, positions: list[int]) -> Iterator[str]:
    return (cell for at in positions for cell in table.column(at))


def _doubtful_titles(table: Table, columns: Columns) -> Iterator[str]:
    """The titles of columns with cells, about a status or consent, that no meaning reads."""
    read = {at for positions in columns.values() for at in positions}
    for at, title in enumerate(table.header):
        if at not in read and speaks_of_consent(plain_title(title)) and any(table.column(at)):
            yield title.strip()


def _answers_in(row: Row, columns: Columns) -> dict[str, str]:
    """The first cell of each meaning that the line fills in."""
    return {meaning: next(filter(None, map(row.cell, positions)), "") for meaning, positions in columns.items()}


def _open_chapters() -> dict[str, Chapter]:
    return {chapter.name.casefold(): chapter for chapter in Chapter.objects.public()}


def _sort_in(read: ReadList, seen: dict[Any, Any], row: Row, form: LineForm) -> None:
    if not form.is_valid():
        why = " ".join(dict.fromkeys(str(error) for errors in form.errors.values() for error in errors))
    else:
        answers = form.answers()
        why = _repeated(seen, row.number, answers)
        if not why:
            return read.usable.append(Line(row.number, answers))
    return read.unusable.append(Unusable(row.number, row.cells, why))


def _repeated(seen: dict[Any, Any], number: int, answers: dict[str, Any]) -> str:
    """Which earlier line this one repeats, in words; "" if none. One person may represent several places."""
    person = blind_index(answers["address"]) if "address" in answers else ""
    key = (person, answers["region"], answers["chapter"]) if person else folded(answers["name"])
    first = seen.setdefault(key, number)
    if first != number:
        return gettext("Line %d says the same.") % first
    name = answers.get("username", "").casefold()
    if name and seen.setdefault(f"username {name}", person) != person:
        return gettext("Another line has the same username.")
    return ""
