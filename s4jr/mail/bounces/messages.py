"""A message from outside, read within limits: strangers can send anything to the return address.

Only the beginning is read. A message with so many parts or so long a header that reading it would take long is not read
at all. Nothing here raises on hostile input: what can't be understood is empty.
"""

import re
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import getaddresses

from s4jr.mail.return_address import token_in

#: Bytes. Ours have a few thousand, and a report comes before the copy of the email.
READ_AT_MOST = 131_072
#: A report has three parts, and its copy of an email of ours one.
PARTS, NESTED = 60, 10
#: Each line is compared with the boundaries of all parts that it is in.
LINES_AT_MOST = 5000
#: Reading a header's parameters takes time with the square of its length.
HEADER_AT_MOST, VALUES_AT_MOST = 2000, 20
_BOUNDARY = re.compile(rb"boundary[*0-9]*\s*=", re.IGNORECASE)
_CONTENT_HEADER = re.compile(rb"^content-[a-z-]*:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)
#: Headers in which mail servers write the address that a message was delivered to, and its own.
_RECIPIENTS = ("Delivered-To", "X-Original-To", "X-Delivered-To", "Envelope-To", "X-Envelope-To", "To")


def read_message(raw: bytes) -> Message | None:
    """The message in these bytes, or None if it is too complicated."""
    raw = raw[:READ_AT_MOST].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if _is_too_complicated(raw):
        return None
    return BytesParser(policy=compat32).parsebytes(raw)


def _is_too_complicated(raw: bytes) -> bool:
    headers = _CONTENT_HEADER.findall(raw)
    return (
        raw.count(b"\n") > LINES_AT_MOST
        or len(headers) > PARTS
        or raw.count(b"\n--") > PARTS
        or len(_BOUNDARY.findall(raw)) > NESTED
        or any(len(header) > HEADER_AT_MOST for header in headers)
    )


def header_values(message: Message, name: str) -> list[str]:
    """The values of a header, encoded as they came. Bytes without an encoding are usually UTF-8 (RFC 6532)."""
    values = [str(value) for key, value in message.raw_items() if key.lower() == name.lower()][:VALUES_AT_MOST]
    return [value[:HEADER_AT_MOST].encode("utf-8", "surrogateescape").decode(errors="replace") for value in values]


def header_text(message: Message, name: str) -> str:
    """The first value of a header in words; "" if there is none. Unknown character sets stay encoded."""
    value = "".join(header_values(message, name)[:1])
    try:
        return str(make_header(decode_header(value)))
    except (MessageError, LookupError, ValueError):
        return value


def addresses_in(message: Message, *names: str) -> list[str]:
    """The addresses in these headers."""
    values = [value for name in names for value in header_values(message, name)]
    try:
        return [address for _, address in getaddresses(values) if "@" in address]
    except RecursionError:  # comments in comments
        return []


def returned_token(message: Message, recipient: str = "") -> str:
    """The token of the return address that the message was sent to: `recipient`, or what its headers say.

    "" if there is none, or more than one. A token anywhere else in the message counts for nothing.
    """
    named = recipient.strip().removeprefix("<").removesuffix(">")
    addresses = [named] if named else addresses_in(message, *_RECIPIENTS)
    tokens = {token for address in addresses if (token := token_in(address))}
    return tokens.pop() if len(tokens) == 1 else ""


def payload_of(part: Message) -> list[Message] | str:
    """The parts of a part, or its text as it came; "" if a parameter of its header makes Python fail."""
    try:
        payload = part.get_payload()
    except (TypeError, LookupError, ValueError):  # charset*=x''y with letters outside ASCII
        return ""
    if isinstance(payload, list):
        return [inner for inner in payload if isinstance(inner, Message)]
    return str(payload)


def plain_text(message: Message) -> str:
    """The first text of a message, in which only ASCII letters are sure to be right."""
    for part in message.walk():
        if part.get_content_maintype() == "text":
            payload = part.get_payload(decode=True)
            return payload.decode("ascii", "replace") if isinstance(payload, bytes) else ""
    return ""
