"""The mailbox of bounces and replies, on a real IMAP server."""

import logging
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from s4jr.beat_schedule import READ_BOUNCES, timetable
from s4jr.mail import task_health
from s4jr.mail.bounces.imap import MailboxUnreadableError, read_mailbox
from s4jr.mail.bounces.intake import receive_message
from s4jr.mail.bounces.messages import READ_AT_MOST
from s4jr.mail.delivery import send_what_is_due
from s4jr.mail.models import Heartbeat, OutgoingEmail, Suppression
from s4jr.mail.return_address import assign_return_address
from s4jr.mail.services import begin_commit, claim_due, settle_sent
from s4jr.mail.task_health import FIRST_BEAT, late_tasks, note_task, scheduled_tasks
from s4jr.mail.tasks import note_beat, read_bounces
from tests import cast, make
from tests.mail.bounces.incoming import answers, dsn, message, reply, sent, state_of, status
from tests.servers.dovecot import PASSWORD, find_or_install_dovecot
from tests.servers.process import MissingPart, free_port
from tooling.static_files import ROOT

pytestmark = pytest.mark.django_db(transaction=True)
State = OutgoingEmail.State


class TestReading:
    def test_what_came_back_is_acted_on_and_deleted(self, imap_server, smtp_sink, settings):
        gone, gone_sender = sent(smtp_sink)
        replied, _ = sent(smtp_sink, to="orsolya@mailbox.example")
        imap_server.deliver(
            dsn(gone_sender, status()),
            reply(replied, sender="orsolya@mailbox.example"),
            message("From: spam@elsewhere.example", body="Buy this"),
        )
        assert read_mailbox(settings.BOUNCE_MAILBOX_URL) == {"bounced": 1, "answered": 1, "ignored": 1}
        assert (state_of(gone), len(answers()), imap_server.messages()) == (State.BOUNCED, 1, [])

    def test_an_empty_mailbox(self, imap_server):
        assert read_mailbox(imap_server.url) == {}

    def test_another_folder(self, imap_server):
        with pytest.raises(MailboxUnreadableError):
            read_mailbox(imap_server.url.replace("/INBOX", "/No%20such%20%22folder%22"))

    def test_a_message_whose_email_is_being_handed_over_stays(self, imap_server):
        cast.written()
        [email] = claim_due(1)
        sender = assign_return_address(email)
        begin_commit(email)
        imap_server.deliver(dsn(sender, status()))
        assert (read_mailbox(imap_server.url), len(imap_server.messages())) == ({"try_later": 1}, 1)
        settle_sent(email)
        assert (read_mailbox(imap_server.url), imap_server.messages()) == ({"bounced": 1}, [])

    def test_one_run_reads_so_many_and_the_next_one_goes_on(self, imap_server, monkeypatch):
        monkeypatch.setattr("s4jr.mail.bounces.imap.MESSAGES_AT_MOST", 2)
        imap_server.deliver(*[message("From: spam@elsewhere.example") for _ in range(3)])
        assert [read_mailbox(imap_server.url) for _ in range(3)] == [{"ignored": 2}, {"ignored": 1}, {}]

    def test_one_run_ends_when_its_time_is_over(self, imap_server):
        imap_server.deliver(message("From: spam@elsewhere.example"))
        assert (read_mailbox(imap_server.url, seconds=-1), len(imap_server.messages())) == ({}, 1)

    def test_of_a_huge_message_only_the_beginning_is_fetched(self, imap_server, smtp_sink, monkeypatch):
        email, sender = sent(smtp_sink)
        lengths = []

        def note(raw):
            lengths.append(len(raw))
            return receive_message(raw)

        monkeypatch.setattr("s4jr.mail.bounces.imap.receive_message", note)
        huge = dsn(sender, status(), copy="Subject: A subject\r\n\r\n" + "x" * 20_000_000)
        imap_server.deliver(huge)
        assert (read_mailbox(imap_server.url), state_of(email)) == ({"bounced": 1}, State.BOUNCED)
        assert (lengths, imap_server.messages()) == ([READ_AT_MOST], [])

    def test_a_message_that_our_code_fails_on_is_not_in_the_way_of_others(self, imap_server, smtp_sink, monkeypatch):
        def fail(*_):
            raise KeyError

        email, sender = sent(smtp_sink)
        monkeypatch.setattr("s4jr.mail.bounces.intake.read_reply", fail)
        imap_server.deliver(message("From: a@mailbox.example"), dsn(sender, status()))
        assert read_mailbox(imap_server.url) == {"ignored": 1, "bounced": 1}
        assert (state_of(email), imap_server.messages()) == (State.BOUNCED, [])


