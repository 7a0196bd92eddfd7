"""How much of the scheduled work failed today. The log says what; admins see how often."""

from contextlib import suppress

from django.db import DatabaseError, transaction

from s4jr.security.ratelimit import count_use, uses

STEPS, ROWS, DAY = "steps that failed", "rows that were skipped", "1/d"


def count_failed_step() -> None:
    """Count a failed step of a scheduled task."""
    _count(STEPS)


def count_skipped_row() -> None:
    """Count a row that was skipped because it could not be decrypted."""
    _count(ROWS)


def failures_today() -> dict[str, int]:
    """{"steps", "rows"}: how many failed since the day began, in UTC."""
    return {"steps": uses(STEPS, "", DAY), "rows": uses(ROWS, "", DAY)}


def _count(name):
    with suppress(DatabaseError), transaction.atomic():  # the database itself may have failed
        count_use(name, "", DAY)
