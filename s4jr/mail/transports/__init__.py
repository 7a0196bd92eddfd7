"""Email transports. A transport prepares an email up to the last step, which is separate from the rest.

with transport_for(url) as transport:
    transport.prepare(email)   # may be undone: OurFault, PolicyRefusal, RefusedForNow, RefusedForGood (`errors`)
    transport.commit()          # cannot be undone: also NoAnswer
    transport.abandon()         # instead of commit(): the email is not sent
"""

from typing import Protocol, Self
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from s4jr.mail.models import OutgoingEmail
from s4jr.mail.transports.files import FileTransport
from s4jr.mail.transports.smtp import SmtpTransport


class Transport(Protocol):
    def __enter__(self) -> Self: ...

    def __exit__(self, *exc_info: object) -> None: ...

    def prepare(self, email: OutgoingEmail) -> None: ...

    def commit(self) -> None: ...

    def abandon(self) -> None: ...


def transport_for(url: str) -> Transport:
    """The transport for an EMAIL_URL: `submission://` (STARTTLS), `submissions://` (TLS from the start), `smtp://`
    (loopback) or `file:///folder`.

    `s4jr.checks` has refused anything else before.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return FileTransport(unquote(parts.path))
    if parts.hostname is None:
        raise ImproperlyConfigured("EMAIL_URL names no mail server.")
    if parts.scheme == "smtp":
        return SmtpTransport(parts.hostname, parts.port or 25)
    username, password = unquote(parts.username or ""), unquote(parts.password or "")
    implicit_tls = parts.scheme == "submissions"
    port = parts.port or (465 if implicit_tls else 587)
    return SmtpTransport(parts.hostname, port, username, password, implicit_tls=implicit_tls)
