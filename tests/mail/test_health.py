"""`/healthz` and `/readyz`: they fail if emails are not sent or beat stops, and are 404 for visitors."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError
from django.utils import timezone

from s4jr.mail.delivery import send_what_is_due
from s4jr.mail.health import mail_health
from s4jr.mail.models import Heartbeat, OutgoingEmail
from s4jr.mail.services import send_again
from s4jr.mail.tasks import note_beat
from tests import cast, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def _beat_is_alive():
    note_beat()


def test_the_process_answers(client):
    assert client.get("/healthz").content == b"ok\n"


@pytest.mark.usefixtures("_beat_is_alive")
class TestReady:
    def test_a_healthy_site_is_ready(self, client):
        answer = client.get("/readyz")
        assert (answer.status_code, set(answer.json().values())) == (200, {True})
        assert list(answer.json()) == ["database", "emails", "beat", "tasks"]

    def test_an_overdue_email_makes_it_fail(self, client):
        cast.written()
        OutgoingEmail.objects.update(next_attempt_at=timezone.now() - timedelta(minutes=16))
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["emails"]) == (503, False)

    def test_ten_minutes_without_beat_make_it_fail(self, client):
        Heartbeat.objects.update(at=timezone.now() - timedelta(minutes=10))
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["beat"]) == (503, False)

    def test_a_database_outage_makes_it_fail(self, client, monkeypatch):
        def away():
            raise DatabaseError

        monkeypatch.setattr("s4jr.health.mail_health", away)
        assert client.get("/readyz").status_code == 503

    def test_visitors_get_404(self, client):
        assert client.get("/readyz", REMOTE_ADDR="203.0.113.9").status_code == 404

    def test_requests_through_a_proxy_get_404(self, client):
        assert client.get("/readyz", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404


class TestOverdue:
    """Which emails are overdue, and since when."""

    @pytest.fixture(autouse=True)
    def _long_ago(self, smtp_sink):
        cast.written()
        OutgoingEmail.objects.update(created_at=timezone.now() - timedelta(days=2))

    def late(self):
        return mail_health().late

    def test_an_old_email_that_is_sent_again_is_not_overdue(self):
        OutgoingEmail.objects.update(state="failed")
        send_again(OutgoingEmail.objects.all())
        assert self.late() is None

    def test_an_email_with_a_temporary_refusal_waits_for_its_next_attempt(self, smtp_sink):
        smtp_sink.answer("rcpt", "450 4.2.1 later")
        cast.written()
        assert send_what_is_due() == {"later": 1, "sent": 1}
        assert self.late() is None

    def test_it_is_overdue_if_no_email_was_sent_since(self, smtp_sink):
        smtp_sink.answer("rcpt", "450 4.2.1 later")
        assert send_what_is_due() == {"later": 1}
        assert self.late().days == 2

    def test_it_is_overdue_since_its_missed_next_attempt(self, smtp_sink):
        smtp_sink.answer("rcpt", "450 4.2.1 later")
        cast.written()
        send_what_is_due()
        OutgoingEmail.objects.filter(state="pending").update(next_attempt_at=timezone.now() - timedelta(minutes=20))
        assert round(self.late().total_seconds() / 60) == 20


def test_the_status_command_prints_it(capsys):
    cast.written()
    call_command("status")
    assert capsys.readouterr().out.splitlines() == [
        "emails pending: 1",
        "oldest email that should have left: none",
        "beat last ran: never",
    ]


def test_the_admin_warns_that_emails_are_not_sent(client):
    make.signed_in_staff(client)
    cast.written()
    assert "Emails can’t be sent" not in client.get("/manage/").content.decode()
    OutgoingEmail.objects.update(next_attempt_at=timezone.now() - timedelta(minutes=16))
    assert "Emails can’t be sent" in client.get("/manage/").content.decode()


def test_the_admin_warns_about_an_unknown_email_and_links_to_it(client):
    make.signed_in_staff(client)
    cast.written()
    address = "/manage/mail/outgoingemail/?state__in=failed,unknown"
    assert address not in client.get("/manage/").content.decode()
    OutgoingEmail.objects.update(state="unknown")
    page = client.get("/manage/members/member/").content.decode()
    assert (address in page, "1 email needs a decision." in page) == (True, True)
    assert " 1 email " in " ".join(client.get(address).content.decode().split())
