"""What a mail server reports about an email of ours: a delivery status (RFC 3464), or one of the usual free forms.

A report is what a stranger wrote. It says neither whose email it is about (the token does) nor which address to stop:
the addresses in it can only keep a stop from being made.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email import message_from_string
from email.message import Message
from enum import StrEnum, auto

from flufl.bounce import all_failures

from s4jr.mail.bounces.messages import addresses_in, header_values, payload_of, plain_text
from s4jr.mail.transports.replies import DISTRUST, NO_MAILBOX_ENHANCED, RELAY

#: How many recipients of one report are read. Each email of ours has one.
RECIPIENTS_AT_MOST = 20
#: Characters of a free form: its text comes first, then often a copy of the email.
TEXT_AT_MOST = 8000
#: An enhanced code (RFC 3463), and not the beginning of an IP address.
_CODE = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)")
_COMMENT = re.compile(r"\([^()]*\)")
_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
_MAIL_SYSTEMS = re.compile(r"(mailer-?daemon|postmaster|mail-?system|mdaemon)\b", re.IGNORECASE)


class Verdict(StrEnum):
    NO_MAILBOX = auto()
    #: It was not delivered, and no one tries again.
    FAILED = auto()
    DELAYED = auto()
    #: A report that changes nothing: delivered, read, partly delivered, not understood.
    NOTHING = auto()


@dataclass(frozen=True)
class Report:
    """`code` is an enhanced code or empty; `addresses` are those it names as the email's recipient."""

    verdict: Verdict
    code: str = ""
    addresses: frozenset[str] = frozenset()


def read_delivery_status(message: Message) -> Report | None:
    """The report in a message that is made to be read by programs; None if it is none."""
    statuses = _delivery_statuses(message)
    if statuses is not None:
        return _report_of(statuses)
    return Report(Verdict.NOTHING) if message.get_content_type() == "multipart/report" else None


def is_from_mail_system(message: Message) -> bool:
    """Whether a mail server wrote it: it was sent from the empty address, or by its usual names."""
    is_empty = [value.strip() for value in header_values(message, "Return-Path")[:1]] == ["<>"]
    return is_empty or any(_MAIL_SYSTEMS.match(address) for address in addresses_in(message, "From"))


def _delivery_statuses(message: Message) -> list[Message] | None:
    """The parts about one recipient each, or None. Only of the message itself, not of one it holds a copy of."""
    parts = payload_of(message) if message.get_content_maintype() == "multipart" else [message]
    for part in parts if isinstance(parts, list) else []:
        if part.get_content_type() in _STATUS_TYPES:
            return [block for block in _blocks_of(part) if block["Action"]][:RECIPIENTS_AT_MOST]
    return None


def _blocks_of(part: Message) -> list[Message]:
    """Python splits the blocks of message/delivery-status; the international one (RFC 6533) it reads as one message."""
    blocks = payload_of(part)
    if not isinstance(blocks, list):
        return []
    if part.get_content_type() == _STATUS_TYPES[0]:
        return blocks
    rest = "".join(str(payload_of(block)) for block in blocks)
    return blocks + [message_from_string(text) for text in rest.split("\n\n")[:RECIPIENTS_AT_MOST]]


def _report_of(statuses: list[Message]) -> Report:
    actions = {_without_comments(str(status["Action"])).lower() for status in statuses}
    if actions == {"delayed"}:
        return Report(Verdict.DELAYED, _code_of(statuses[0]))
    if actions != {"failed"}:
        return Report(Verdict.NOTHING)
    is_gone = all(_says_no_mailbox(status) for status in statuses)
    verdict = Verdict.NO_MAILBOX if is_gone else Verdict.FAILED
    return Report(verdict, _code_of(statuses[0]), frozenset(_recipients_of(statuses)))


def _code_of(status: Message) -> str:
    """The enhanced code: of the reply that the mail server got if its own says nothing, as Exim's 5.0.0."""
    codes = [*_codes_in(status, "Status"), *_codes_in(status, "Diagnostic-Code")]
    return next((code for code in codes if not code.endswith(".0.0")), "".join(codes[:1]))


def _says_no_mailbox(status: Message) -> bool:
    """Some servers report every refusal as 5.1.1: a reply that speaks of us, or has another code, says otherwise."""
    replies = _codes_in(status, "Diagnostic-Code")
    words = "".join(header_values(status, "Diagnostic-Code"))
    raw = words.encode(errors="replace")
    is_doubtful = not replies and (DISTRUST.search(raw) or RELAY.search(raw))
    return {_code_of(status), *replies} <= NO_MAILBOX_ENHANCED and not is_doubtful


def _codes_in(status: Message, name: str) -> list[str]:
    return _CODE.findall(" ".join(header_values(status, name)))


def _recipients_of(statuses: Iterable[Message]) -> Iterable[str]:
    """Addresses as in `rfc822; ada@mailbox.example`."""
    for status in statuses:
        for name in ("Original-Recipient", "Final-Recipient"):
            values = map(_without_comments, header_values(status, name))
            yield from (value.partition(";")[2].strip().strip("<>") for value in values)


def _without_comments(value: str) -> str:
    """The value of a field without `(remarks)`, which RFC 3464 allows in each of them."""
    return _COMMENT.sub("", value).strip()


def read_free_form(message: Message) -> Report | None:
    """What flufl.bounce finds in a message by a mail server; None if that is nothing.

    It knows whether an email failed. Only an enhanced code in the text says that there is no mailbox.
    """
    if not is_from_mail_system(message):
        return None
    try:
        delayed, failed = all_failures(message)
    except Exception:  # its detectors expect what honest servers write
        return Report(Verdict.NOTHING)
    if not failed:
        return Report(Verdict.DELAYED) if delayed else None
    codes = [code for code in _CODE.findall(plain_text(message)[:TEXT_AT_MOST]) if code.startswith("5")]
    verdict = Verdict.NO_MAILBOX if codes and {*codes} <= NO_MAILBOX_ENHANCED else Verdict.FAILED
    named = frozenset(address.decode(errors="replace") for address in failed if isinstance(address, bytes))
    return Report(verdict, "".join(codes[:1]), named)
