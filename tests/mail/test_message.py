"""Every email in every language as bytes: well-formed, and read alike by two libraries that share no code.

They are Python's `email` and postal-mime. Only this test writes addresses and lines that are so long.
"""

import base64
import re
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime

import pytest
from django.conf import settings
from django.utils import timezone

from s4jr.content.files import all_files
from s4jr.content.live_texts import text_block
from s4jr.mail.delivery import send_what_is_due
from s4jr.mail.emails import write_from
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.template_validation import PREFIX, sample_values
from s4jr.mail.transports.message import as_wire
from tests import cast
from tests.mail.wire import message_of, wire_problems
from tests.servers.node import run_node

READ_EMAIL = "tests/mail/readers/read_email.mjs"
TO = "rosalind@lycée-bücherei.example"
TO_ASCII = "rosalind@xn--lyce-bcherei-deb3y.example"
LONG_LINE = "à " + "x" * 997 + "."
LONGEST_LOCAL = "a" * 64
#: A domain as long as domains are, so that the address has 254 octets.
LONG_ADDRESS = f"{LONGEST_LOCAL}@{'b' * 60}.{'c' * 60}.{'d' * 59}.example"
SUBJECTS = [
    "Ça va", "مهسا " * 30, "नमस्ते " * 20, "plain words " * 20, "x" * 300, "=?utf-8?q?hidden?=", "a =? b", "😀" * 60,
    "One \N{NO-BREAK SPACE}two", "A comma, a “quote”; and: a colon", "é" * 26, "1" * 67, "1" * 68, "",
    "two\u2028lines\x85and\x1cmore",
]  # fmt: skip
BODIES = [
    "Short.\n", "no line end", ".\n..\n.x\n", "tab\tand trailing space \n", "x" * 78 + "\n", "x" * 79 + "\n",
    LONG_LINE, "é" * 2000, "a\rb\r\nc\nd", "\x00\x0b\x0c\x1c\x85\u2028", "From here\n", "=3D =\n",
    "", "\n\n", "😀" * 40,
]  # fmt: skip
TEXTS = sorted(key for key in all_files() if key[0].startswith(PREFIX))

pytestmark = pytest.mark.django_db


def email_of(key, language):
    """An unsaved row of the outbox with this text and a line of 1,000 characters."""
    words = text_block(key, language)
    subject, body = write_from(words, **sample_values(words))
    email = cast.email(to=TO, subject=subject, body=f"{body}\n{LONG_LINE}\n", kind=key.removeprefix(PREFIX)[:30])
    return email.row(OutgoingEmail)


def rows(**said):
    return cast.email(**said).row(OutgoingEmail)


def as_postal_mime_reads(raws):
    return run_node(READ_EMAIL, [base64.b64encode(raw).decode() for raw in raws])


def with_line_ends(text):
    return text.replace("\r\n", "\n").rstrip("\n")


def test_each_email_in_each_language_is_well_formed_and_read_alike_by_two_libraries():
    emails = [email_of(*text) for text in TEXTS]
    raws = [as_wire(email) for email in emails]
    assert {text: found for text, raw in zip(TEXTS, raws, strict=True) if (found := wire_problems(raw))} == {}
    assert {language for _key, language in TEXTS} == {code for code, _name in settings.LANGUAGES}
    for email, raw, read in zip(emails, raws, as_postal_mime_reads(raws), strict=True):
        message = message_of(email)
        assert (read["to"], message["To"].addresses[0].addr_spec) == ([TO_ASCII], TO_ASCII)
        assert (read["subject"], message["Subject"]) == (email.subject, email.subject)
        assert (read["messageId"], read["from"]) == (message["Message-ID"], settings.MAIL_FROM)
        assert (read["headers"]["list-unsubscribe"], b"\r\n\r\n" in raw) == (message["List-Unsubscribe"], True)
        assert with_line_ends(read["text"]) == with_line_ends(message.get_content()) == with_line_ends(email.body)


@pytest.mark.parametrize("subject", SUBJECTS, ids=range(len(SUBJECTS)))
def test_any_subject_is_folded_and_read_as_it_was_written(subject):
    email = rows(subject=subject)
    raw, expected = as_wire(email), re.sub(r"[\u2028\x85\x1c]", " ", subject).strip()
    assert wire_problems(raw) == []
    assert (message_of(email)["Subject"], as_postal_mime_reads([raw])[0].get("subject", "")) == (expected, expected)


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_any_body_arrives_as_it_was_written_in_short_lines(body):
    email = rows(body=body)
    assert wire_problems(as_wire(email)) == []
    written = body.replace("\r\n", "\n").replace("\r", "\n")
    assert message_of(email).get_payload(decode=True).decode().replace("\r\n", "\n") == written


def test_a_plain_body_of_short_lines_is_sent_as_it_is():
    assert as_wire(rows(body="One line.\n")).endswith(b"\r\n\r\nOne line.\r\n")


@pytest.mark.parametrize("to", [LONG_ADDRESS, f"{LONGEST_LOCAL}@mailbox.example"])
def test_a_long_address_is_never_encoded_or_broken(smtp_sink, to):
    cast.written(to=to)
    assert send_what_is_due() == {"sent": 1}
    [delivery] = smtp_sink.deliveries
    assert (len(LONG_ADDRESS), delivery.recipients) == (254, [to])
    assert f"To: {to}\r\n".encode() in delivery.raw.replace(b"To:\r\n", b"To:")
    assert wire_problems(delivery.raw) == []


def test_an_address_in_another_script_goes_as_it_is_by_smtputf8():
    raw = as_wire(rows(to="用户@例子.example", subject="Ça va"))
    assert wire_problems(raw, ascii_headers=False) == []
    assert "To: 用户@xn--fsqu00a.example\r\n".encode() in raw


def test_the_sender_may_have_accents_in_its_domain(settings, smtp_sink):
    settings.MAIL_FROM = "hello@bücher.example"
    cast.written()
    assert send_what_is_due() == {"sent": 1}
    [delivery] = smtp_sink.deliveries
    assert (delivery.sender, delivery.email["From"]) == ("hello@xn--bcher-kva.example",) * 2


def test_the_date_is_the_moment_of_sending(smtp_sink):
    email = cast.written()
    OutgoingEmail.objects.update(created_at=timezone.now() - timedelta(days=2))
    before = timezone.now().replace(microsecond=0)
    assert send_what_is_due() == {"sent": 1}
    [sent] = smtp_sink.emails
    assert before <= parsedate_to_datetime(sent["Date"]) <= timezone.now()
    assert (parsedate_to_datetime(sent["Date"]).tzinfo, sent["Message-ID"]) == (UTC, f"<{email.pk}@127.0.0.1>")


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"Subject: x\r\n\r\n" + b"y" * 999, "a line has more than 998 octets"),
        (b"Subject: x\n\r\n\r\n", "CR or LF alone"),
        (b"Subject: =?utf-8?q?" + b"y" * 70 + b"?=\r\n\r\n", "an encoded word is longer than 75"),
        ("Subject: é\r\n\r\n".encode(), "a header is not ASCII"),
        (b"Subject: " + b"word " * 20 + b"\r\n\r\n", "a line that could be folded is not"),
    ],
)
def test_the_check_of_bytes_finds_what_is_wrong(raw, problem):
    assert problem in wire_problems(raw)
