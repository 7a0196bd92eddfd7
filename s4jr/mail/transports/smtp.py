"""Emails over SMTP (RFC 5321), with the final dot separate: until it is sent the server must not deliver.

Many emails use one connection. Errors keep the server's codes and drop its words, which repeat the address.
"""

import re
import smtplib
import socket
import ssl
from typing import Self

from django.conf import settings

from s4jr.mail.models import OutgoingEmail, SendingPause
from s4jr.mail.return_address import assign_return_address
from s4jr.mail.transports.addresses import wire_address
from s4jr.mail.transports.errors import NoAnswer, OurFault, RefusedForGood, RefusedForNow
from s4jr.mail.transports.message import as_wire
from s4jr.mail.transports.replies import Step, refusal

LINE_STARTS_WITH_DOT = re.compile(rb"^\.", re.MULTILINE)
UNANSWERED = "the mail server did not answer after the email was handed over"
BROKEN = (OSError, smtplib.SMTPException)
Cause = SendingPause.Cause


class SmtpTransport:
    """With a username, the connection is encrypted before the sign-in: by STARTTLS, or from the start (RFC 8314)."""

    def __init__(
        self, host: str, port: int, username: str = "", password: str = "", *, implicit_tls: bool = False
    ) -> None:
        self.host, self.port, self.username, self.password = host, port, username, password
        self.implicit_tls = implicit_tls
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
        self._begin(email)
        try:
            self._expect(Step.RECIPIENT, 250, self._connection.rcpt(wire_address(email.to)))
            self._expect(Step.DATA, 354, self._connection.docmd("DATA"))
            self._is_in_email = True
            self._connection.send(LINE_STARTS_WITH_DOT.sub(b"..", raw))
        except BROKEN as error:
            self.abandon()
            raise RefusedForNow("the connection broke before the email was handed over") from error

    def _begin(self, email: OutgoingEmail) -> None:
        """Connect and name the sender. Nothing that goes wrong here is about the reader."""
        fresh = self._smtp is None
        try:
            if fresh:
                self._connect()
            answer = self._connection.mail(assign_return_address(email), self._options(email))
            if answer[0] == 421 and not fresh:  # enough emails for one connection, or it was idle for too long
                raise smtplib.SMTPServerDisconnected("the connection is over")
            self._expect(Step.SENDER, 250, answer)
        except BROKEN as error:
            self.abandon()
            if fresh:
                raise OurFault(Cause.UNREACHABLE, _no_connection(error)) from error
            self._begin(email)

    def _options(self, email: OutgoingEmail) -> list[str]:
        if wire_address(email.to).isascii():
            return []
        if not self._connection.has_extn("smtputf8"):
            raise RefusedForGood("the mail server does not take addresses in this script")
        return ["SMTPUTF8"]

    def _expect(self, step: Step, wanted: int, answer: tuple[int, bytes]) -> None:
        """Raise the refusal unless the reply is the one wanted. 251 is a 250 to a recipient that forwards."""
        code, reply = answer
        if code != wanted and (step, code) != (Step.RECIPIENT, 251):
            self._reset()
            raise refusal(step, code, reply)

    def _reset(self):
        try:
            self._connection.rset()
        except BROKEN:
            self.abandon()

    def _connect(self):
        """Connect, encrypt and sign in. Raises OurFault, which names the step that failed."""
        step = Step.BANNER
        try:
            self._smtp = smtp = self._open()
            step = Step.EHLO
            smtp.ehlo_or_helo_if_needed()
            if self.username and not self.implicit_tls:
                step = Step.STARTTLS
                smtp.starttls(context=ssl.create_default_context())
            if self.username:
                step = Step.SIGN_IN
                smtp.login(self.username, self.password)
        except BROKEN as error:
            self.abandon()
            raise _connection_fault(step, error) from error

    def _open(self) -> smtplib.SMTP:
        if self.implicit_tls:
            context = ssl.create_default_context()
            smtp = smtplib.SMTP_SSL(self.host, self.port, timeout=settings.MAIL_SERVER_SECONDS, context=context)
        else:
            smtp = smtplib.SMTP(self.host, self.port, timeout=settings.MAIL_SERVER_SECONDS)
        # The dot follows the email in a packet of its own. With Nagle's algorithm it would wait for the delayed
        # acknowledgment of the email, 40 ms each (RFC 896, RFC 1122).
        if smtp.sock is None:
            raise smtplib.SMTPServerDisconnected("no connection")
        smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        return smtp

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
            raise refusal(Step.DOT, code, reply)
        if code != 250:  # a truncated or invalid reply: the server may have accepted the email
            self.abandon()
            raise NoAnswer(UNANSWERED)

    def abandon(self) -> None:
        """Drop the connection: a message without its final dot is not delivered."""
        if self._smtp:
            self._smtp.close()
            self._smtp = None
        self._is_in_email = False


def _connection_fault(step: Step, error: Exception) -> Exception:
    """What an error of `smtplib` before the first email says about us."""
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error if isinstance(error.smtp_error, bytes) else str(error.smtp_error).encode()
        return refusal(step, error.smtp_code, text)
    if isinstance(error, ssl.SSLError):
        return OurFault(Cause.CERTIFICATE, f"no encrypted connection to the mail server ({type(error).__name__})")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        cause = Cause.CERTIFICATE if step == Step.STARTTLS else Cause.SIGN_IN
        return OurFault(cause, f"the mail server does not offer {step}")
    return OurFault(Cause.UNREACHABLE, _no_connection(error))


def _no_connection(error: Exception) -> str:
    return f"no connection to the mail server ({type(error).__name__})"
