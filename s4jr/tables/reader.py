"""Reads the text of a CSV file as a table, wherever its header is: above it there may be titles or a report's summary.

It knows no columns. The caller scores rows as headers; `s4jr.tables.titles` compares titles.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from django.utils.translation import gettext

from s4jr.tables.decoding import UnreadableTableError
from s4jr.tables.writer import unguarded

DELIMITERS = ",;\t|"
MOST_ROWS = 5_000
#: Among how many rows, from the top, the header is searched.
HEADER_WITHIN = 20
#: The first line by which Excel learns the delimiter. It shows no row for it.
_SEPARATOR_LINE = re.compile(r'"?sep=([,;|\t])"?[ ,;|\t]*(?:\r\n?|\n)', re.IGNORECASE)

#: How well a row fits as the header, by its cells: 0 if it can't be one.
ScoreHeader = Callable[[list[str]], int]


class Row(NamedTuple):
    """One row under the header. `number` is what a spreadsheet shows for it, from 1."""

    number: int
    cells: list[str]

    def cell(self, position: int) -> str:
        """The cell without surrounding whitespace, or "" past the end of a short row."""
        return self.cells[position].strip() if position < len(self.cells) else ""


@dataclass(frozen=True)
class Table:
    """A header, and the rows under it that are not blank. `header_row` is the spreadsheet's number of the header."""

    header: list[str]
    header_row: int
    rows: list[Row]
    delimiter: str

    def column(self, position: int) -> Iterator[str]:
        """The cells of one column that are not blank."""
        return (cell for row in self.rows if (cell := row.cell(position)))


def read_table(text: str, score_header: ScoreHeader, *, no_header: str, most_rows: int = MOST_ROWS) -> Table:
    """Reads with the delimiter and the header row that score best: the earliest row of equal ones, then the longest.

    Raises UnreadableTableError with the message `no_header` if no row among the first 20 scores, or if there are more
    than `most_rows` rows.
    """
    delimiters, text = _split_separator(text)
    best = max((_find_header(text, delimiter, score_header) for delimiter in delimiters), key=lambda found: found[:3])
    if not best.score:
        raise UnreadableTableError(no_header)
    header, rows = _rows_below(text, best)
    if len(rows) > most_rows:
        raise UnreadableTableError(gettext("This list is too long. Split it into lists of at most 5,000 lines."))
    return Table(header, 1 - best.minus_at, rows, best.delimiter)


def _split_separator(text: str) -> tuple[str, str]:
    """The delimiters to try, and the text without a line such as `sep=;`."""
    if found := _SEPARATOR_LINE.match(text):
        return found[1], text[found.end() :]
    return DELIMITERS, text


class _Header(NamedTuple):
    """Where a header is, so that the best of several is their maximum."""

    score: int
    minus_at: int
    length: int
    delimiter: str


def _find_header(text: str, delimiter: str, score_header: ScoreHeader) -> _Header:
    found = _Header(0, 0, 0, delimiter)
    with suppress(csv.Error):
        for at, cells in enumerate(islice(_read_rows(text, delimiter), HEADER_WITHIN)):
            found = max(found, _Header(score_header(cells), -at, len(cells), delimiter))
    return found


def _rows_below(text: str, header: _Header) -> tuple[list[str], list[Row]]:
    try:
        first, *rows = islice(_read_rows(text, header.delimiter), -header.minus_at, None)
    except csv.Error:
        raise UnreadableTableError(
            gettext("We can’t read this file. Save it as “CSV UTF-8” in your spreadsheet.")
        ) from None
    numbered = (Row(number, cells) for number, cells in enumerate(rows, start=2 - header.minus_at))
    return first, [row for row in numbered if any(cell.strip() for cell in row.cells)]


def _read_rows(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return ([unguarded(cell) for cell in row] for row in reader)
