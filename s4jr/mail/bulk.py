"""Announcements are queued in batches. Their app registers here, so that this one does not know it.

Delivery asks for the next batch when no email is due, so whatever runs the outbox (beat, `manage.py send_mail_queue`)
also runs announcements.
"""

from collections.abc import Callable

_writers: list[Callable[[], int]] = []


def register(write_next: Callable[[], int]) -> None:
    """Let `write_next` queue the next batch; it returns how many emails, 0 if none is due. Idempotent."""
    if write_next not in _writers:
        _writers.append(write_next)


def write_next_portion() -> int:
    """Queue the next batch of every writer; returns how many emails."""
    return sum(write_next() for write_next in _writers)
