"""An email as an Internet message (RFC 5322): plain text, neutral headers, nothing that tells on its reader."""

from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit

from django.conf import settings

from s4jr.mail.addresses import AMBIGUOUS
from s4jr.mail.emails import stop_link
from s4jr.mail.transports.errors import RefusedForGood


def wire_address(address):
    """The address as SMTP takes it: its domain in ASCII, its local part as it is. RefusedForGood if there is none."""
    local, _, domain = address.rpartition("@")
    if AMBIGUOUS.search(address):
        raise RefusedForGood("the address cannot be written to")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        raise RefusedForGood("the address cannot be written to") from None


def as_wire(email):
    """The email as the bytes that travel. Headers are not folded: an address inside one would be encoded past use."""
    message = as_message(email)
    return message.as_bytes(policy=message.policy.clone(max_line_length=998))


def as_message(email):
    """The email as an EmailMessage. The same email gives the same Message-ID each time, so doubles can be seen."""
    to = wire_address(email.to)
    message = EmailMessage(policy=policy.SMTP if to.isascii() else policy.SMTPUTF8)
    stop = stop_link(email.to_index, email.kind, email.language)
    message["From"] = settings.MAIL_FROM
    message["To"] = to
    message["Subject"] = " ".join(email.subject.split())
    message["Date"] = format_datetime(email.created_at)
    message["Message-ID"] = f"<{email.pk}@{urlsplit(settings.EMAIL_LINK_URL).hostname}>"
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{stop}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(email.body, cte="7bit" if email.body.isascii() else "quoted-printable")
    return message
