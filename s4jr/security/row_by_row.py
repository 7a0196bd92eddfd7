"""Row by row: one that cannot be decrypted is logged, counted and skipped, and the others have what they are due."""

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from s4jr.crypto.fields import DecryptionError
from s4jr.security.failed_steps import count_skipped_row

logger = logging.getLogger(__name__)
Row, Made = TypeVar("Row"), TypeVar("Made")


def made_for_each(rows: Iterable[Row], make: Callable[[Row], Made]) -> Iterator[Made]:
    """What `make(row)` makes of each of `rows`. The log names a row by its number or key, never by a person."""
    for row in rows:
        try:
            yield make(row)
        except DecryptionError:
            logger.error("%s cannot be decrypted", row)
            count_skipped_row()
