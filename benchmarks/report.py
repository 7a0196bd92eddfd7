"""Writes the results into docs/performance.md, each part between its own markers, and prints them."""

import sys
import time
from pathlib import Path

REPORT = Path(__file__).parent.parent / "docs" / "performance.md"


def table(head, rows):
    """Lines of a Markdown table; `rows` are lists of cells."""
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for cells in rows:
        yield f"| {' | '.join(map(str, cells))} |"


def publish(part, command, lines, *, keep=True):
    """Print the lines; with `keep` they replace those of the last run in the report."""
    said = "\n".join([f"By `{command}` on {time.strftime('%Y-%m-%d')}.", "", *lines])
    sys.stdout.write(f"\n{said}\n")
    if keep:
        begin, end = f"<!-- {part} -->\n", f"<!-- end of {part} -->"
        before, _, rest = REPORT.read_text().partition(begin)
        REPORT.write_text(before + begin + said + "\n" + end + rest.partition(end)[2])
