"""Writes CSV files that are safe to open in a spreadsheet."""

import csv
import re
from collections.abc import Iterable, Iterator

#: What a spreadsheet may read as a formula (OWASP, CSV injection), after whitespace and invisible characters.
FORMULA = re.compile("[\\s\u200b\ufeff]*[=+\\-@\t\r＝＋－＠]")
BYTE_ORDER_MARK = "\ufeff"  # Excel needs it to detect UTF-8


class _Echo:
    """A file-like object that returns each line instead of storing it."""

    def write(self, line: str) -> str:
        return line


def guarded(cell: object) -> str:
    """Returns the cell as text, with a leading ' if a spreadsheet could read it as a formula."""
    text = str(cell)
    return f"'{text}" if FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """Reverses `guarded`."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell[1:]) else cell


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[bytes]:
    """Yields the rows as lines of a UTF-8 CSV file, with every cell quoted and guarded. Stores nothing."""
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    yield BYTE_ORDER_MARK.encode()
    for row in rows:
        yield writer.writerow([guarded(cell) for cell in row]).encode()
