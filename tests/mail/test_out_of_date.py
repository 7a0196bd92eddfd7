"""An email whose link would hardly work anymore is canceled instead of sent."""

from datetime import timedelta

import pytest
from django.utils import timezone

from s4jr.mail import link_clocks
from s4jr.mail.delivery import send_what_is_due
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.out_of_date import OUT_OF_DATE, latest_sending, was_too_late
from s4jr.mail.services import begin_commit, claim_due
from s4jr.mail.transports.smtp import SmtpTransport
from tests import cast

pytestmark = pytest.mark.django_db
State = OutgoingEmail.State
PAST, FUTURE = timedelta(seconds=-1), timedelta(hours=1)


def written(until):
    return cast.written(not_after=timezone.now() + until)


def test_an_email_past_its_time_is_canceled_and_says_why(smtp_sink):
    email = written(PAST)
    assert send_what_is_due() == {"out of date": 1}
    email.refresh_from_db()
    assert (email.state, email.last_error, email.to, email.body) == (State.CANCELED, OUT_OF_DATE, "", "")
    assert (was_too_late(email), smtp_sink.emails) == (True, [])


def test_an_email_within_its_time_is_sent(smtp_sink):
    email = written(FUTURE)
    assert send_what_is_due() == {"sent": 1}
    email.refresh_from_db()
    assert not was_too_late(email)


def test_it_is_canceled_while_it_waits_and_while_sending_is_paused(smtp_sink):
    smtp_sink.answer("rcpt", "550 5.4.5 daily limit")
    written(FUTURE)
    send_what_is_due()
    OutgoingEmail.objects.update(not_after=timezone.now())
    assert send_what_is_due() == {"out of date": 1}
    assert OutgoingEmail.objects.get().state == State.CANCELED


def test_it_is_not_handed_over_if_its_time_passes_while_it_is_prepared(smtp_sink):
    class TakesLong(SmtpTransport):
        def prepare(self, email):
            super().prepare(email)
            OutgoingEmail.objects.filter(pk=email.pk).update(not_after=timezone.now())

    written(FUTURE)
    assert send_what_is_due(TakesLong("127.0.0.1", smtp_sink.port)) == {"called back": 1}
    assert (OutgoingEmail.objects.get().state, smtp_sink.emails) == (State.CANCELED, [])


def test_an_email_that_is_being_handed_over_is_not_canceled():
    written(FUTURE)
    [email] = claim_due(1)
    assert begin_commit(email)
    OutgoingEmail.objects.update(not_after=timezone.now())
    assert send_what_is_due() == {}
    assert OutgoingEmail.objects.get().state == State.COMMITTING


def test_a_reader_gets_at_least_half_of_the_time():
    left = latest_sending(timedelta(days=7)) - timezone.now()
    assert round(left / timedelta(hours=1)) == 84


@pytest.mark.parametrize(("waited", "started"), [(timedelta(seconds=59), []), (timedelta(seconds=61), [61])])
def test_the_clock_of_a_link_starts_when_its_email_was_sent_late(smtp_sink, monkeypatch, waited, started):
    found = []
    monkeypatch.setitem(link_clocks._clocks, "test", lambda email, time: found.append(int(time.total_seconds())))
    cast.written()
    OutgoingEmail.objects.update(created_at=timezone.now() - waited)
    assert send_what_is_due() == {"sent": 1}
    assert found == started
