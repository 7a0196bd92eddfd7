"""`manage.py receive_bounce`, as a mail server's pipe runs it: the exit status says whether to try again."""

import io
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.db import OperationalError

from s4jr.mail.bounces.messages import READ_AT_MOST
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.return_address import assign_return_address
from s4jr.mail.services import begin_commit, claim_due
from tests import cast
from tests.mail.bounces.incoming import dsn, sent, state_of, status
from tooling.static_files import ROOT

pytestmark = pytest.mark.django_db(transaction=True)
State = OutgoingEmail.State


@pytest.fixture
def pipe(child_environment, settings):
    """Runs the command with a message on standard input: (exit status, what it printed)."""

    def run(raw, *arguments, **environment):
        command = [sys.executable, "manage.py", "receive_bounce", *arguments]
        told = {**child_environment, "BOUNCE_ADDRESS": settings.BOUNCE_ADDRESS, **environment}
        done = subprocess.run(command, input=raw, cwd=ROOT, env=told, capture_output=True, check=False)
        return done.returncode, done.stdout + done.stderr

    return run


def test_a_bounce_is_recorded_and_nothing_is_said(pipe, smtp_sink):
    email, sender = sent(smtp_sink)
    assert (pipe(dsn(sender, status())), state_of(email)) == ((0, b""), State.BOUNCED)


def test_the_recipient_may_be_an_argument(pipe, smtp_sink):
    email, sender = sent(smtp_sink)
    assert (pipe(dsn("", status()), "--recipient", sender), state_of(email)) == ((0, b""), State.BOUNCED)


def test_what_is_no_bounce_is_not_tried_again(pipe):
    assert pipe(b"\x00\xff nonsense") == (0, b"")


def test_without_a_database_the_mail_server_tries_again(pipe):
    raw = dsn("bounces+abcdefghijklmnopqrstuvwx23@quiet.example", status())
    assert pipe(raw, DATABASE_URL="postgres://s4jr@127.0.0.1:9/none") == (75, b"")


def receive(monkeypatch, raw):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    try:
        call_command("receive_bounce")
    except SystemExit as ended:
        return ended.code, sys.stdin.buffer.read()
    return 0, sys.stdin.buffer.read()


def test_a_message_whose_email_is_being_handed_over_is_tried_again(monkeypatch):
    cast.written()
    [email] = claim_due(1)
    sender = assign_return_address(email)
    begin_commit(email)
    assert receive(monkeypatch, dsn(sender, status())) == (75, b"")


def test_a_database_error_is_tried_again(monkeypatch):
    def fail(*_):
        raise OperationalError

    monkeypatch.setattr("s4jr.mail.bounces.intake.record_bounce", fail)
    assert receive(monkeypatch, dsn(f"bounces+{'a' * 26}@quiet.example", status())) == (75, b"")


def test_a_huge_message_is_read_to_its_end_and_only_the_beginning_counts(monkeypatch, smtp_sink):
    """A mail server may not expect that its pipe is closed."""
    email, sender = sent(smtp_sink)
    huge = dsn(sender, status(), copy="x" * (10 * READ_AT_MOST))
    assert (receive(monkeypatch, huge), state_of(email)) == ((0, b""), State.BOUNCED)
