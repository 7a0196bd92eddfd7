"""Sending is paused while the fault is ours: one email tries at a time, and an accepted one ends the pause."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import IntegrityError, connections, transaction
from django.urls import reverse
from django.utils import timezone

from s4jr.mail.delivery import send_what_is_due
from s4jr.mail.health import mail_health
from s4jr.mail.models import OutgoingEmail, SendingPause
from s4jr.mail.pause_advice import ADVICE
from s4jr.mail.pause_services import hold_email, how_many_may_try
from s4jr.mail.services import claim_due
from s4jr.mail.tasks import note_beat
from s4jr.mail.transports.replies import Step, refusal
from tests import cast, make

pytestmark = pytest.mark.django_db
State, Cause = OutgoingEmail.State, SendingPause.Cause
RELAY = "454 4.7.1 relay access denied"
QUOTA, POLICY = "550 5.4.5 daily limit", "550 5.7.1 no"
AGAIN = reverse("admin:mail_try_again")


def paused(cause=Cause.SIGN_IN):
    """Sending, paused by an email that waits."""
    cast.written()
    [email] = claim_due(1)
    hold_email(email, cause, "the mail server answered 535 5.7.8")
    return email


def let_time_pass():
    """The pause's time is over, and what was held is due."""
    now = timezone.now()
    SendingPause.objects.active().update(next_try_at=now)
    OutgoingEmail.objects.filter(state=State.PENDING).update(next_attempt_at=now)


def accept_another(held):
    """An email to someone else is accepted, while this one waits."""
    other = cast.written()
    let_time_pass()
    OutgoingEmail.objects.filter(pk=held.pk).update(next_attempt_at=timezone.now() + timedelta(hours=1))
    assert (send_what_is_due(), OutgoingEmail.objects.get(pk=other.pk).state) == ({"sent": 1}, State.SENT)


def attempts():
    return list(OutgoingEmail.objects.order_by("created_at").values_list("attempts", "state"))


def active():
    return list(SendingPause.objects.active().values_list("cause", "tries"))


def wait_of(pause):
    return round((pause.next_try_at - timezone.now()).total_seconds())


