"""What a bounce changes: only the token says whose email it is about."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from s4jr.crypto.blind_index import blind_index
from s4jr.mail.bounces.intake import receive_message
from s4jr.mail.bounces.reports import Report, Verdict
from s4jr.mail.bounces.services import Outcome, forget_return_tokens, record_bounce
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.mail.return_address import VALID_FOR, assign_return_address, token_in
from s4jr.mail.services import begin_commit, claim_due, erase_emails, mark_bounced, send_again, undo_bounced
from tests import cast
from tests.mail.bounces.incoming import QMAIL, dsn, message, reply, sent, state_of, status
from tests.servers.smtp import HANG_UP

pytestmark = pytest.mark.django_db(transaction=True)
State = OutgoingEmail.State
GONE = Report(Verdict.NO_MAILBOX, "5.1.1", frozenset({cast.ADDRESS}))


def why_stopped(address=cast.ADDRESS):
    return Suppression.objects.reason_for(blind_index(address))


class TestNoSuchMailbox:
    def test_the_email_bounced_and_no_other_goes_to_that_address(self, smtp_sink):
        email, sender = sent(smtp_sink)
        waiting = cast.written()
        before = timezone.now()
        assert receive_message(dsn(sender, status())) == Outcome.BOUNCED
        email.refresh_from_db()
        assert (email.state, state_of(waiting)) == (State.BOUNCED, State.CANCELED)
        assert (email.bounced_at >= before, email.last_error) == (True, "a mail server reported: returned 5.1.1")
        assert why_stopped() == Suppression.Reason.BOUNCED

    def test_the_token_counts_once(self, smtp_sink):
        email, sender = sent(smtp_sink)
        receive_message(dsn(sender, status()))
        undo_bounced(OutgoingEmail.objects.filter(pk=email.pk))
        assert receive_message(dsn(sender, status())) == Outcome.IGNORED
        assert (state_of(email), why_stopped()) == (State.SENT, None)

    def test_two_reports_at_the_same_time_count_once(self, smtp_sink):
        _, sender = sent(smtp_sink)

        def receive(_):
            try:
                return receive_message(dsn(sender, status()))
            finally:
                connections.close_all()

        with ThreadPoolExecutor(4) as threads:
            became = list(threads.map(receive, range(4)))
        assert sorted(became) == ["bounced", "ignored", "ignored", "ignored"]

    def test_an_admin_at_the_same_time_is_no_deadlock(self, smtp_sink):
        email, sender = sent(smtp_sink)

        def act(number):
            try:
                if number % 2:
                    return mark_bounced(OutgoingEmail.objects.filter(pk=email.pk))
                return receive_message(dsn(sender, status())) == Outcome.BOUNCED
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as threads:
            assert sum(threads.map(act, range(2))) == 1
        assert (state_of(email), why_stopped()) == (State.BOUNCED, Suppression.Reason.BOUNCED)

    def test_after_fourteen_days_it_counts_no_more(self, smtp_sink):
        email, sender = sent(smtp_sink)
        OutgoingEmail.objects.update(sent_at=timezone.now() - VALID_FOR)
        assert (receive_message(dsn(sender, status())), state_of(email)) == (Outcome.IGNORED, State.SENT)
        OutgoingEmail.objects.update(sent_at=timezone.now() - VALID_FOR + timedelta(minutes=1))
        assert receive_message(dsn(sender, status())) == Outcome.BOUNCED

    def test_of_an_email_that_may_have_arrived(self, smtp_sink):
        smtp_sink.answer("data", HANG_UP, keep=True)
        email, sender = sent(smtp_sink)
        assert state_of(email) == State.UNKNOWN
        receive_message(dsn(sender, status()))
        email.refresh_from_db()
        assert (email.state, email.body, why_stopped()) == (State.BOUNCED, "", Suppression.Reason.BOUNCED)

    def test_of_an_email_that_is_just_being_handed_over_comes_again(self):
        cast.written()
        [email] = claim_due(1)
        token = token_in(assign_return_address(email))
        begin_commit(email)
        assert (record_bounce(token, GONE), state_of(email)) == (Outcome.TRY_LATER, State.COMMITTING)

    def test_of_an_erased_email_changes_nothing(self, smtp_sink):
        _, sender = sent(smtp_sink, kind="confirm")
        erase_emails(OutgoingEmail.objects.all())
        assert (receive_message(dsn(sender, status())), why_stopped()) == (Outcome.IGNORED, None)


class TestForgery:
    """Each of these is what someone else could send."""

    @pytest.mark.parametrize(
        "to", ["bounces@quiet.example", "hello@localhost", "bounces+aaaaaaaaaaaaaaaaaaaaaaaaaa@quiet.example"]
    )
    def test_without_the_token_nothing_changes(self, smtp_sink, to):
        email, _ = sent(smtp_sink)
        assert (receive_message(dsn(to, status())), state_of(email)) == (Outcome.IGNORED, State.SENT)

    def test_a_message_id_alone_suppresses_nothing(self, smtp_sink):
        email, _ = sent(smtp_sink)
        copy = f"Message-ID: <{email.pk}@127.0.0.1>\r\n\r\n"
        raw = dsn("bounces@quiet.example", status(), copy=copy)
        raw = raw.replace(b"From:", f"In-Reply-To: <{email.pk}@127.0.0.1>\r\nFrom:".encode(), 1)
        assert (receive_message(raw), state_of(email), why_stopped()) == (Outcome.IGNORED, State.SENT, None)

    def test_a_token_in_the_text_is_no_recipient(self, smtp_sink):
        email, sender = sent(smtp_sink)
        raw = dsn("bounces@quiet.example", status(), copy=f"To: {sender}\r\nReturn-Path: <{sender}>\r\n\r\n{sender}")
        raw = raw.replace(b"Subject:", f"References: <{sender}>\r\nSubject: {sender}".encode(), 1)
        assert (receive_message(raw), state_of(email)) == (Outcome.IGNORED, State.SENT)

    def test_the_recipient_that_the_mail_server_names_wins_over_the_headers(self, smtp_sink):
        _, sender = sent(smtp_sink)
        assert receive_message(dsn(sender, status()), recipient="bounces@quiet.example") == Outcome.IGNORED
        assert receive_message(dsn("", status()), recipient=f"<{sender.upper()}>") == Outcome.BOUNCED

    def test_two_tokens_say_nothing(self, smtp_sink):
        (_, one), (_, other) = sent(smtp_sink), sent(smtp_sink)
        raw = dsn(one, status()).replace(b"From:", f"To: {other}\r\nFrom:".encode(), 1)
        assert receive_message(raw) == Outcome.IGNORED

    def test_a_report_about_another_address_suppresses_neither(self, smtp_sink):
        """An inbox that forwards to one that is gone exists, and the other one's owner has sent us nothing."""
        email, sender = sent(smtp_sink)
        raw = dsn(sender, status(final="orsolya@elsewhere.example"))
        assert (receive_message(raw), state_of(email)) == (Outcome.RETURNED, State.RETURNED)
        assert (why_stopped(), why_stopped("orsolya@elsewhere.example")) == (None, None)

    def test_a_token_suppresses_no_other_email_and_no_other_address(self, smtp_sink):
        _, sender = sent(smtp_sink)
        other, _ = sent(smtp_sink, to="orsolya@mailbox.example")
        receive_message(dsn(sender, status(), status(final="orsolya@mailbox.example")))
        assert (state_of(other), why_stopped("orsolya@mailbox.example")) == (State.SENT, None)

    def test_guessed_tokens_find_nothing(self, smtp_sink):
        email, sender = sent(smtp_sink)
        token = token_in(sender)
        near = [token[:n] + ("a" if token[n] != "a" else "b") + token[n + 1 :] for n in range(26)]
        became = {receive_message(dsn(f"bounces+{guess}@quiet.example", status())) for guess in near}
        assert (became, state_of(email)) == ({Outcome.IGNORED}, State.SENT)


