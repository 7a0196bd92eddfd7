"""An email as an Internet message (RFC 5322): plain text, with neutral headers that reveal nothing about its reader.

The bytes are written here and not by `email.message`, which encodes an address that is longer than a line as if it were
text, so that no server can read it. Lines end with CR LF and have at most 78 characters, except for one that holds
a single long word, such as an address or a link; none has more than 998 octets.
"""

import re
from email.header import Header
from email.quoprimime import body_encode
from email.utils import format_datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from s4jr.mail.emails import stop_link
from s4jr.mail.kinds import AUTO_REPLY
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.transports.addresses import wire_address

#: Octets in a line, without CR LF: what it should have, and what it must not exceed (RFC 5322, 2.1.1).
LINE, LONGEST_LINE = 78, 998
#: An encoded word has at most 75 characters (RFC 2047), and a space stands before it.
ENCODED_LINE = 76
#: What a header can hold as it is. "=?" would be read as the beginning of an encoded word.
PLAIN_WORDS = re.compile(r"(?!.*=\?)[\x20-\x7e]*")
PLAIN_BODY = re.compile(rf"(?:[\t\x20-\x7e]{{0,{LINE}}}\n)*[\t\x20-\x7e]{{0,{LINE}}}")
#: Spaces and line ends of every kind, except for the no-break spaces that French needs.
SPACES = re.compile(r"[^\S\u00a0\u202f]+")
ANY_LINE_END = re.compile(r"\r\n?|\n")


def as_wire(email: OutgoingEmail) -> bytes:
    """The email as bytes for the mail server, dated now. The same email always has the same Message-ID."""
    encoding, body = _encode_body(email.body)
    host = urlsplit(settings.EMAIL_LINK_URL).hostname or "localhost"
    headers = [
        _write_header("From", wire_address(settings.MAIL_FROM)),
        _write_header("To", wire_address(email.to)),
        _write_subject(SPACES.sub(" ", email.subject).strip(" ")),
        _write_header("Date", format_datetime(timezone.now())),
        _write_header("Message-ID", f"<{email.pk}@{host}>"),
        _write_header("Auto-Submitted", "auto-replied" if email.kind == AUTO_REPLY else "auto-generated"),
        *(_write_header(name, email.in_reply_to) for name in ("In-Reply-To", "References") if email.in_reply_to),
        _write_header("List-Unsubscribe", f"<{stop_link(email.to_index, email.kind, email.language)}>"),
        _write_header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        _write_header("MIME-Version", "1.0"),
        _write_header("Content-Type", 'text/plain; charset="utf-8"'),
        _write_header("Content-Transfer-Encoding", encoding),
    ]
    return "".join(f"{header}\r\n" for header in headers).encode() + b"\r\n" + body.encode("ascii")


def _write_header(name: str, value: str) -> str:
    """A header whose value is one word that must not be broken. It goes on the second line if it fits only there."""
    line = f"{name}: {value}"
    return f"{name}:\r\n {value}" if len(value.encode()) < LINE < len(line.encode()) else line


def _write_subject(subject: str) -> str:
    """The subject, folded at its spaces; in encoded words (RFC 2047) if it isn't plain, or a word fills a line."""
    is_plain = PLAIN_WORDS.fullmatch(subject) and all(len(word) < LINE - 1 for word in subject.split(" "))
    charset, at_most = ("us-ascii", LINE) if is_plain else ("utf-8", ENCODED_LINE)
    folded = Header(subject, charset, maxlinelen=at_most, header_name="Subject").encode(linesep="\r\n")
    return f"Subject: {folded}" if folded else "Subject:"


def _encode_body(body: str) -> tuple[str, str]:
    """The transfer encoding and the encoded body: as it is if its lines are short and ASCII, else quoted-printable."""
    body = ANY_LINE_END.sub("\n", body)
    if PLAIN_BODY.fullmatch(body):
        return "7bit", body.replace("\n", "\r\n")
    return "quoted-printable", body_encode(body.encode().decode("latin-1"), maxlinelen=76, eol="\r\n")
