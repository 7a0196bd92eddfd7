"""How letters leave. A transport prepares a letter up to the last step and takes that step apart from the rest.

with transport_for(url) as transport:
    transport.prepare(letter)   # may be undone: RefusedForNow, RefusedForGood, NoMailbox, NoConnection
    transport.commit()          # cannot be undone: also NoAnswer
    transport.abandon()         # instead of commit(): the letter does not leave
"""

from urllib.parse import unquote, urlsplit


class NoConnection(Exception):
    """The mail server is away or does not let us in: no letter can leave now."""


class RefusedForNow(Exception):
    """This letter did not leave; another try may go through."""


class RefusedForGood(Exception):
    """This letter will never be taken."""


class NoMailbox(RefusedForGood):
    """The mail server knows of no such mailbox: this letter and any other to it would come back."""


class NoAnswer(Exception):
    """The letter was handed over and nothing came back: it may or may not have been taken."""


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
