"""The return address of each email: random, of this email alone, and kept as a keyed hash."""

import re

import pytest
from django.conf import settings

from s4jr.mail.delivery import send_what_is_due
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.return_address import assign_return_address, token_hash, token_in
from s4jr.mail.services import begin_commit, claim_due
from tests import cast
from tests.servers.smtp import HANG_UP

TOKEN = "abcdefghijklmnopqrstuvwx23"


@pytest.fixture
def _with_bounces(settings):
    settings.BOUNCE_ADDRESS = "bounces@quiet.example"


@pytest.mark.django_db(transaction=True)
class TestSending:
    def test_without_bounce_address_emails_come_back_to_the_sender(self, smtp_sink):
        email = cast.written()
        send_what_is_due()
        email.refresh_from_db()
        assert (smtp_sink.deliveries[0].sender, email.return_token_hash) == (settings.MAIL_FROM, None)

    @pytest.mark.usefixtures("_with_bounces")
    def test_each_email_has_a_token_of_its_own_and_only_its_hash_is_kept(self, smtp_sink):
        emails = [cast.written(), cast.written()]
        send_what_is_due()
        senders = [delivery.sender for delivery in smtp_sink.deliveries]
        tokens = [re.fullmatch(r"bounces\+([a-z2-7]{26})@quiet\.example", sender).group(1) for sender in senders]
        kept = [OutgoingEmail.objects.get(pk=email.pk).return_token_hash for email in emails]
        assert (len(set(tokens)), kept) == (2, [token_hash(token) for token in tokens])

    @pytest.mark.usefixtures("_with_bounces")
    def test_sender_and_headers_stay_neutral(self, smtp_sink):
        cast.written()
        send_what_is_due()
        [email] = smtp_sink.emails
        assert (email["From"], email["Reply-To"], email["Return-Path"]) == ("hello@localhost", None, None)
        assert "bounces" not in smtp_sink.deliveries[0].raw.decode()

    @pytest.mark.usefixtures("_with_bounces")
    def test_another_attempt_has_another_token_and_the_last_one_counts(self, smtp_sink, settings):
        settings.MAIL_BACK_OFF_SECONDS = [0]
        smtp_sink.answer("data", "451 4.3.0 later")
        email, senders = cast.written(), []
        answer = smtp_sink.handle_RCPT

        async def note(server, session, envelope, address, options):
            senders.append(envelope.mail_from)
            return await answer(server, session, envelope, address, options)

        smtp_sink.handle_RCPT = note
        try:
            send_what_is_due()
        finally:
            del smtp_sink.handle_RCPT
        email.refresh_from_db()
        assert (len(set(senders)), email.return_token_hash) == (2, token_hash(token_in(senders[-1])))

    @pytest.mark.usefixtures("_with_bounces")
    def test_an_email_without_an_answer_keeps_its_token(self, smtp_sink):
        smtp_sink.answer("data", HANG_UP)
        email = cast.written()
        send_what_is_due()
        email.refresh_from_db()
        assert (email.state, len(email.return_token_hash)) == ("unknown", 64)


@pytest.mark.django_db
@pytest.mark.usefixtures("_with_bounces")
def test_the_hash_is_stored_by_the_step_that_begins_to_hand_it_over():
    cast.written()
    [email] = claim_due(1)
    assign_return_address(email)
    before = OutgoingEmail.objects.get().return_token_hash
    begin_commit(email)
    assert (before, OutgoingEmail.objects.get().return_token_hash) == (None, email.return_token_hash)


@pytest.mark.django_db
@pytest.mark.usefixtures("_with_bounces")
def test_an_automatic_answer_has_the_empty_return_address():
    email = cast.written(kind="auto-reply")
    assert (assign_return_address(email), email.return_token_hash) == ("", None)


@pytest.mark.usefixtures("_with_bounces")
@pytest.mark.parametrize(
    ("address", "token"),
    [
        (f"bounces+{TOKEN}@quiet.example", TOKEN),
        (f" Bounces+{TOKEN.upper()}@QUIET.example ", TOKEN),
        (f"bounces+{TOKEN}@other.example", ""),
        (f"hello+{TOKEN}@quiet.example", ""),
        (f"bounces+{TOKEN}x@quiet.example", ""),
        ("bounces+@quiet.example", ""),
        ("bounces@quiet.example", ""),
        ("", ""),
    ],
)
def test_a_token_is_read_from_our_own_address_only(address, token):
    assert token_in(address) == token


def test_without_bounce_address_no_token_is_read():
    assert [token_in(address) for address in (f"+{TOKEN}@", f"+{TOKEN}", TOKEN)] == [""] * 3