class TestInterrupted:
    def test_two_at_the_same_time_act_once(self, imap_server, smtp_sink):
        emails = [sent(smtp_sink, to=f"reader{number}@mailbox.example") for number in range(20)]
        reports = [
            dsn(sender, status(final=f"reader{number}@mailbox.example")) for number, (_, sender) in enumerate(emails)
        ]
        imap_server.deliver(*reports, *[reply(emails[0][0], sender="reader0@mailbox.example")] * 2)

        def read(_):
            try:
                return read_mailbox(imap_server.url)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as threads:
            one, other = threads.map(read, range(2))
        assert ((one + other)["bounced"], len(answers()), imap_server.messages()) == (20, 0, [])
        assert set(OutgoingEmail.objects.values_list("state", flat=True)) == {State.BOUNCED}
        assert Suppression.objects.count() == 20

    def test_one_that_died_before_it_deleted_the_message_did_its_work(self, imap_server, smtp_sink):
        email, sender = sent(smtp_sink)
        imap_server.deliver(dsn(sender, status()))
        receive_message(dsn(sender, status()))  # what the dead one had done
        assert (read_mailbox(imap_server.url), imap_server.messages()) == ({"ignored": 1}, [])
        assert (state_of(email), Suppression.objects.count()) == (State.BOUNCED, 1)

    @pytest.mark.only_postgres
    def test_one_that_is_killed_in_the_middle_loses_nothing(self, imap_server, smtp_sink, child_environment, settings):
        email, sender = sent(smtp_sink)
        imap_server.deliver(dsn(sender, status()))
        environment = child_environment | {
            "BOUNCE_ADDRESS": settings.BOUNCE_ADDRESS,
            "BOUNCE_MAILBOX_URL": imap_server.url,
            "SSL_CERT_FILE": str(imap_server.certificate),
        }
        with transaction.atomic():
            OutgoingEmail.objects.select_for_update().get()
            child = subprocess.Popen([sys.executable, "manage.py", "read_bounces"], cwd=ROOT, env=environment)
            wait_for_a_lock()
            child.send_signal(signal.SIGKILL)
            child.wait()
        assert (state_of(email), len(imap_server.messages())) == (State.SENT, 1)
        assert (read_mailbox(imap_server.url), state_of(email)) == ({"bounced": 1}, State.BOUNCED)


def wait_for_a_lock(seconds=60):
    deadline = time.monotonic() + seconds
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.05)
    raise TimeoutError


class TestUnreadable:
    """Whatever is wrong with the mailbox, the error names neither address nor password."""

    @pytest.fixture
    def said(self, caplog):
        caplog.set_level(logging.DEBUG)

        def read(url):
            with pytest.raises(MailboxUnreadableError) as raised:
                read_mailbox(url)
            assert raised.value.__suppress_context__  # a log shows no words of the server
            return f"{raised.value} {caplog.text}"

        return read

    def test_a_wrong_password(self, imap_server, said):
        words = said(imap_server.url.replace("wren", "robin"))
        assert not any(secret in words for secret in ("robin", PASSWORD, "bounces@"))

    def test_a_certificate_that_no_one_trusts(self, imap_server, said, monkeypatch):
        monkeypatch.delenv("SSL_CERT_FILE")
        assert "SSLCertVerificationError" in said(imap_server.url)

    def test_no_server(self, said):
        assert "ConnectionRefusedError" in said(f"imaps://name:secret@127.0.0.1:{free_port()}")

    def test_a_host_that_is_none(self, said):
        assert "secret" not in said("imaps://name:secret@[::1]:notaport/")