class TestOtherReasons:
    @pytest.mark.parametrize("code", ["5.7.1", "5.2.2", "5.2.1", "5.4.4", "4.4.7"])
    def test_it_came_back_and_the_address_gets_other_emails(self, smtp_sink, code):
        email, sender = sent(smtp_sink)
        assert receive_message(dsn(sender, status(code))) == Outcome.RETURNED
        email.refresh_from_db()
        assert (email.state, email.last_error) == (State.RETURNED, f"a mail server reported: returned {code}")
        assert (email.bounced_at is not None, why_stopped()) == (True, None)

    def test_one_that_may_have_arrived_can_be_sent_again(self, smtp_sink):
        smtp_sink.answer("data", HANG_UP, keep=True)
        email, sender = sent(smtp_sink)
        receive_message(dsn(sender, status("5.7.1")))
        email.refresh_from_db()
        assert (email.state, email.body) == (State.FAILED, "A body.\n")
        assert (send_again(OutgoingEmail.objects.all()), OutgoingEmail.objects.get().bounced_at) == (1, None)

    def test_an_admin_may_still_say_that_the_address_does_not_exist(self, smtp_sink):
        email, sender = sent(smtp_sink)
        receive_message(dsn(sender, status("5.7.1")))
        mark_bounced(OutgoingEmail.objects.all())
        assert (state_of(email), why_stopped()) == (State.BOUNCED, Suppression.Reason.BOUNCED)

    def test_a_delay_is_only_noted_and_the_token_still_counts(self, smtp_sink):
        email, sender = sent(smtp_sink)
        assert receive_message(dsn(sender, status("4.2.2", action="delayed"))) == Outcome.NOTED
        email.refresh_from_db()
        assert (email.state, email.last_error) == (State.SENT, "a mail server reported: delayed 4.2.2")
        assert (email.bounced_at, why_stopped()) == (None, None)
        assert receive_message(dsn(sender, status())) == Outcome.BOUNCED

    @pytest.mark.parametrize(
        "headers",
        [
            ["Auto-Submitted: auto-replied"],
            ["X-Autoreply: yes"],
            ["Return-Path: <>", "Subject: Out of office: 550 5.1.1"],
            ["Return-Path: <>", "Subject: =?utf-8?q?R=C3=A9ponse_automatique?="],
            ["Return-Path: <>", "Subject: Respuesta autom\u00e1tica"],
            ["Precedence: auto_reply"],
        ],
    )
    def test_out_of_office_is_ignored(self, smtp_sink, headers):
        email, sender = sent(smtp_sink)
        """Also if it quotes a bounce."""
        text = QMAIL.format(reply="Sorry, no mailbox here by that name. (#5.1.1)")
        raw = message(f"From: {cast.ADDRESS}", *headers, body=text, to=sender)
        assert (receive_message(raw), state_of(email)) == (Outcome.IGNORED, State.SENT)


class TestForgetting:
    def test_tokens_are_forgotten_after_fourteen_days(self, smtp_sink):
        (old, _), (young, _) = sent(smtp_sink), sent(smtp_sink)
        OutgoingEmail.objects.filter(pk=old.pk).update(sent_at=timezone.now() - VALID_FOR)
        assert forget_return_tokens(timezone.now()) == 1
        kept = [OutgoingEmail.objects.get(pk=email.pk).return_token_hash is not None for email in (old, young)]
        assert kept == [False, True]

    def test_nothing_of_a_reply_is_kept(self, smtp_sink):
        email, _ = sent(smtp_sink)
        receive_message(reply(email))
        rows = [row for model in (OutgoingEmail, Suppression) for row in model.objects.values()]
        texts = [each.body for each in OutgoingEmail.objects.all()]
        assert not any("heron stands" in str(text) for text in [*rows, *texts])
