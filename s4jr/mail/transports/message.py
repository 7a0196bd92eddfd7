"""An email as an Internet message (RFC 5322): plain text, with neutral headers that reveal nothing about its reader."""

from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit

from django.conf import settings

from s4jr.mail.emails import stop_link
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.transports.addresses import wire_address


def as_wire(email: OutgoingEmail) -> bytes:
    """The email as bytes for the mail server. Headers are not folded: that would encode an address beyond use."""
    message = as_message(email)
    return message.as_bytes(policy=message.policy.clone(max_line_length=998))


def as_message(email: OutgoingEmail) -> EmailMessage:
    """The email as an EmailMessage. The same email always has the same Message-ID, so duplicates can be recognized."""
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
