"""The form that begins a conversation, and saving a submitted form once."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from s4jr.security.submission import Submission


@dataclass(frozen=True, kw_only=True)
class ThreadSubmission(Submission):
    """A form that begins a conversation. `words` are the text of its first message."""

    words: str


def keep_once(keep: Callable[[], None]) -> None:
    """Run `keep()` in a transaction. Retries if another worker stored the same form first or drew the same number."""
    for last_try in (False, False, False, True):
        try:
            with transaction.atomic():
                keep()
            return
        except IntegrityError:
            if last_try:
                raise
