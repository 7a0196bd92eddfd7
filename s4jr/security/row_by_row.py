"""Processes rows one by one: one that cannot be decrypted is logged, counted and skipped."""

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from s4jr.crypto.fields import DecryptionError, name_in_logs
from s4jr.security.failed_steps import count_skipped_row

logger = logging.getLogger(__name__)
_Row = TypeVar("_Row")
_Made = TypeVar("_Made")


def made_for_each(rows: Iterable[_Row], make: Callable[[_Row], _Made]) -> Iterator[_Made]:
    """Yield `make(row)` for each of `rows`. The log names a row by its number or key, never a person."""
    for row in rows:
        try:
            yield make(row)
        except DecryptionError:
            logger.error("%s cannot be decrypted", name_in_logs(row))
            count_skipped_row()
