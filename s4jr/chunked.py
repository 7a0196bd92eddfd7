"""Processes many rows in batches: each batch is a short transaction, and stopping between two loses nothing."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

#: How many primary keys one query fetches. A query per batch would scan finished rows again and again.
LOOK_AHEAD = 20_000


def batches_of(rows: QuerySet[Any], size: int) -> Iterator[list[Any]]:
    """Yield lists of at most `size` primary keys of `rows` until none are left.

    The caller changes or deletes the rows of each list so that they no longer match `rows`, and checks each again: it
    may have changed meanwhile. Rows that stay unchanged are yielded once more and then no more.
    """
    before = []
    while (found := sorted(rows.order_by().values_list("pk", flat=True)[:LOOK_AHEAD])) and found != before:
        yield from (found[start : start + size] for start in range(0, len(found), size))
        before = found
