"""The sender against a real SMTP server that misbehaves on request."""

import re
import socket
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from s4jr.mail.delivery import send_what_is_due
from s4jr.mail.discreet import coalition_words_in
from s4jr.mail.models import OutgoingEmail, SendingPause, Suppression
from s4jr.mail.services import cancel_emails, claim_due
from s4jr.mail.transports import transport_for
from s4jr.mail.transports.message import as_wire
from s4jr.mail.transports.smtp import SmtpTransport
from tests import cast, make
from tests.servers.process import free_port
from tests.servers.smtp import HANG_UP, SILENCE

pytestmark = pytest.mark.django_db(transaction=True)
State = OutgoingEmail.State


def states():
    return list(OutgoingEmail.objects.order_by("created_at").values_list("state", flat=True))


def test_due_emails_are_sent_in_order_over_one_connection(smtp_sink):
    for number in range(3):
        cast.written(to=f"reader{number}@mailbox.example")
    assert send_what_is_due() == {"sent": 3}
    assert [delivery.recipients for delivery in smtp_sink.deliveries] == [
        [f"reader{number}@mailbox.example"] for number in range(3)
    ]
    assert states() == [State.SENT] * 3
    assert smtp_sink.connections == 1


def test_the_final_dot_is_sent_without_delay(smtp_sink):
    with transport_for(settings.EMAIL_URL) as carrier:
        carrier.prepare(cast.written())
        assert carrier._smtp.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        carrier.commit()


def test_an_email_arrives_byte_for_byte(smtp_sink):
    body = "Dear Zoë,\n\n.a line that begins with a dot\n..and one with two\n\nمهسا, नमस्ते\n"
    cast.written(body=body, subject="Ça va")
    send_what_is_due()
    [email] = smtp_sink.emails
    assert (email["subject"], email.get_content()) == ("Ça va", body.replace("\n", "\r\n"))


def test_the_headers_of_an_email_reveal_nothing(smtp_sink):
    written = cast.written()
    send_what_is_due()
    [email] = smtp_sink.emails
    assert email["from"] == "hello@localhost"
    assert email["message-id"] == f"<{written.pk}@127.0.0.1>"
    assert email["auto-submitted"] == "auto-generated"
    assert email["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert coalition_words_in(" ".join(email.values())) == []
    assert email.get_content_type() == "text/plain"
    assert not email.is_multipart()


@pytest.mark.parametrize(
    ("command", "reply", "state", "error"),
    [
        ("rcpt", "450 4.2.0 <rosalind@mailbox.example> later", State.PENDING, "the mail server answered 450 4.2.0"),
        ("rcpt", "550 5.1.1 <rosalind@mailbox.example> unknown", State.FAILED, "the mail server answered 550 5.1.1"),
        ("rcpt", HANG_UP, State.PENDING, "the connection broke before the email was handed over"),
        ("data", "451 4.3.0 later", State.PENDING, "the mail server answered 451 4.3.0"),
        ("data", "421 going away", State.PENDING, "the mail server answered 421"),
        ("data", "554 5.6.0 no", State.FAILED, "the mail server answered 554 5.6.0"),
        ("data", "554 5.7.1 no", State.PENDING, "the mail server answered 554 5.7.1"),
        ("data", HANG_UP, State.UNKNOWN, "the mail server did not answer after the email was handed over"),
        ("data", "25", State.UNKNOWN, "the mail server did not answer after the email was handed over"),
        ("data", "252 taken", State.UNKNOWN, "the mail server did not answer after the email was handed over"),
        ("data", "hello", State.UNKNOWN, "the mail server did not answer after the email was handed over"),
    ],
)
def test_each_smtp_reply_sets_its_state_and_the_error_names_no_one(smtp_sink, command, reply, state, error):
    smtp_sink.answer(command, reply)
    cast.written()
    send_what_is_due()
    email = OutgoingEmail.objects.get()
    assert (email.state, email.last_error) == (state, error)
    assert [sent for sent in smtp_sink.emails if state != State.UNKNOWN] == []


def test_an_error_before_the_final_dot_drops_the_connection_without_quit(smtp_sink, monkeypatch):
    written, said = cast.written(), []
    monkeypatch.setattr("smtplib.SMTP.quit", lambda smtp: said.append("quit"))
    with pytest.raises(ZeroDivisionError), transport_for(settings.EMAIL_URL) as carrier:
        prepare_and_fail(carrier, written)
    assert (said, smtp_sink.emails) == ([], [])


def prepare_and_fail(carrier, email):
    carrier.prepare(email)
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("command", "reply", "reason"),
    [
        ("rcpt", "550 5.1.1 <rosalind@mailbox.example> unknown", Suppression.Reason.BOUNCED),
        ("rcpt", "556 5.1.10 this domain takes no mail", Suppression.Reason.BOUNCED),
        ("rcpt", "550 no such user here", Suppression.Reason.BOUNCED),
        ("rcpt", "551 user not local", Suppression.Reason.BOUNCED),
        ("rcpt", "553 no such mailbox", Suppression.Reason.BOUNCED),
        ("rcpt", "450 4.1.1 not now", None),
        ("rcpt", "550 5.1.8 your own domain is unknown", None),
        ("rcpt", "550 5.2.1 the mailbox is closed for now", None),
        ("rcpt", "550 5.7.1 you are on a list", None),
        ("rcpt", "550 relay not permitted", None),
        ("rcpt", "552 the mailbox is full", None),
        ("data", "550 5.1.1 said too late", None),
        ("data", "554 5.7.1 this looks like spam", None),
    ],
)
def test_only_a_missing_mailbox_suppresses_the_address(smtp_sink, command, reply, reason):
    smtp_sink.answer(command, reply)
    email = cast.written()
    send_what_is_due()
    assert Suppression.objects.reason_for(email.to_index) == reason


