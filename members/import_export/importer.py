"""Reads an existing list of people, and says of each line whether and why it can or can't be imported.

Reading queries no table, so the preview does not reveal who is already here. `services.add_members` saves.

What the columns mean is guessed from their titles (`columns`), and the admin's choices replace the guesses. A no in the
list is obeyed (`refusals`): only people whose columns object to nothing are usable.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from members.import_export.columns import ASK, guess_meanings, in_order, is_reason, score_header
from members.import_export.refusals import why_refused
from members.import_export.row_form import LineForm
from s4jr.crypto.blind_index import blind_index
from s4jr.tables.days import DayOrder, day_order
from s4jr.tables.decoding import UnreadableTableError
from s4jr.tables.named_address import split_address
from s4jr.tables.reader import Row, Table, read_table

MOST_COLUMNS = 200
#: How Google Contacts writes several values into one cell.
_SEVERAL = ":::"


@dataclass(frozen=True)
class Choices:
    """What the admin chose in the preview: the meaning of each column, and whether 3/4/2026 is in April.

    None where nothing was chosen, which is not the same as a guess that was left as it is.
    """

    meanings: tuple[str, ...] | None = None
    day_first: bool | None = None


@dataclass(frozen=True)
class Line:
    """One person of the list. `answers` are values by the names of Member fields; `row` is a spreadsheet's number.

    `number` is what the list says is our number of the person, or "".
    """

    row: int
    email_index: str
    answers: dict[str, Any]
    number: str = ""


@dataclass(frozen=True)
class Unusable:
    """A line that can't be imported: its original cells, and why."""

    row: int
    cells: list[str]
    why: str


@dataclass
class ReadList:
    """A parsed list, before known addresses are left out. `meanings` has one meaning for each column."""

    table: Table
    meanings: list[str]
    day_order: DayOrder
    day_first: bool | None
    usable: list[Line] = field(default_factory=list)
    unusable: list[Unusable] = field(default_factory=list)

    def title(self, at: int) -> str:
        """The title of a column, by its position from 0."""
        return self.table.header[at].strip() or gettext("Column %d") % (at + 1)

    @property
    def asks_for_days(self) -> bool:
        """Whether the list has days such as 3/4/2026 and nothing in it shows which number is the month."""
        return self.day_order == DayOrder.UNKNOWN

    def open_questions(self) -> list[str]:
        """What the admin must answer before anything is saved, as sentences for them."""
        asked = []
        if "email" not in self.meanings:
            asked.append(gettext("Choose the column with the email addresses."))
        for title in (self.title(at) for at, meaning in enumerate(self.meanings) if meaning == ASK):
            said = gettext("“%s” may say who must not be emailed. Choose what it means, or “not read” to ignore it.")
            asked.append(said % title)
        if self.asks_for_days and self.day_first is None:
            asked.append(gettext("Choose how dates are written in the list."))
        return asked

    def unusable_rows(self) -> Iterator[list[str]]:
        """Yields the header and the lines that can't be imported, each with the reason as its last cell."""
        kept = [at for at, title in enumerate(self.table.header) if not is_reason(title)]
        yield [*(self.table.header[at] for at in kept), "why"]
        for line in self.unusable:
            yield [*(line.cells[at] if at < len(line.cells) else "" for at in kept), line.why]


def read_list(text: str, choices: Choices | None = None) -> ReadList:
    """Parses the text of a CSV file, without queries. Raises UnreadableTableError, whose message says what to do."""
    choices = choices or Choices()
    table = _read_people(text)
    meanings = _chosen_meanings(table, choices)
    order = _order_of_days(table, meanings)
    read = ReadList(table, meanings, order, choices.day_first)
    day_first = {DayOrder.DAY_FIRST: True, DayOrder.UNKNOWN: bool(choices.day_first)}.get(order, False)
    reader = _LineReader(read, day_first)
    for row in table.rows:
        reader.sort_in(row)
    return read


def _read_people(text: str) -> Table:
    message = gettext("We found no column with email addresses. Name that column “email” in the first line.")
    table = read_table(text, score_header, no_header=message)
    if len(table.header) > MOST_COLUMNS:
        raise UnreadableTableError(gettext("This list has too many columns. Delete those that we don’t need."))
    return table


def _chosen_meanings(table: Table, choices: Choices) -> list[str]:
    if choices.meanings and len(choices.meanings) == len(table.header):
        return list(choices.meanings)
    return guess_meanings(table.header, [list(table.column(at)) for at in range(len(table.header))])


def _order_of_days(table: Table, meanings: Sequence[str]) -> DayOrder:
    days = (cell for at, meaning in enumerate(meanings) if meaning == "joined" for cell in table.column(at))
    return day_order(days)


class _LineReader:
    """Sorts the rows of a list into usable and unusable ones."""

    def __init__(self, read: ReadList, day_first: bool) -> None:
        self.read, self.day_first = read, day_first
        self.order = in_order(read.table.header, read.meanings)
        self.seen: dict[str, int] = {}

    def sort_in(self, row: Row) -> None:
        said = self._answers_of(row)
        form = LineForm(said, day_first=self.day_first)
        why = why_refused(self.read.table.header, self.read.meanings, row.cells)
        if not why and not form.is_valid():
            why = " ".join(str(error) for errors in form.errors.values() for error in errors)
        if not why:
            index = blind_index(form.cleaned_data["email"])
            first = self.seen.setdefault(index, row.number)
            if first == row.number:
                self.read.usable.append(Line(row.number, index, form.answers(), form.cleaned_data["number"]))
                return
            why = gettext("Line %d has the same address.") % first
        self.read.unusable.append(Unusable(row.number, row.cells, why))

    def _answers_of(self, row: Row) -> dict[str, str]:
        said = {meaning: _first_filled(row, positions) for meaning, positions in self.order.items()}
        named = split_address(said.get("email", "").split(_SEVERAL)[0])
        return {**said, "email": named.address, "name": _name_of(said) or named.name}


def _first_filled(row: Row, positions: list[int]) -> str:
    return next((cell for at in positions if (cell := row.cell(at))), "")


def _name_of(said: dict[str, str]) -> str:
    """First and last name if the line has both, or the name, or whichever of both it has."""
    first, last = said.get("first", ""), said.get("last", "")
    if first and last:
        return first if first.casefold().endswith(last.casefold()) else f"{first} {last}"
    return said.get("name", "") or first or last
