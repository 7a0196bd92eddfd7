"""The months that the overview of the membership shows."""

from datetime import date

MONTHS = 12


def last_months(today: date) -> list[date]:
    """The first days of the last twelve months, this one last."""
    last = today.year * 12 + today.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(last - MONTHS + 1, last + 1)]


def month_key(month: date) -> str:
    """How a count names a month: "2026-11"."""
    return f"{month:%Y-%m}"
