"""Reads days as lists write them: 2026-03-04, 3/4/2026, 04.03.2026, Mar 4, 2026, 4 mars 2026, 4 de marzo de 2026."""

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from s4jr.tables.titles import plain_title

#: What a text begins with. A time of day may follow: 2026-06-18T10:00:00Z, 4/9/2021 12:25:42.
YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")
#: After `plain_title`: `mar_4_2026`, `sun_mar_4_2026`, `4_de_marzo_de_2026`, `1er_mars_2026`, `04_mar_2026`.
MONTH_DAY_YEAR = re.compile(r"(?:[a-z]{2,9}_)?([a-z]{3,10})_(\d{1,2})(?:st|nd|rd|th)?_(\d{4})(?!\d)")
DAY_MONTH_YEAR = re.compile(
    r"(?:[a-z]{2,9}_)?(\d{1,2})(?:er|st|nd|rd|th)?_(?:de_)?([a-z]{3,10})_(?:de_|del_)?(\d{4})(?!\d)"
)
#: The names of the months in English, French and Spanish begin with these.
MONTHS = [
    ("jan", "ene"), ("feb", "fev"), ("mar",), ("apr", "avr", "abr"), ("may", "mai"), ("jun", "juin"), ("jul", "juil"),
    ("aug", "aou", "ago"), ("sep",), ("oct",), ("nov",), ("dec", "dic"),
]  # fmt: skip


class DayOrder(StrEnum):
    """What a list shows about days such as 3/4/2026."""

    NO_MATTER = "no_matter"
    MONTH_FIRST = "month_first"
    DAY_FIRST = "day_first"
    UNKNOWN = "unknown"


def day_of(text: str, day_first: bool) -> date | None:
    """The day that a text begins with, or None. `day_first` tells how to read 3/4/2026."""
    if found := YEAR_FIRST.match(text):
        year, month, day = map(int, found.groups())
    elif found := YEAR_LAST.match(text):
        first, second, year = map(int, found.groups())
        day, month = (first, second) if day_first else (second, first)
    else:
        year, month, day = _day_in_words(plain_title(text[:60]))
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day_in_words(plain: str) -> tuple[int, int, int]:
    """Year, month and day. The month is 0 if there is none."""
    if found := MONTH_DAY_YEAR.match(plain):
        month, day, year = found.groups()
    elif found := DAY_MONTH_YEAR.match(plain):
        day, month, year = found.groups()
    else:
        return 0, 0, 0
    return int(year), _month_named(month), int(day)


def _month_named(word: str) -> int:
    return next((number for number, starts in enumerate(MONTHS, start=1) if word.startswith(starts)), 0)


def day_order(texts: Iterable[str]) -> DayOrder:
    """How these days are written, if one of them can be read in one way only. UNKNOWN if they contradict each other."""
    pairs = [tuple(map(int, found.groups()[:2])) for text in texts if (found := YEAR_LAST.match(text))]
    is_day_first, is_month_first = any(first > 12 for first, _ in pairs), any(second > 12 for _, second in pairs)
    if is_day_first != is_month_first:
        return DayOrder.DAY_FIRST if is_day_first else DayOrder.MONTH_FIRST
    has_ambiguous = any(first != second and max(first, second) <= 12 for first, second in pairs)
    return DayOrder.UNKNOWN if has_ambiguous else DayOrder.NO_MATTER
