"""Announcements are written a portion at a time. Who writes them registers here, so that this app knows of nobody.

The sender asks for the next portion when no email waits for it: all that keeps the outbox going (beat,
`manage.py send_mail_queue`) keeps announcements going with it.
"""

from collections.abc import Callable

_writers: list[Callable[[], int]] = []


def register(write_next: Callable[[], int]) -> None:
    """Let `write_next` queue the next portion; it returns how many emails, 0 for none due. Once is enough."""
    if write_next not in _writers:
        _writers.append(write_next)


def write_next_portion() -> int:
    """Ask everybody for their next portion; returns how many emails were written."""
    return sum(write_next() for write_next in _writers)
