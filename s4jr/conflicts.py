"""Retries a step that lost a race with another request."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from django.db import IntegrityError, transaction

Result = TypeVar("Result")


class ChangedMeanwhileError(Exception):
    """Another request changed the row after this one read it."""


def retry_on_conflict(step: Callable[[], Result]) -> Result:
    """Return `step()`, which runs in one transaction.

    Retries three times if another request was faster: it stored the same form, address or number, or it changed the row
    that this one had read. Raises what the fourth try raises.
    """
    for _try in range(3):
        with suppress(IntegrityError, ChangedMeanwhileError), transaction.atomic():
            return step()
    with transaction.atomic():
        return step()
