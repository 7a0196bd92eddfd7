"""What the mail server of EMAIL_URL does when we connect, encrypt and sign in, without sending an email."""

import smtplib
import ssl
import threading
import time
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

PORTS = {"smtp": 25, "submission": 587, "submissions": 465}
#: OpenSSL's numbers for a certificate that is not valid: X509_V_ERR_CERT_NOT_YET_VALID and the like.
EXPIRED, NOT_YET_VALID, WRONG_NAME, WRONG_IP = 10, 9, 62, 64


class MailServer(NamedTuple):
    """The mail server that an EMAIL_URL names. With `smtp://` it is one of ours, on this machine."""

    scheme: str
    host: str
    port: int
    username: str
    password: str

    @property
    def is_ours(self) -> bool:
        return self.scheme == "smtp"


class Trouble(Enum):
    UNREACHABLE = "no connection"
    CLOSED = "nothing listens on the port"
    SILENT = "no answer in time"
    BROKEN = "the connection broke"
    NO_TLS = "no STARTTLS"
    TLS_FAILED = "no agreement on TLS"
    EXPIRED = "certificate expired"
    NOT_YET_VALID = "certificate not valid yet"
    WRONG_NAME = "certificate for another name"
    UNTRUSTED = "certificate of an unknown authority"
    NO_SIGN_IN = "no sign-in offered"
    WRONG_PASSWORD = "sign-in refused"  # noqa: S105  no password
    NO_SIGN_IN_NOW = "sign-in does not work right now"


#: What kept us from looking, as opposed to what is wrong.
SAYS_NOTHING = {Trouble.UNREACHABLE, Trouble.SILENT, Trouble.BROKEN, Trouble.NO_SIGN_IN_NOW}
CERTIFICATE_TROUBLES = {
    EXPIRED: Trouble.EXPIRED,
    NOT_YET_VALID: Trouble.NOT_YET_VALID,
    WRONG_NAME: Trouble.WRONG_NAME,
    WRONG_IP: Trouble.WRONG_NAME,
}


@dataclass
class ServerFacts:
    """How far the connection got, and the trouble that ended it. `name` is what the server calls itself."""

    answers: bool = False
    name: str = ""
    tls: str = ""
    days_left: float = 0
    is_signed_in: bool = False
    trouble: Trouble | None = None


def mail_server_of(url: str) -> MailServer:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, 587)
    return MailServer(parts.scheme, host, port, unquote(parts.username or ""), unquote(parts.password or ""))


class ServerProbe:
    """Connects in a thread, so that neither a slow server nor the lookup of its name can hold up a page.

    probe = ServerProbe(server, seconds, our_name)
    …
    facts = probe.facts()   # after at most `seconds` since the start
    """

    def __init__(self, server: MailServer, seconds: float, our_name: str) -> None:
        self._server, self._our_name = server, our_name
        self._seconds, self._until = seconds, time.monotonic() + seconds
        self._facts = ServerFacts()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def facts(self) -> ServerFacts:
        self._thread.join(max(0, self._until - time.monotonic()))
        if self._thread.is_alive():
            return ServerFacts(trouble=Trouble.SILENT)
        return self._facts

    def _look(self):
        try:
            with self._connect() as smtp:
                self._read_greeting(smtp)
                self._encrypt_and_sign_in(smtp)
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            # Once we are signed in, all is known. A server that ends the connection without a word changes nothing.
            if not self._facts.is_signed_in:
                self._facts.trouble = self._facts.trouble or _trouble_of(error, self._facts.answers)

    def _connect(self):
        where = (self._server.host, self._server.port, self._our_name)
        if self._server.scheme == "submissions":
            return smtplib.SMTP_SSL(*where, timeout=self._seconds, context=ssl.create_default_context())
        return smtplib.SMTP(*where, timeout=self._seconds)

    def _read_greeting(self, smtp):
        self._facts.answers = True
        smtp.ehlo_or_helo_if_needed()
        greeting = smtp.ehlo_resp or smtp.helo_resp or b""
        self._facts.name = (greeting.decode("ascii", "replace").split() or [""])[0].lower()

    def _encrypt_and_sign_in(self, smtp):
        if self._server.is_ours:
            return
        if self._server.scheme == "submission":
            if not smtp.has_extn("starttls"):
                self._facts.trouble = Trouble.NO_TLS
                return
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        self._facts.tls = smtp.sock.version()
        ends_at = ssl.cert_time_to_seconds(smtp.sock.getpeercert()["notAfter"])
        self._facts.days_left = (ends_at - time.time()) / 86400
        smtp.login(self._server.username, self._server.password)
        self._facts.is_signed_in = True


def _trouble_of(error: Exception, answers: bool) -> Trouble:
    if isinstance(error, ssl.SSLCertVerificationError):
        return CERTIFICATE_TROUBLES.get(error.verify_code, Trouble.UNTRUSTED)
    if isinstance(error, ssl.SSLError):
        return Trouble.TLS_FAILED
    if isinstance(error, UnicodeError):  # smtplib takes passwords in ASCII only; a label of a host name was too long
        return Trouble.WRONG_PASSWORD if answers else Trouble.UNREACHABLE
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Trouble.WRONG_PASSWORD if error.smtp_code >= 500 else Trouble.NO_SIGN_IN_NOW
    # smtplib's own words, and not a reply: there is no AUTH, or none of the kinds that it knows.
    if isinstance(error, smtplib.SMTPNotSupportedError) or type(error) is smtplib.SMTPException:
        return Trouble.NO_SIGN_IN
    if isinstance(error, ConnectionRefusedError):
        return Trouble.CLOSED
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return Trouble.SILENT
    return Trouble.BROKEN if isinstance(error, smtplib.SMTPException) else Trouble.UNREACHABLE
