"""How much of the automatic work failed today. The log says what; admins see how often."""

from contextlib import suppress

from django.db import DatabaseError, transaction

from s4jr.security.ratelimit import count_use, uses

STEPS, ROWS, DAY = "steps that failed", "rows that were skipped", "1/d"


def count_failed_step() -> None:
    """Count a step of a scheduled task that failed."""
    _count(STEPS)


def count_skipped_row() -> None:
    """Count a row that could not be decrypted and was passed over."""
    _count(ROWS)


def failures_today() -> dict[str, int]:
    """How many {"steps", "rows"} since the day began, in UTC."""
    return {"steps": uses(STEPS, "", DAY), "rows": uses(ROWS, "", DAY)}


def _count(name):
    with suppress(DatabaseError), transaction.atomic():  # what failed may be the database itself
        count_use(name, "", DAY)
