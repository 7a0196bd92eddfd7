"""Emails over SMTP (RFC 5321), with the final dot apart: until it is sent the other side must not deliver.

Many emails go over one connection. Errors keep the server's codes and drop its words, which repeat the address.
"""

import re
import smtplib
import socket
import ssl

from django.conf import settings

from s4jr.mail.transports.errors import NoAnswer, NoConnection, NoMailbox, RefusedForGood, RefusedForNow
from s4jr.mail.transports.message import as_wire, wire_address

ENHANCED_CODE = re.compile(rb"\b[245]\.\d{1,3}\.\d{1,3}\b")
#: Answers to RCPT that mean "no such mailbox" (RFC 5321, 4.2.3), and the enhanced codes (RFC 3463, 3.2; RFC 7505) that
#: decide where there is one: of 5.1.x those that speak of the reader's address and not of ours.
NO_MAILBOX = {550, 551, 553}
NO_MAILBOX_ENHANCED = {b"5.1.1", b"5.1.2", b"5.1.3", b"5.1.4", b"5.1.6", b"5.1.10"}
#: Servers without enhanced codes answer 550 to whom they distrust, too. That says nothing of the reader's mailbox.
DISTRUST = re.compile(rb"relay|spam|block|polic|sender|authenticat", re.IGNORECASE)
LINE_STARTS_WITH_DOT = re.compile(rb"^\.", re.MULTILINE)
UNANSWERED = "the mail server did not answer after the email was handed over"
BROKEN = (OSError, smtplib.SMTPException)


def refusal(code, reply):
    """The exception for an answer that is not a yes."""
    enhanced = ENHANCED_CODE.search(reply or b"")
    words = f"the mail server answered {code} {enhanced.group().decode() if enhanced else ''}".rstrip()
    return RefusedForGood(words) if 500 <= code < 600 else RefusedForNow(words)


def recipient_refusal(code, reply):
    """The same for an answer to RCPT, which may say that there is no such mailbox."""
    refused, enhanced = refusal(code, reply), ENHANCED_CODE.search(reply or b"")
    if enhanced:
        is_gone = code >= 500 and enhanced.group() in NO_MAILBOX_ENHANCED
    else:
        is_gone = code in NO_MAILBOX and not DISTRUST.search(reply or b"")
    return NoMailbox(str(refused)) if is_gone else refused


class SmtpTransport:
    def __init__(self, host, port, username=None, password=None):
        self.host, self.port, self.username, self.password = host, port, username, password
        self._smtp = None
        self._is_in_email = False

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        if self._is_in_email:  # something failed between the email and its dot: a QUIT would be read as its words
            self.abandon()
        if self._smtp:
            try:
                self._smtp.quit()
            except BROKEN:
                self._smtp.close()

    def prepare(self, email):
        """Everything but the final dot. A connection that went stale since the last email is opened anew, once."""
        raw = as_wire(email)
        try:
            self._start(email, fresh=self._smtp is None)
            self._expect(354, self._smtp.docmd("DATA"))
            self._is_in_email = True
            self._smtp.send(LINE_STARTS_WITH_DOT.sub(b"..", raw))
        except BROKEN as error:
            self.abandon()
            raise RefusedForNow("the connection broke before the email was handed over") from error

    def _start(self, email, fresh):
        if fresh:
            self._connect()
        try:
            self._expect(250, self._smtp.mail(settings.MAIL_FROM, self._options(email)))
        except BROKEN:
            if fresh:
                raise
            self.abandon()
            return self._start(email, fresh=True)
        return self._expect(250, self._smtp.rcpt(wire_address(email.to)), recipient_refusal)

    def _options(self, email):
        if wire_address(email.to).isascii():
            return []
        if not self._smtp.has_extn("smtputf8"):
            raise RefusedForGood("the mail server does not take addresses in this script")
        return ["SMTPUTF8"]

    def _expect(self, wanted, answer, refused=refusal):
        """Raise the refusal unless the answer is the one wanted, or 251, a 250 that forwards."""
        code, reply = answer
        if code not in (wanted, 251):
            self._reset()
            raise refused(code, reply)

    def _reset(self):
        try:
            self._smtp.rset()
        except BROKEN:
            self.abandon()

    def _connect(self):
        try:
            self._smtp = smtplib.SMTP(self.host, self.port, timeout=settings.MAIL_SERVER_SECONDS)
            # The dot follows the email in a packet of its own. Held back until the other side has acknowledged the
            # email, which it does when it feels like it, each email would take 40 ms more (RFC 896, RFC 1122).
            self._smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
            self._smtp.ehlo_or_helo_if_needed()
            if self.username:
                self._smtp.starttls(context=ssl.create_default_context())
                self._smtp.login(self.username, self.password)
        except (OSError, smtplib.SMTPException) as error:
            self.abandon()
            raise NoConnection(f"no connection to the mail server ({type(error).__name__})") from error

    def commit(self):
        """The final dot, and the one answer that counts."""
        try:
            self._smtp.send(b".\r\n")
            code, reply = self._smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.abandon()
            raise NoAnswer(UNANSWERED) from error
        self._is_in_email = False
        if code == 421:
            self.abandon()
        if 400 <= code < 600:
            raise refusal(code, reply)
        if code != 250:  # cut off in the middle, or no word of this language: it may have taken the email
            self.abandon()
            raise NoAnswer(UNANSWERED)

    def abandon(self):
        """Drop the connection: a message without its final dot is not delivered."""
        if self._smtp:
            self._smtp.close()
            self._smtp = None
        self._is_in_email = False
