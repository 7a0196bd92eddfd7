"""Messages that come back, as mail servers, programs and people write them, and the emails that they are about."""

from s4jr.mail.delivery import send_what_is_due
from s4jr.mail.models import OutgoingEmail
from tests import cast

SYSTEM = "Mail Delivery System <MAILER-DAEMON@mx.example>"
#: Two of the free forms, without a reply of the other server.
QMAIL = """\
Hi. This is the qmail-send program at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<rosalind@mailbox.example>:
{reply}

--- Below this line is a copy of the message.

Subject: A subject
"""
EXIM = """\
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  rosalind@mailbox.example
    SMTP error from remote mail server after RCPT TO:<rosalind@mailbox.example>:
    {reply}

------ This is a copy of the message, including all the headers. ------
"""


def sent(smtp_sink, **said):
    """An email that was sent, and its return address."""
    email = cast.written(**said)
    send_what_is_due()
    email.refresh_from_db()
    return email, smtp_sink.deliveries[-1].sender


def message(*headers, body="", to=""):
    """A message in bytes. `to` is the address it was delivered to."""
    delivered = [f"Delivered-To: {to}"] if to else []
    return "\r\n".join([*delivered, *headers, "", body]).encode()


def dsn(to, *statuses, copy="Subject: A subject\r\n\r\nA body.\r\n"):
    """A delivery status notification (RFC 3464); each of `statuses` is the block about one recipient."""
    parts = [
        "Content-Type: text/plain\r\n\r\nYour email could not be delivered.",
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n" + "\r\n".join(statuses),
        f"Content-Type: message/rfc822\r\n\r\n{copy}",
    ]
    report = 'multipart/report; report-type=delivery-status; boundary="parted"'
    body = "".join(f"--parted\r\n{part}\r\n" for part in parts) + "--parted--\r\n"
    headers = [
        "Return-Path: <>",
        f"From: {SYSTEM}",
        "Subject: Undelivered Mail Returned to Sender",
        "MIME-Version: 1.0",
    ]
    return message(*headers, f"Content-Type: {report}", body=body, to=to)


def status(code="5.1.1", action="failed", diagnostic="", final=cast.ADDRESS, original=""):
    """The block of a delivery status about one recipient."""
    lines = [f"Final-Recipient: rfc822; {final}", f"Action: {action}", f"Status: {code}"]
    lines += [f"Original-Recipient: rfc822; {original}"] if original else []
    lines += [f"Diagnostic-Code: smtp; {diagnostic}"] if diagnostic else []
    return "\r\n".join(lines) + "\r\n"


def reply(to_email, *headers, sender=cast.ADDRESS, subject="Re: A subject"):
    """What a person writes who replies to an email of ours."""
    answered = f"In-Reply-To: <{to_email.pk}@127.0.0.1>"
    own = [f"From: Rosalind <{sender}>", f"Subject: {subject}", "Message-ID: <heron-1@mailbox.example>"]
    return message(*own, answered, *headers, body="The heron stands in the reeds.", to="hello@localhost")


def state_of(email):
    return OutgoingEmail.objects.values_list("state", flat=True).get(pk=email.pk)


def answers():
    """The automatic answers in the outbox."""
    return list(OutgoingEmail.objects.filter(kind="auto-reply"))
