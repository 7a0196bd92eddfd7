"""Hostile messages: none raises, none takes long to read, and none is believed."""

import random
import tracemalloc

import pytest

from s4jr.mail.bounces.intake import receive_message
from s4jr.mail.bounces.messages import (
    HEADER_AT_MOST,
    LINES_AT_MOST,
    NESTED,
    PARTS,
    READ_AT_MOST,
    addresses_in,
    header_text,
    read_message,
    returned_token,
)
from s4jr.mail.bounces.services import Outcome

TOKEN = "abcdefghijklmnopqrstuvwx23"
SYSTEM = b"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\n"
MULTIPART = b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
IN_PARTS = {
    "ten thousand parts": SYSTEM + MULTIPART + b"--b\r\n\r\nx\r\n" * 10_000,
    "ten thousand parts with a type": SYSTEM + MULTIPART + b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" * 10_000,
    "a hundred parts": SYSTEM + MULTIPART + b"--b\r\n\r\nx\r\n" * 100,
    "parts in parts": SYSTEM
    + b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(3000)),
    "messages in messages": SYSTEM + b"Content-Type: message/rfc822\r\n\r\n" * 3000,
    "parameters": SYSTEM + b"Content-Type: multipart/mixed; " + b';"' * 60_000 + b"\r\n\r\n",
    "parameters on folded lines": SYSTEM + b"Content-Type: multipart/mixed;\r\n " + b';"\r\n ' * 2000 + b"\r\n\r\n",
    "parameters after a bare CR": SYSTEM + b"X: y\rContent-Type: multipart/mixed; " + b';"' * 60_000 + b"\r\n\r\n",
    "lines": SYSTEM + MULTIPART + b"\r\n" * 60_000,
}
ODD = {
    "nothing": b"",
    "NUL everywhere": b"From: a\x00b@c\x00\r\nTo: bounces+\x00@quiet.example\r\nSubject: \x00\r\n\x00: x\r\n\r\n\x00",
    "unknown charsets": SYSTEM
    + b"Subject: =?no-such?q?a?= =?utf-8?b?!!!?= =?utf-16?b?AA==?=\r\n"
    + b'Content-Type: text/plain; charset="no\xff"\r\n\r\nx',
    "comments in comments": SYSTEM + b"To: " + b"(" * 60_000 + b"\r\n\r\n",
    "an open quotation": SYSTEM + b"To: " + b'"\\' * 50_000 + b"\r\n\r\n",
    "invalid base64": SYSTEM + b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"!" * 50_000,
    "invalid uuencode": SYSTEM + b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 666 x\n" + b"\xff" * 50_000,
    "a status that is text": SYSTEM + b"Content-Type: message/delivery-status\r\n\r\n\xff\x00Action: failed",
    "a status in base64": SYSTEM
    + b"Content-Type: message/delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\nQWN0aW9u",
    "a multipart without parts": SYSTEM + b"Content-Type: multipart/report\r\n\r\nAction: failed",
    "three thousand recipients": SYSTEM
    + b'Content-Type: multipart/report; boundary="b"\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n'
    + b"Action: failed\r\nStatus: 5.1.1\r\n\r\n" * 1600,
}


@pytest.mark.parametrize("raw", IN_PARTS.values(), ids=IN_PARTS)
def test_a_message_that_would_take_long_is_not_read(raw):
    assert read_message(raw) is None


@pytest.mark.django_db
@pytest.mark.parametrize("raw", [*IN_PARTS.values(), *ODD.values()], ids=[*IN_PARTS, *ODD])
def test_a_hostile_message_changes_nothing_and_raises_nothing(raw, caplog):
    assert (receive_message(raw), caplog.text) == (Outcome.IGNORED, "")


@pytest.mark.django_db
def test_random_bytes_change_nothing_and_raise_nothing(caplog):
    dice = random.Random(21)
    for _ in range(200):
        raw = bytearray(ODD["three thousand recipients"][:2000])
        for _ in range(dice.randrange(1, 40)):
            raw[dice.randrange(len(raw))] = dice.randrange(256)
        assert receive_message(bytes(raw)) == Outcome.IGNORED
    assert caplog.text == ""


def test_the_limits_leave_room_for_real_reports():
    """As many parts, lines and parameters as are allowed, just below each limit."""
    parts = b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" * (PARTS - 2)
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(NESTED))
    long = b"Content-Type: text/plain; " + b"x" * (HEADER_AT_MOST - 40)
    for raw in (MULTIPART + parts, nested, long + b"\r\n\r\n", b"\r\n" * (LINES_AT_MOST - 2)):
        assert read_message(SYSTEM + raw[:READ_AT_MOST]) is not None


def test_fifty_megabytes_are_read_to_the_limit_only():
    raw = SYSTEM + b"\r\n" + b"x" * 50_000_000
    tracemalloc.start()
    read_message(raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * READ_AT_MOST


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        (f"Delivered-To: bounces+{TOKEN}@quiet.example", TOKEN),
        (f"X-Original-To: bounces+{TOKEN}@quiet.example\r\nDelivered-To: mailbox@quiet.example", TOKEN),
        (f"To: <Bounces+{TOKEN.upper()}@Quiet.example>", TOKEN),
        (f"To: bounces+{TOKEN}@quiet.example\r\nTo: bounces+{TOKEN}@quiet.example", TOKEN),
        (f"To: bounces+{TOKEN}@quiet.example, bounces+{'b' * 26}@quiet.example", ""),
        (f"Cc: bounces+{TOKEN}@quiet.example", ""),
        (f"To: bounces+{TOKEN}@quiet.example\r\nTo: {'(' * 60_000}", ""),
        (f"Subject: bounces+{TOKEN}@quiet.example", ""),
        (f"From: bounces+{TOKEN}@quiet.example", ""),
        (f"To: bounces+{TOKEN}\x00@quiet.example", ""),
    ],
)
def test_the_token_is_in_the_address_that_it_was_delivered_to(headers, found):
    assert returned_token(read_message(f"{headers}\r\n\r\n".encode())) == found


def test_headers_are_read_whatever_their_encoding():
    raw = "Subject: Réponse automatique\r\nFrom: =?utf-8?q?Zo=C3=AB?= <a@mailbox.example>\r\n\r\n".encode()
    message = read_message(raw)
    assert (header_text(message, "subject"), addresses_in(message, "From")) == (
        "Réponse automatique",
        ["a@mailbox.example"],
    )