def test_a_missing_mailbox_is_tried_once(smtp_sink):
    smtp_sink.answer("rcpt", "550 5.1.1 unknown")
    cast.written(), cast.written(), cast.written(to="somebody.else@mailbox.example")
    assert send_what_is_due() == {"no mailbox": 1, "called back": 1, "sent": 1}
    assert states() == [State.FAILED, State.CANCELED, State.SENT]


def test_a_server_that_never_answers_leaves_one_email_unknown(smtp_sink, settings):
    settings.MAIL_SERVER_SECONDS = 0.3
    smtp_sink.answer("data", SILENCE, keep=True)
    cast.written()
    assert send_what_is_due() == {"unknown": 1}
    assert send_what_is_due() == {}
    assert (states(), len(smtp_sink.emails)) == ([State.UNKNOWN], 1)


def test_after_a_refusal_the_connection_sends_the_other_emails(smtp_sink):
    smtp_sink.answer("rcpt", "550 5.2.1 disabled")
    cast.written(), cast.written()
    assert send_what_is_due() == {"failed": 1, "sent": 1}
    assert smtp_sink.connections == 1


def test_a_broken_connection_is_reopened_for_the_next_email(smtp_sink):
    smtp_sink.answer("data", HANG_UP)
    cast.written(), cast.written()
    assert send_what_is_due() == {"unknown": 1, "sent": 1}


def test_without_a_mail_server_no_email_loses_an_attempt():
    cast.written(), cast.written()
    away = SmtpTransport("127.0.0.1", free_port())
    assert send_what_is_due(away) == {"paused": 1}
    attempts = OutgoingEmail.objects.order_by("created_at").values_list("attempts", "state", "last_error")
    assert list(attempts) == [
        (0, State.PENDING, "no connection to the mail server (ConnectionRefusedError)"),
        (0, State.PENDING, ""),
    ]


def test_an_email_canceled_at_the_last_moment_is_not_sent(smtp_sink):
    class CancelsWhilePreparing(SmtpTransport):
        def prepare(self, email):
            super().prepare(email)
            cancel_emails(OutgoingEmail.objects.filter(pk=email.pk))

    cast.written()
    assert send_what_is_due(CancelsWhilePreparing("127.0.0.1", smtp_sink.port)) == {"called back": 1}
    assert (states(), smtp_sink.emails) == ([State.CANCELED], [])


