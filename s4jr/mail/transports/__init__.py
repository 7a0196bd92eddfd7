"""How emails leave. A transport prepares an email up to the last step and takes that step apart from the rest.

with transport_for(url) as transport:
    transport.prepare(email)   # may be undone: RefusedForNow, RefusedForGood, NoMailbox, NoConnection
    transport.commit()          # cannot be undone: also NoAnswer
    transport.abandon()         # instead of commit(): the email does not leave
"""

from urllib.parse import unquote, urlsplit


class NoConnection(Exception):
    """The mail server is away or does not let us in: no email can leave now."""


class RefusedForNow(Exception):
    """This email did not leave; another try may go through."""


class RefusedForGood(Exception):
    """This email will never be taken."""


class NoMailbox(RefusedForGood):
    """The mail server knows of no such mailbox: this email and any other to it would come back."""


class NoAnswer(Exception):
    """The email was handed over and nothing came back: it may or may not have been taken."""


def transport_for(url):
    """The transport that an EMAIL_URL names: `submission://`, `smtp://` (loopback) or `file:///folder`.

    `s4jr.checks` has refused anything else before this is reached.
    """
    from s4jr.mail.transports.files import FileTransport
    from s4jr.mail.transports.smtp import SmtpTransport

    parts = urlsplit(url)
    if parts.scheme == "file":
        return FileTransport(unquote(parts.path))
    if parts.scheme == "smtp":
        return SmtpTransport(parts.hostname, parts.port or 25)
    return SmtpTransport(parts.hostname, parts.port or 587, unquote(parts.username), unquote(parts.password))
