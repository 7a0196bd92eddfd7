"""Each answer of a mail server does what the table in docs/email.md says: the test plays every row."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from s4jr.mail.delivery import send_what_is_due
from s4jr.mail.models import OutgoingEmail, SendingPause, Suppression
from s4jr.mail.transports import transport_for
from s4jr.mail.transports.smtp import SmtpTransport
from tests import cast
from tests.servers.certificate import make_certificate
from tests.servers.process import free_port
from tests.servers.scripted_smtp import NO_AUTH, NO_STARTTLS, ScriptedSmtp

pytestmark = pytest.mark.django_db
DOCUMENT = Path(django_settings.BASE_DIR) / "docs" / "email.md"
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| [^|]*\| ([^|]+) \|$", re.MULTILINE)
TABLE = DOCUMENT.read_text().partition("| When | Answer |")[2].partition("\n\n")[0]
ROWS = [row for row in ROW.findall(TABLE) if row[0] != "---"]
State = OutgoingEmail.State
FATES = {
    State.SENT: "Sent", State.FAILED: "Failed", State.UNKNOWN: "May or may not have arrived",
}  # fmt: skip


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def server(certificate, settings, monkeypatch):
    """A server that the machine trusts, with a sign-in behind STARTTLS."""
    settings.MAIL_SERVER_SECONDS = 0.4
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with ScriptedSmtp(certificate) as server:
        yield server


def to(server, port=None):
    return SmtpTransport("127.0.0.1", port or server.port, "reader", "a password")


def play(server, when, answer, monkeypatch):
    """Make the next email meet this answer. Returns the port to send to."""
    if answer == "nothing listens":
        return free_port()
    if answer in (NO_STARTTLS, NO_AUTH):
        server.lacks.add(answer)
    elif answer == "unknown certificate":
        monkeypatch.delenv("SSL_CERT_FILE")
    elif when == "EHLO":  # then the client tries HELO
        server.say(when, answer, answer)
    else:
        server.say(when, answer)
    return server.port


def what_became_of(email):
    """The fate of an email in the words of the table."""
    email.refresh_from_db()
    pause = SendingPause.objects.filter(ended_at=None).first()
    if pause:
        word = "Paused" if pause.next_try_at else "Suspected"
        return f"{word}: {pause.cause}"
    if email.state == State.PENDING:
        waits = email.next_attempt_at - timezone.now()
        return "Tries again in six hours" if waits > timedelta(hours=5) else "Tries again later"
    is_stopped = Suppression.objects.filter(to_index=email.to_index).exists()
    return FATES[State(email.state)] + (", and stopped" if is_stopped else "")


def test_the_table_is_read_whole():
    assert (len(ROWS), len({row[:2] for row in ROWS})) == (TABLE.count("\n|") - 1, len(ROWS))
    assert {row[2].partition(": ")[2] for row in ROWS if row[2].startswith("Paused")} == {
        *SendingPause.Cause.values
    } - {SendingPause.Cause.POLICY, SendingPause.Cause.FOLDER}


@pytest.mark.parametrize(("when", "answer", "fate"), ROWS, ids=[" ".join(row[:2]) for row in ROWS])
def test_each_row_of_the_table_is_true(server, when, answer, fate, monkeypatch):
    port = play(server, when, answer, monkeypatch)
    email = cast.written()
    send_what_is_due(to(server, port))
    assert what_became_of(email) == fate
    assert len(server.messages) == (fate == "Sent")


@pytest.mark.parametrize(
    ("when", "answer"),
    [row[:2] for row in ROWS if row[2].startswith("Paused")],
)
def test_nothing_is_charged_to_the_reader_for_our_own_fault(server, when, answer, monkeypatch):
    port = play(server, when, answer, monkeypatch)
    email = cast.written()
    send_what_is_due(to(server, port))
    email.refresh_from_db()
    assert (email.state, email.attempts, Suppression.objects.count()) == (State.PENDING, 0, 0)
    assert email.next_attempt_at == SendingPause.objects.get().next_try_at


@pytest.mark.parametrize(("when", "answer"), [row[:2] for row in ROWS if row[2].startswith("Suspected")])
def test_a_policy_reply_pauses_only_from_a_second_address(server, when, answer, monkeypatch):
    cast.written(), cast.written()
    server.say(when, answer, answer)
    assert send_what_is_due(to(server)) == {"later": 2}
    other = cast.written(to="someone.else@mailbox.example")
    server.say(when, answer)
    assert send_what_is_due(to(server)) == {"paused": 1}
    assert what_became_of(other) == "Paused: policy"
    assert sorted(OutgoingEmail.objects.values_list("attempts", flat=True)) == [0, 0, 1]


def test_a_server_that_ends_a_connection_after_some_emails_gets_another_connection(server):
    server.say("MAIL FROM", "250 2.1.0 OK", "421 4.7.0 enough for this connection")
    cast.written(), cast.written()
    assert send_what_is_due(to(server)) == {"sent": 2}
    assert [words for words in server.commands if words.startswith("AUTH")] == [server.commands[3]] * 2


def test_the_reply_is_kept_without_its_words(server):
    server.say("AUTH", "535 5.7.8 reader@mailbox.example: wrong password")
    cast.written()
    send_what_is_due(to(server))
    assert SendingPause.objects.get().reply == "the mail server answered 535 5.7.8"


class TestImplicitTls:
    """`submissions://`: TLS from the first byte, RFC 8314."""

    @pytest.fixture
    def encrypted(self, certificate, settings, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with ScriptedSmtp(certificate, implicit_tls=True) as server:
            settings.EMAIL_URL = f"submissions://reader:a%20password@127.0.0.1:{server.port}"
            yield server

    def test_an_email_is_sent_and_no_starttls_is_asked_for(self, encrypted):
        cast.written()
        assert send_what_is_due() == {"sent": 1}
        assert [words.split()[0].upper() for words in encrypted.commands] == [
            "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT",
        ]  # fmt: skip

    def test_a_certificate_that_the_machine_does_not_trust_pauses_sending(self, encrypted, monkeypatch):
        monkeypatch.delenv("SSL_CERT_FILE")
        cast.written()
        assert send_what_is_due() == {"paused": 1}
        assert (SendingPause.objects.get().cause, encrypted.commands) == ("certificate", [])

    def test_its_usual_port_is_465(self):
        carrier = transport_for("submissions://reader:word@mail.example")
        assert (carrier.port, carrier.implicit_tls) == (465, True)
