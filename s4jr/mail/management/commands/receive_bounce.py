import sys
from argparse import ArgumentParser
from typing import Any, ClassVar

from django.core.management.base import BaseCommand
from django.db import Error

from s4jr.mail.bounces.intake import receive_message
from s4jr.mail.bounces.messages import READ_AT_MOST
from s4jr.mail.bounces.services import Outcome

#: The exit status by which a mail server keeps the message and tries again (sysexits, EX_TEMPFAIL).
TRY_AGAIN = 75
CHUNK = 65_536


class Command(BaseCommand):
    help = "Takes one message to BOUNCE_ADDRESS on standard input, for a mail server's pipe. It says nothing."
    requires_system_checks: ClassVar[Any] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--recipient", default="", help="The address it was delivered to. Left out: its headers say."
        )

    def handle(self, recipient: str, **options: Any) -> None:
        """A mail server would put what we print into an email to a stranger."""
        try:
            outcome = receive_message(_read_beginning(sys.stdin.buffer), recipient)
        except Error:
            sys.exit(TRY_AGAIN)
        if outcome is Outcome.TRY_LATER:
            sys.exit(TRY_AGAIN)


def _read_beginning(stream: Any) -> bytes:
    """The beginning of a message. The rest is read too: a mail server may not expect that its pipe is closed."""
    raw = stream.read(READ_AT_MOST)
    while stream.read(CHUNK):
        pass
    return raw
