"""How emails leave. A transport prepares an email up to the last step and takes that step apart from the rest.

with transport_for(url) as transport:
    transport.prepare(email)   # may be undone: RefusedForNow, RefusedForGood, NoMailbox, NoConnection (`errors`)
    transport.commit()          # cannot be undone: also NoAnswer
    transport.abandon()         # instead of commit(): the email does not leave
"""

from urllib.parse import unquote, urlsplit

from s4jr.mail.transports.files import FileTransport
from s4jr.mail.transports.smtp import SmtpTransport


def transport_for(url):
    """The transport that an EMAIL_URL names: `submission://`, `smtp://` (loopback) or `file:///folder`.

    `s4jr.checks` has refused anything else before this is reached.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return FileTransport(unquote(parts.path))
    if parts.scheme == "smtp":
        return SmtpTransport(parts.hostname, parts.port or 25)
    return SmtpTransport(parts.hostname, parts.port or 587, unquote(parts.username), unquote(parts.password))
