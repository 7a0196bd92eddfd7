"""Reads the mailbox of bounces and replies over IMAP (RFC 9051), oldest first, and deletes what it has acted on.

Several may read at the same time, and any may die anywhere: acting on a message twice changes nothing, and a message is
deleted only afterwards.
"""

import imaplib
import re
import ssl
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import unquote, urlsplit

from s4jr.mail.bounces.intake import receive_message
from s4jr.mail.bounces.messages import READ_AT_MOST
from s4jr.mail.bounces.services import Outcome

#: Seconds that the server may take for one reply, messages and seconds of one run. The next run does the rest.
REPLY_SECONDS, MESSAGES_AT_MOST, RUN_SECONDS = 15, 200, 10.0
PORT = 993
_UID = re.compile(rb"\bUID (\d+)")


class MailboxUnreadableError(Exception):
    """The mailbox can't be reached, or the server rejects our sign-in or a command."""


def read_mailbox(url: str, seconds: float = RUN_SECONDS) -> Counter[str]:
    """Act on what is in the mailbox, for so many seconds at most. Returns a Counter of outcomes.

    Raises MailboxUnreadableError, whose words hold neither address nor password.
    """
    became: Counter[str] = Counter()
    over = time.monotonic() + seconds
    try:
        with _open_mailbox(url) as (mailbox, count):
            for uid in _oldest_messages(mailbox, count):
                if time.monotonic() > over:
                    break
                became[_take_message(mailbox, uid)] += 1
            mailbox.expunge()
    except (OSError, imaplib.IMAP4.error, ValueError) as error:
        raise MailboxUnreadableError(f"the mailbox for bounces can't be read ({type(error).__name__})") from None
    return became


@contextmanager
def _open_mailbox(url: str) -> Iterator[tuple[imaplib.IMAP4_SSL, int]]:
    """The open mailbox and how many messages it has."""
    parts = urlsplit(url)
    context = ssl.create_default_context()
    mailbox = imaplib.IMAP4_SSL(parts.hostname or "", parts.port or PORT, ssl_context=context, timeout=REPLY_SECONDS)
    try:
        _sign_in(mailbox, unquote(parts.username or ""), unquote(parts.password or ""))
        folder = unquote(parts.path.strip("/")) or "INBOX"
        yield mailbox, int(_expect_ok(mailbox.select(_quoted(folder)))[0] or 0)
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            mailbox.logout()


def _sign_in(mailbox: imaplib.IMAP4_SSL, user: str, password: str) -> None:
    """By AUTHENTICATE if possible: LOGIN takes ASCII only."""
    if "AUTH=PLAIN" in mailbox.capabilities:
        mailbox.authenticate("PLAIN", lambda _challenge: f"\0{user}\0{password}".encode())
    else:
        mailbox.login(user, password)


def _oldest_messages(mailbox: imaplib.IMAP4_SSL, count: int) -> list[str]:
    """The unique numbers of the oldest messages. No search: its one line would name every message there is."""
    if not count:
        return []
    said = _expect_ok(mailbox.fetch(f"1:{min(count, MESSAGES_AT_MOST)}", "(UID)"))
    return [found.group(1).decode() for line in said if isinstance(line, bytes) and (found := _UID.search(line))]


def _take_message(mailbox: imaplib.IMAP4_SSL, uid: str) -> str:
    """Act on one message and mark it as deleted. Only its beginning is fetched, however large it is."""
    said = _expect_ok(mailbox.uid("FETCH", uid, f"(BODY.PEEK[]<0.{READ_AT_MOST}>)"))
    raw = next((part[1] for part in said if isinstance(part, tuple)), None)
    if raw is None:
        return "gone"
    outcome = receive_message(raw)
    if outcome is not Outcome.TRY_LATER:
        _expect_ok(mailbox.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)"))
    return outcome.value


def _expect_ok(answer: tuple[str, list]) -> list:
    """What the server said. Raises IMAP4.error unless it did what was asked."""
    status, said = answer
    if status != "OK":
        raise imaplib.IMAP4.error("the server refused a command")
    return said


def _quoted(folder: str) -> str:
    return '"{}"'.format(folder.replace("\\", "\\\\").replace('"', '\\"'))
