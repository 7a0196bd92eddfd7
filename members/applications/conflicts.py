"""Starting a step again where another request was faster."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from django.db import IntegrityError, transaction

Result = TypeVar("Result")


class ChangedMeanwhileError(Exception):
    """Another request changed the row after this one read it."""


def retry_on_conflict(step: Callable[[], Result]) -> Result:
    """What `step()` returns, in one transaction.

    Starts it again where another request was faster: with the same form, the same address, the same number, or with
    confirming or deciding what this one was about to change.
    """
    for _try in range(3):
        with suppress(IntegrityError, ChangedMeanwhileError), transaction.atomic():
            return step()
    with transaction.atomic():
        return step()
