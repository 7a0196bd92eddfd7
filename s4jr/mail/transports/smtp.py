"""Emails over SMTP (RFC 5321), with the final dot separate: until it is sent the server must not deliver.

Many emails use one connection. Errors keep the server's codes and drop its words, which repeat the address.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from typing import Self

from django.conf import settings

from s4jr.mail.models import OutgoingEmail
from s4jr.mail.transports.addresses import wire_address
from s4jr.mail.transports.errors import NoAnswer, NoConnection, NoMailbox, RefusedForGood, RefusedForNow
from s4jr.mail.transports.message import as_wire

ENHANCED_CODE = re.compile(rb"\b[245]\.\d{1,3}\.\d{1,3}\b")
#: Replies to RCPT that mean "no such mailbox" (RFC 5321, 4.2.3), and the enhanced codes (RFC 3463, 3.2; RFC 7505) that
#: decide if there is one: those of 5.1.x that are about the recipient's address and not ours.
NO_MAILBOX = {550, 551, 553}
NO_MAILBOX_ENHANCED = {b"5.1.1", b"5.1.2", b"5.1.3", b"5.1.4", b"5.1.6", b"5.1.10"}
#: Servers without enhanced codes also answer 550 to senders they distrust, which says nothing about the mailbox.
DISTRUST = re.compile(rb"relay|spam|block|polic|sender|authenticat", re.IGNORECASE)
LINE_STARTS_WITH_DOT = re.compile(rb"^\.", re.MULTILINE)
UNANSWERED = "the mail server did not answer after the email was handed over"
BROKEN = (OSError, smtplib.SMTPException)


def refusal(code: int, reply: bytes) -> RefusedForNow | RefusedForGood:
    """The exception for a reply that is not a success."""
    enhanced = ENHANCED_CODE.search(reply or b"")
    words = f"the mail server answered {code} {enhanced.group().decode() if enhanced else ''}".rstrip()
    return RefusedForGood(words) if 500 <= code < 600 else RefusedForNow(words)


def recipient_refusal(code: int, reply: bytes) -> RefusedForNow | RefusedForGood:
    """The same for a reply to RCPT, which may say that there is no such mailbox."""
    refused, enhanced = refusal(code, reply), ENHANCED_CODE.search(reply or b"")
    if enhanced:
        is_gone = code >= 500 and enhanced.group() in NO_MAILBOX_ENHANCED
    else:
        is_gone = code in NO_MAILBOX and not DISTRUST.search(reply or b"")
    return NoMailbox(str(refused)) if is_gone else refused


class SmtpTransport:
    def __init__(self, host: str, port: int, username: str = "", password: str = "") -> None:
        self.host, self.port, self.username, self.password = host, port, username, password
        self._smtp: smtplib.SMTP | None = None
        self._is_in_email = False

    @property
    def _connection(self) -> smtplib.SMTP:
        """The open connection. Raises SMTPServerDisconnected, one of BROKEN, if there is none."""
        if self._smtp is None:
            raise smtplib.SMTPServerDisconnected("no connection")
        return self._smtp

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._is_in_email:  # failed between the email and its dot: QUIT would become part of the message
            self.abandon()
        if self._smtp:
            try:
                self._smtp.quit()
            except BROKEN:
                self._smtp.close()

    def prepare(self, email: OutgoingEmail) -> None:
        """Everything but the final dot. Reconnects once if the connection went stale since the last email."""
        raw = as_wire(email)
        try:
            self._start(email, fresh=self._smtp is None)
            self._expect(354, self._connection.docmd("DATA"))
            self._is_in_email = True
            self._connection.send(LINE_STARTS_WITH_DOT.sub(b"..", raw))
        except BROKEN as error:
            self.abandon()
            raise RefusedForNow("the connection broke before the email was handed over") from error

    def _start(self, email: OutgoingEmail, fresh: bool) -> None:
        if fresh:
            self._connect()
        try:
            self._expect(250, self._connection.mail(settings.MAIL_FROM, self._options(email)))
        except BROKEN:
            if fresh:
                raise
            self.abandon()
            return self._start(email, fresh=True)
        return self._expect(250, self._connection.rcpt(wire_address(email.to)), recipient_refusal)

    def _options(self, email: OutgoingEmail) -> list[str]:
        if wire_address(email.to).isascii():
            return []
        if not self._connection.has_extn("smtputf8"):
            raise RefusedForGood("the mail server does not take addresses in this script")
        return ["SMTPUTF8"]

    def _expect(
        self, wanted: int, answer: tuple[int, bytes], refused: Callable[[int, bytes], Exception] = refusal
    ) -> None:
        """Raise the refusal unless the reply is the one wanted, or 251, a 250 that forwards."""
        code, reply = answer
        if code not in (wanted, 251):
            self._reset()
            raise refused(code, reply)

    def _reset(self):
        try:
            self._connection.rset()
        except BROKEN:
            self.abandon()

    def _connect(self):
        try:
            self._smtp = smtp = smtplib.SMTP(self.host, self.port, timeout=settings.MAIL_SERVER_SECONDS)
            # The dot follows the email in a packet of its own. With Nagle's algorithm it would wait for the delayed
            # acknowledgment of the email, 40 ms each (RFC 896, RFC 1122).
            if smtp.sock is None:
                raise smtplib.SMTPServerDisconnected("no connection")
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
            smtp.ehlo_or_helo_if_needed()
            if self.username:
                smtp.starttls(context=ssl.create_default_context())
                smtp.login(self.username, self.password)
        except (OSError, smtplib.SMTPException) as error:
            self.abandon()
            raise NoConnection(f"no connection to the mail server ({type(error).__name__})") from error

    def commit(self) -> None:
        """Send the final dot and read the one reply that counts."""
        try:
            self._connection.send(b".\r\n")
            code, reply = self._connection.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.abandon()
            raise NoAnswer(UNANSWERED) from error
        self._is_in_email = False
        if code == 421:
            self.abandon()
        if 400 <= code < 600:
            raise refusal(code, reply)
        if code != 250:  # a truncated or invalid reply: the server may have accepted the email
            self.abandon()
            raise NoAnswer(UNANSWERED)

    def abandon(self) -> None:
        """Drop the connection: a message without its final dot is not delivered."""
        if self._smtp:
            self._smtp.close()
            self._smtp = None
        self._is_in_email = False
