"""An email as it goes over the wire: parsed, and checked byte by byte (RFC 5322, RFC 2047)."""

import email
import email.policy
import re

from s4jr.mail.transports.message import as_wire

ENCODED_WORD = re.compile(rb"=\?[^?\s]+\?[BQbq]\?[^?\s]*\?=")
HEADER = re.compile(rb"[A-Za-z-]+: ?|[A-Za-z-]+:\Z")


def message_of(row):
    """The email that leaves for this row of the outbox, as an `email.message.EmailMessage`."""
    return email.message_from_bytes(as_wire(row), policy=email.policy.default)


def wire_problems(raw, *, ascii_headers=True):
    """What is wrong with the bytes of an email, a sentence each; none if they are well-formed."""
    head, empty, body = raw.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    problems = {
        "no empty line after the headers": not empty,
        "CR or LF alone": re.search(rb"\r(?!\n)|(?<!\r)\n", raw),
        "a line has more than 998 octets": any(len(line) > 998 for line in raw.split(b"\r\n")),
        "a header is not ASCII": ascii_headers and not head.isascii(),
        "the body is not ASCII": not body.isascii(),
        "a control character": re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", raw),
        "an encoded word is longer than 75": any(len(word) > 75 for word in ENCODED_WORD.findall(head)),
        "an encoded word is not alone": any(b"=?" in ENCODED_WORD.sub(b"", word) for word in head.split()),
        "a line that could be folded is not": any(len(line) > 78 and _could_be_folded(line) for line in lines),
        "a body line is longer than 78": any(len(line) > 78 for line in body.split(b"\r\n")),
        "a header without a name": not all(line[:1] in b" \t" or HEADER.match(line) for line in lines),
        "a folded line of spaces only": any(not line.strip() for line in lines),
    }
    return [problem for problem, is_so in problems.items() if is_so]


def _could_be_folded(line):
    """Whether a line has a space to fold it at. Behind the name of its header stands one word that fits nowhere."""
    name, _, value = line.strip().rpartition(b": ") if HEADER.match(line) else (b"", b"", line.strip())
    return b" " in value or (len(value) < 78 and bool(name))