class TestTheQueueWaits:
    def test_no_email_is_tried_before_the_time_is_over(self, smtp_sink):
        smtp_sink.answer("rcpt", QUOTA)
        cast.written(), cast.written()
        assert send_what_is_due() == {"paused": 1}
        assert send_what_is_due() == {}
        assert (attempts(), active(), smtp_sink.connections) == ([(0, State.PENDING)] * 2, [("quota", 1)], 1)

    def test_then_one_email_tries_and_after_it_is_accepted_all_follow(self, smtp_sink):
        paused()
        cast.written(), cast.written()
        let_time_pass()
        assert send_what_is_due() == {"sent": 3}
        assert (active(), SendingPause.objects.get().ended_at is not None) == ([], True)

    def test_another_email_tries_each_time_so_that_one_alone_cannot_stop_the_queue(self, smtp_sink):
        refused, other = cast.written(), cast.written()
        smtp_sink.answer("rcpt", QUOTA)
        send_what_is_due()
        SendingPause.objects.update(next_try_at=timezone.now())
        assert send_what_is_due() == {"sent": 1}
        assert list(OutgoingEmail.objects.sent().values_list("pk", flat=True)) == [other.pk]
        refused.refresh_from_db()
        assert refused.state == State.PENDING

    def test_an_email_that_no_server_takes_fails_at_last_if_the_others_are_accepted(self, smtp_sink):
        refused = cast.written(to="refused@mailbox.example")
        assert self.try_again(smtp_sink) == {"paused": 1}
        accept_another(refused)
        assert [self.try_again(smtp_sink) for _ in range(12)] == [{"later": 1}] * 12
        refused.refresh_from_db()
        assert (refused.state, refused.attempts, active()) == (State.FAILED, 12, [])

    def test_a_day_after_the_others_were_accepted_it_may_be_about_us_again(self, smtp_sink):
        refused = cast.written(to="refused@mailbox.example")
        self.try_again(smtp_sink)
        accept_another(refused)
        SendingPause.objects.update(ended_at=timezone.now() - timedelta(days=1))
        assert self.try_again(smtp_sink) == {"paused": 1}

    @pytest.mark.parametrize(("reply", "again"), [(QUOTA, QUOTA), (RELAY, "550 5.7.26 DMARC")])
    def test_a_quota_and_another_reply_are_still_ours(self, smtp_sink, reply, again):
        refused = cast.written(to="refused@mailbox.example")
        self.try_again(smtp_sink, reply)
        accept_another(refused)
        assert self.try_again(smtp_sink, again) == {"paused": 1}
        assert attempts()[0] == (0, State.PENDING)

    @pytest.mark.parametrize("step", list(Step))
    def test_before_a_recipient_is_named_no_reply_is_about_one(self, step):
        named = step in (Step.RECIPIENT, Step.DATA, Step.DOT)
        assert refusal(step, 550, b"5.7.26 DMARC").has_named_reader is named

    def try_again(self, sink, reply=RELAY):
        """What becomes of the only email that waits when the server answers its recipient like this."""
        sink.answer("rcpt", reply)
        let_time_pass()
        return send_what_is_due()

    def test_it_waits_longer_each_time_up_to_a_quarter_of_an_hour(self, smtp_sink):
        cast.written()
        waits = []
        for _ in range(7):
            smtp_sink.answer("rcpt", QUOTA)
            send_what_is_due()
            waits.append(wait_of(SendingPause.objects.get()))
            let_time_pass()
        assert waits == [30, 90, 270, 810, 900, 900, 900]
        assert attempts() == [(0, State.PENDING)]

    def test_a_try_that_says_nothing_about_us_lets_the_next_email_try(self, smtp_sink):
        paused()
        cast.written(to="no.such@mailbox.example"), cast.written()
        let_time_pass()
        smtp_sink.answer("rcpt", "450 4.2.0 later")
        smtp_sink.answer("rcpt", "550 5.2.1 disabled")
        assert send_what_is_due() == {"later": 1, "failed": 1, "sent": 1}

    def test_no_try_is_counted_while_no_email_is_due(self):
        paused()
        SendingPause.objects.update(next_try_at=timezone.now())
        assert (send_what_is_due(), active()) == ({}, [("sign-in", 1)])

    def test_the_rest_of_an_announcement_is_not_written_meanwhile(self, monkeypatch):
        written = []
        monkeypatch.setattr("s4jr.mail.delivery.write_next_portion", lambda: written.append(1))
        paused()
        send_what_is_due()
        assert written == []

    def test_there_is_at_most_one_pause(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            SendingPause.objects.create(pk=2, began_at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_of_many_senders_one_tries():
    paused()
    let_time_pass()

    def ask(_):
        try:
            return how_many_may_try(50)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(ask, range(8))) == [0] * 7 + [1]


class TestARefusalThatDoesNotSayWhomItIsAbout:
    """Decision 26."""

    def refuse(self, sink, *tos, reply=POLICY):
        for to in tos:
            cast.written(to=to)
            sink.answer("rcpt", reply)
        return send_what_is_due()

    def test_two_addresses_in_a_row_pause_and_give_back_what_the_tries_cost(self, smtp_sink):
        assert self.refuse(smtp_sink, "a@mailbox.example", "b@mailbox.example") == {"later": 1, "paused": 1}
        assert (attempts(), active()) == ([(0, State.PENDING)] * 2, [("policy", 1)])

    def test_an_email_accepted_in_between_shows_that_it_is_about_the_email(self, smtp_sink):
        self.refuse(smtp_sink, "a@mailbox.example")
        cast.written()
        assert send_what_is_due() == {"sent": 1}
        assert self.refuse(smtp_sink, "b@mailbox.example") == {"later": 1}
        assert (active(), attempts()[0]) == ([], (1, State.PENDING))

    def test_one_address_alone_never_pauses_and_its_email_fails_at_last(self, smtp_sink):
        cast.written(to="a@mailbox.example"), cast.written(to="a@mailbox.example")
        for _ in range(12):
            smtp_sink.answer("rcpt", POLICY)
            smtp_sink.answer("rcpt", POLICY)
            send_what_is_due()
            let_time_pass()
        assert (attempts(), active()) == ([(12, State.FAILED)] * 2, [])

    def test_a_new_suspicion_begins_when_the_suspected_email_is_gone(self, smtp_sink):
        self.refuse(smtp_sink, "a@mailbox.example")
        OutgoingEmail.objects.all().delete()
        assert self.refuse(smtp_sink, "b@mailbox.example") == {"later": 1}
        assert self.refuse(smtp_sink, "c@mailbox.example") == {"paused": 1}

    def test_refused_emails_do_not_stop_the_others_forever(self, smtp_sink):
        """An announcement that looks like spam: another email ends the pause, and from then on it is about them."""
        bad = ["a@mailbox.example", "b@mailbox.example"]
        self.refuse(smtp_sink, *bad)
        cast.written(to="good@mailbox.example")
        SendingPause.objects.update(next_try_at=timezone.now())
        assert send_what_is_due() == {"sent": 1}
        let_time_pass()
        smtp_sink.answer("rcpt", POLICY)
        smtp_sink.answer("rcpt", POLICY)
        cast.written(to="good@mailbox.example")
        assert send_what_is_due() == {"later": 2, "sent": 1}
        assert attempts()[:2] == [(1, State.PENDING)] * 2

    def test_a_day_later_they_may_be_about_us_again(self, smtp_sink):
        self.refuse(smtp_sink, "a@mailbox.example", "b@mailbox.example")
        cast.written()
        let_time_pass()
        assert send_what_is_due() == {"sent": 3}
        SendingPause.objects.update(ended_at=timezone.now() - timedelta(days=1))
        assert self.refuse(smtp_sink, "c@mailbox.example", "d@mailbox.example") == {"later": 1, "paused": 1}


class TestWhatAdminsSee:
    @pytest.fixture(autouse=True)
    def _beat(self):
        note_beat()

    @pytest.mark.parametrize("cause", Cause)
    def test_each_cause_has_advice(self, client, cause):
        make.signed_in_staff(client)
        paused(cause)
        SendingPause.objects.update(began_at=timezone.now() - timedelta(minutes=16))
        page = client.get(reverse("admin:index")).content.decode()
        assert (str(cause.label) in page, str(ADVICE[cause]) in page, "535 5.7.8" in page) == (True, True, True)

    def test_readyz_fails_and_names_the_cause(self, client):
        paused()
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["emails"]) == (503, False)
        assert answer.json()["sending_paused"] == "sign-in"

    def test_a_mail_server_that_is_away_for_a_moment_alarms_no_one(self, client):
        paused(Cause.UNREACHABLE)
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["sending_paused"]) == (200, "unreachable")
        SendingPause.objects.update(began_at=timezone.now() - timedelta(minutes=16))
        assert client.get("/readyz").status_code == 503

    def test_all_is_well_once_an_email_was_accepted(self, client, smtp_sink):
        paused()
        let_time_pass()
        send_what_is_due()
        answer = client.get("/readyz")
        assert (answer.status_code, "sending_paused" in answer.json()) == (200, False)

    def test_the_status_command_names_the_cause(self, capsys):
        paused()
        call_command("status")
        assert "sending is paused: sign-in" in capsys.readouterr().out.splitlines()

    def test_an_admin_lets_an_email_try_now(self, client, smtp_sink):
        make.signed_in_staff(client)
        paused()
        assert "Try again now" in client.get(reverse("admin:index")).content.decode()
        page = client.post(AGAIN, follow=True).content.decode()
        assert "One email is being tried now." in page
        assert send_what_is_due() == {"sent": 1}

    def test_without_a_pause_the_button_does_nothing(self, client):
        make.signed_in_staff(client)
        assert client.post(AGAIN).status_code == 302
        assert SendingPause.objects.count() == 0

    def test_staff_without_the_permission_see_the_cause_and_no_button(self, client):
        user = make.signed_in_staff(client, "cleo", superuser=False)
        user.user_permissions.set(Permission.objects.filter(codename="view_outgoingemail"))
        paused()
        page = client.get(reverse("admin:index")).content.decode()
        assert (str(Cause.SIGN_IN.label) in page, "Try again now" in page) == (True, False)
        assert client.post(AGAIN).status_code == 403
        assert client.get(AGAIN).status_code in (403, 405)

    def test_health_takes_one_query_with_a_pause_as_without(self, django_assert_num_queries):
        paused()
        with django_assert_num_queries(1):
            assert mail_health().pause == "sign-in"
