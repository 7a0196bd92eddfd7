"""Announcements are written a portion at a time. Who writes them registers here, so that this app knows of nobody.

The sender asks for the next portion when no email waits for it: all that keeps the outbox going (beat,
`manage.py send_mail_queue`) keeps announcements going with it.
"""

_writers = []


def writes_portions(write_next):
    """Decorate a function that writes the next portion into the outbox and returns how many emails; 0 for none due."""
    _writers.append(write_next)
    return write_next


def write_next_portion():
    """Ask everybody for their next portion; returns how many emails were written."""
    return sum(write_next() for write_next in _writers)