def test_an_address_suppressed_at_the_last_moment_gets_no_email(smtp_sink):
    email = cast.written()
    make.stop(email.to_index, Suppression.Reason.NEVER)
    assert send_what_is_due() == {"called back": 1}
    assert (states(), smtp_sink.emails) == ([State.CANCELED], [])


def test_the_next_sender_sends_the_email_of_a_dead_one(smtp_sink):
    cast.written()
    claim_due(1)
    assert send_what_is_due() == {}
    OutgoingEmail.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert send_what_is_due() == {"sent": 1}


@pytest.mark.parametrize("to", ["用户@例子.example", "rosalind@bücher.example"])
def test_addresses_in_other_scripts_get_emails(smtp_sink, to):
    cast.written(to=to)
    assert send_what_is_due() == {"sent": 1}


def test_an_impossible_domain_fails_with_a_plain_error(smtp_sink):
    cast.written(to=f"rosalind@{'long' * 20}.example")
    assert send_what_is_due() == {"failed": 1}
    assert OutgoingEmail.objects.get().last_error == "the address cannot be written to"


@pytest.mark.parametrize(
    "to",
    ['"a\x0bb"@mailbox.example', "=?utf-8?q??=@mailbox.example", "=?utf-8?q?a=40evil.example=2C?=@mailbox.example"],
)
def test_an_address_that_parses_as_another_fails_and_other_emails_are_sent(smtp_sink, to):
    cast.written(to=to), cast.written()
    assert send_what_is_due() == {"failed": 1, "sent": 1}
    assert [delivery.recipients for delivery in smtp_sink.deliveries] == [[cast.ADDRESS]]


def test_an_email_that_cannot_be_serialized_fails_alone(smtp_sink, monkeypatch):
    bad, _ = cast.written(), cast.written()

    def broken(email):
        if email.pk == bad.pk:
            raise LookupError("rosalind@mailbox.example")
        return as_wire(email)

    monkeypatch.setattr("s4jr.mail.transports.smtp.as_wire", broken)
    assert send_what_is_due() == {"failed": 1, "sent": 1}
    bad.refresh_from_db()
    assert bad.last_error == "the email could not be made (LookupError)"


def test_an_email_that_cannot_be_decrypted_fails_alone(smtp_sink):
    bad, _ = cast.written(), cast.written()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE mail_outgoingemail SET body = subject WHERE subject LIKE %s AND dedupe_key = %s",
                       ["v1.%", bad.dedupe_key])  # fmt: skip
    assert send_what_is_due() == {"sent": 1}
    state = OutgoingEmail.objects.filter(pk=bad.pk).values_list("state", "last_error").get()
    assert state == (State.FAILED, "its words do not open")


def test_mail_programs_can_read_the_list_unsubscribe_header(smtp_sink):
    cast.written()
    send_what_is_due()
    [line] = [line for line in smtp_sink.deliveries[0].raw.splitlines() if line.startswith(b"List-Unsubscribe:")]
    assert re.fullmatch(rb"List-Unsubscribe: <http://127\.0\.0\.1:\d+/unsubscribe/[^<> ]+>", line)


def test_the_file_transport_writes_emails_as_files(tmp_path):
    cast.written(body="One line.\n")
    assert send_what_is_due(transport_for(f"file://{tmp_path}/mail")) == {"sent": 1}
    [file] = (tmp_path / "mail").iterdir()
    assert file.suffix == ".eml"
    assert b"One line.\r\n" in file.read_bytes()


def test_an_email_stays_pending_if_the_folder_cannot_be_written(tmp_path):
    (tmp_path / "mail").write_text("a file where a folder should be")
    cast.written()
    assert send_what_is_due(transport_for(f"file://{tmp_path}/mail")) == {"paused": 1}
    email = OutgoingEmail.objects.get()
    assert (email.state, email.attempts, SendingPause.objects.get().cause) == (State.PENDING, 0, "folder")
