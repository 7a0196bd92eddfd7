"""The automatic answer to replies: to people who got an email of ours, and never in a loop."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from s4jr.mail.bounces.intake import receive_message
from s4jr.mail.bounces.messages import read_message
from s4jr.mail.bounces.replies import read_reply
from s4jr.mail.bounces.services import Outcome
from s4jr.mail.delivery import send_what_is_due
from s4jr.mail.discreet import coalition_words_in
from s4jr.mail.models import Suppression
from s4jr.security.models import RateLimit
from tests import cast, make
from tests.mail.bounces.incoming import answers, message, reply, sent

pytestmark = pytest.mark.django_db(transaction=True)


class TestAnAnswer:
    @pytest.mark.parametrize(
        ("language", "subject", "page"),
        [
            ("en", "Automatic reply", "/contact/"),
            ("fr-ca", "Réponse automatique", "/fr/contact/"),
            ("es", "Respuesta automática", "/es/contact/"),
        ],
    )
    def test_names_the_contact_page_in_the_language_of_the_email(self, smtp_sink, language, subject, page):
        email, _ = sent(smtp_sink, language=language)
        assert receive_message(reply(email)) == Outcome.ANSWERED
        send_what_is_due()
        answer = smtp_sink.emails[-1]
        assert (answer["Subject"], cast.links_in(answer.get_content())) == (subject, [settings.SITE_URL + page])
        assert coalition_words_in(answer["Subject"] + answer["From"]) == []

    def test_says_that_a_program_wrote_it(self, smtp_sink):
        email, _ = sent(smtp_sink)
        receive_message(reply(email))
        send_what_is_due()
        delivery = smtp_sink.deliveries[-1]
        headers = [delivery.email[name] for name in ("Auto-Submitted", "In-Reply-To", "References", "To")]
        assert headers == ["auto-replied", "<heron-1@mailbox.example>", "<heron-1@mailbox.example>", cast.ADDRESS]
        assert (delivery.sender, delivery.email["From"]) == ("<>", "hello@localhost")

    def test_keeps_no_word_of_the_reply_once_it_is_sent(self, smtp_sink):
        email, _ = sent(smtp_sink, about="member ABC")
        receive_message(reply(email))
        send_what_is_due()
        [answer] = answers()
        assert (answer.to, answer.body, answer.in_reply_to, answer.about) == ("", "", None, "member ABC")

    @pytest.mark.parametrize(
        "message_id", ["no brackets", "<a@b> <c@d>", "<a\tb@c>", f"<{'a' * 300}@b>", "", "<<a>@b>", "<a>"]
    )
    def test_refers_to_no_malformed_message_id(self, smtp_sink, message_id):
        email, _ = sent(smtp_sink)
        raw = reply(email).replace(b"<heron-1@mailbox.example>", message_id.encode())
        assert receive_message(raw) == Outcome.ANSWERED
        send_what_is_due()
        assert smtp_sink.emails[-1]["In-Reply-To"] is None

    def test_comes_once_a_week(self, smtp_sink):
        email, _ = sent(smtp_sink)
        assert [receive_message(reply(email)) for _ in range(3)] == [Outcome.ANSWERED, Outcome.IGNORED, Outcome.IGNORED]
        RateLimit.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        assert receive_message(reply(email)) == Outcome.ANSWERED

    def test_comes_once_a_week_for_all_spellings_of_an_inbox(self, smtp_sink):
        spellings = [f"rosalind+{tag}@gmail.com" for tag in "ab"]
        emails = [sent(smtp_sink, to=spelling)[0] for spelling in spellings]
        became = [receive_message(reply(email, sender=to)) for email, to in zip(emails, spellings, strict=True)]
        assert became == [Outcome.ANSWERED, Outcome.IGNORED]


class TestNoAnswer:
    def refused(self, raw):
        return (receive_message(raw), answers()) == (Outcome.IGNORED, [])

    def test_to_someone_whose_emails_are_discreet(self, smtp_sink):
        cast.waiting(contact="discreet")
        email, _ = sent(smtp_sink)
        assert self.refused(reply(email))

    @pytest.mark.parametrize("reason", Suppression.Reason)
    def test_to_a_suppressed_address(self, smtp_sink, reason):
        email, _ = sent(smtp_sink)
        make.stop(email.to_index, reason)
        assert self.refused(reply(email))

    def test_to_a_forged_sender(self, smtp_sink):
        """Someone who knows an email's Message-ID can't have another address answered: no backscatter."""
        email, _ = sent(smtp_sink)
        assert self.refused(reply(email, sender="stranger@elsewhere.example"))

    def test_to_someone_who_replies_to_no_email_of_ours(self, smtp_sink):
        sent(smtp_sink)
        raw = message(f"From: {cast.ADDRESS}", "Subject: Hello", "In-Reply-To: <other@127.0.0.1>", body="Hello")
        assert self.refused(raw)

    def test_to_a_message_id_of_another_host(self, smtp_sink):
        email, _ = sent(smtp_sink)
        assert self.refused(reply(email).replace(b"@127.0.0.1>", b"@elsewhere.example>"))

    @pytest.mark.parametrize(
        "header",
        [
            "Auto-Submitted: auto-replied",
            "Auto-Submitted: auto-generated",
            "Precedence: bulk",
            "Precedence: Junk",
            "Precedence: list",
            "List-Id: <list.mailbox.example>",
            "List-Unsubscribe: <https://mailbox.example/>",
            "X-Autoreply: yes",
            "X-Auto-Response-Suppress: All",
            "X-Loop: rosalind",
            "Return-Path: <>",
            "Return-Path: <owner-list@mailbox.example>",
        ],
    )
    def test_to_programs_and_lists(self, smtp_sink, header):
        email, _ = sent(smtp_sink)
        assert self.refused(reply(email, header))

    @pytest.mark.parametrize(
        "subject",
        [
            "Automatic reply: A subject",
            "Out of Office",
            "Auto: A subject",
            "Réponse automatique : A subject",
            "=?utf-8?q?Absence_du_bureau?=",
            "Respuesta automática",
            "Fuera de la oficina",
        ],
    )
    def test_to_out_of_office_in_three_languages(self, smtp_sink, subject):
        email, _ = sent(smtp_sink)
        assert self.refused(reply(email, subject=subject))

    @pytest.mark.parametrize(
        "sender",
        [
            "MAILER-DAEMON@mailbox.example",
            "postmaster@mailbox.example",
            "no-reply@mailbox.example",
            "list-request@mailbox.example",
            "hello@localhost",
            "bounces@quiet.example",
            "bounces+abcdefghijklmnopqrstuvwx23@quiet.example",
        ],
    )
    def test_to_names_that_no_person_has_and_to_our_own(self, smtp_sink, sender):
        email, _ = sent(smtp_sink, to=sender)
        assert self.refused(reply(email, sender=sender))

    def test_to_several_senders(self, smtp_sink):
        email, _ = sent(smtp_sink)
        raw = reply(email).replace(b"From: Rosalind <", b"From: Rosalind <rosalind@mailbox.example>, stranger <")
        assert self.refused(raw)


class TestLoops:
    def test_an_automatic_answer_is_never_answered(self, smtp_sink):
        """Another program that answers ours, and says nothing of what it is."""
        email, _ = sent(smtp_sink)
        for _round in range(5):
            receive_message(reply(email))
            send_what_is_due()
            RateLimit.objects.all().delete()  # as if each round took a week
            [email] = answers()[-1:]
        assert len(answers()) == 1

    def test_a_program_that_answers_every_email_gets_one_answer_a_week(self, smtp_sink):
        emails = [sent(smtp_sink)[0] for _ in range(4)]
        became = [receive_message(reply(email)) for email in emails]
        assert (became.count(Outcome.ANSWERED), len(answers())) == (1, 1)


def test_a_subject_of_a_person_is_no_out_of_office():
    for subject in ("Re: Automobile", "Authors", "About the office", "Absolutely", "Congress"):
        raw = message(
            "From: a@mailbox.example",
            f"Subject: {subject}",
            f"In-Reply-To: <{'0' * 8}-0000-0000-0000-{'0' * 12}@127.0.0.1>",
        )
        assert read_reply(read_message(raw)) is not None