class TestTheTask:
    @pytest.fixture(autouse=True)
    def _nothing_was_written_yet(self, monkeypatch):
        monkeypatch.setattr(task_health, "_written", {})

    def all_ran(self, but_not_bounces_for):
        now = timezone.now()
        Heartbeat.objects.bulk_create(Heartbeat(name=name, at=now) for name in (FIRST_BEAT, *scheduled_tasks()))
        Heartbeat.objects.filter(name=READ_BOUNCES).update(at=now - but_not_bounces_for)

    def test_reads_the_mailbox_and_leaves_a_heartbeat(self, imap_server, smtp_sink):
        email, sender = sent(smtp_sink)
        imap_server.deliver(dsn(sender, status()))
        read_bounces()
        note_task(sender=read_bounces)
        assert (state_of(email), Heartbeat.objects.filter(name=READ_BOUNCES).count()) == (State.BOUNCED, 1)

    def test_is_scheduled_and_watched_only_with_a_mailbox(self, settings):
        settings.BOUNCE_MAILBOX_URL = ""
        tasks = [{entry["task"] for entry in timetable().values()}, set(scheduled_tasks())]
        settings.BOUNCE_MAILBOX_URL = "imaps://name:password@mail.example"
        more = [{entry["task"] for entry in timetable().values()}, set(scheduled_tasks())]
        assert [after - before for before, after in zip(tasks, more, strict=True)] == [{READ_BOUNCES}] * 2

    def test_without_success_for_too_long_makes_readyz_fail(self, client, settings):
        settings.BOUNCE_MAILBOX_URL = "imaps://name:password@mail.example"
        note_beat()
        Heartbeat.objects.filter(name=FIRST_BEAT).delete()
        self.all_ran(but_not_bounces_for=timedelta(minutes=13))
        assert (late_tasks(), client.get("/readyz").json()["tasks"]) == ([READ_BOUNCES], False)

    @pytest.mark.parametrize(("minutes", "count"), [(11, 0), (13, 1)])
    def test_admins_are_told_in_words(self, client, settings, minutes, count):
        settings.BOUNCE_MAILBOX_URL = "imaps://name:password@mail.example"
        make.signed_in_staff(client)
        self.all_ran(but_not_bounces_for=timedelta(minutes=minutes))
        page = client.get("/manage/").content.decode()
        said = "Emails that bounced can’t be read", "haven’t run on time"
        assert [page.count(words) for words in said] == [count, 0]


class TestTheCommand:
    def test_reads_the_mailbox_once_and_says_what_it_did(self, imap_server, capsys):
        imap_server.deliver(message("From: spam@elsewhere.example"))
        call_command("read_bounces")
        call_command("read_bounces")
        assert capsys.readouterr().out == "1 ignored\nnothing came back\n"

    def test_says_what_is_wrong(self, settings):
        for url in ("", f"imaps://name:secret@127.0.0.1:{free_port()}"):
            settings.BOUNCE_MAILBOX_URL = url
            with pytest.raises(CommandError, match=r"BOUNCE_MAILBOX_URL is not set|can't be read"):
                call_command("read_bounces")


def test_what_comes_back_while_it_is_sent_is_read_after_it(imap_server, smtp_sink):
    """The whole way: sent, come back, suppressed; a later email to the address isn't sent."""
    _, sender = sent(smtp_sink)
    imap_server.deliver(dsn(sender, status()))
    read_mailbox(imap_server.url)
    smtp_sink.clear()
    with pytest.raises(OutgoingEmail.DoesNotExist):
        cast.written()
    assert send_what_is_due() == {}


def test_without_an_imap_server_the_command_that_installs_one_is_named(monkeypatch):
    asked = []
    monkeypatch.setattr("tests.servers.dovecot.shutil.which", lambda *_, **__: None)
    monkeypatch.setattr("tests.servers.dovecot.apt_get_install", asked.append)
    with pytest.raises(MissingPart, match="apt-get install dovecot-imapd"):
        find_or_install_dovecot()
    assert asked == ["dovecot-imapd"]
