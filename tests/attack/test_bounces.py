"""THREATS 61 and 62 with values from a seed: forged bounces, and programs that answer each other."""

import random
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from s4jr.mail.bounces.intake import receive_message
from s4jr.mail.bounces.services import Outcome
from s4jr.mail.delivery import send_what_is_due
from s4jr.mail.models import OutgoingEmail, Suppression
from s4jr.mail.return_address import token_in
from s4jr.security.models import RateLimit
from tests import cast
from tests.mail.bounces.incoming import answers, dsn, message, reply, sent, status

pytestmark = pytest.mark.django_db(transaction=True)
LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
CODES = ["5.1.1", "5.1.10", "5.0.0", "5.7.1", "4.2.2", "9.9.9", "", "5.1.1 5.1.1"]
ACTIONS = ["failed", "delayed", "delivered", "FAILED", "", "failed\r\nAction: failed"]


@pytest.fixture
def dice(seed, settings):
    settings.BOUNCE_ADDRESS = "bounces@quiet.example"
    return random.Random(seed)


def test_threat_61_no_forged_report_changes_anything(dice, size, tell, smtp_sink):
    emails = [sent(smtp_sink, to=f"reader{number}@mailbox.example")[0] for number in range(5)]
    senders = [delivery.sender for delivery in smtp_sink.deliveries]
    before = rows()
    count, began = size(150, 20_000), time.monotonic()
    became = {receive_message(forged(dice, emails, senders)) for _ in range(count)}
    tell(f"{count} forged reports in {time.monotonic() - began:.1f} s, {len({*rows()} - {*before})} rows changed")
    assert (became, rows(), Suppression.objects.count()) == ({Outcome.IGNORED}, before, 0)


def rows():
    return list(OutgoingEmail.objects.order_by("pk").values_list("pk", "state", "last_error", "return_token_hash"))


def forged(dice, emails, senders):
    """What someone may write who knows everything but the whole token: the rest of the report is as it should be."""
    number = dice.randrange(len(emails))
    address, email, sender = f"reader{number}@mailbox.example", emails[number], senders[number]
    known = f"Message-ID: <{email.pk}@127.0.0.1>\r\nReturn-Path: <{sender}>\r\nTo: {sender}\r\n\r\n{sender}"
    report = status(dice.choice(CODES), action=dice.choice(ACTIONS), final=address, diagnostic=sender)
    raw = dsn(f"bounces+{near(dice, token_in(sender))}@quiet.example", report, copy=known)
    answered = f"In-Reply-To: <{email.pk}@127.0.0.1>\r\nSubject:".encode()
    return raw if dice.random() < 0.5 else raw.replace(b"Subject:", answered, 1)


def near(dice, token):
    """A token that differs in one letter at least, or is cut, or is longer."""
    place = dice.randrange(len(token))
    other = dice.choice(LETTERS.replace(token[place], ""))
    cut = dice.choice([token[:-1], token + "a", "", f"{token[:place]}%{token[place + 1 :]}"])
    return dice.choice([f"{token[:place]}{other}{token[place + 1 :]}", cut, "".join(dice.choices(LETTERS, k=26))])


def test_threat_62_programs_that_answer_each_other_get_one_answer_a_week(dice, size, tell, smtp_sink):
    """The other side answers every email it gets, and says nothing of being a program."""
    sent(smtp_sink)
    weeks, rounds = size(3, 50), size(5, 40)
    for _week in range(weeks):
        cast.written()
        for _round in range(rounds):
            send_what_is_due()
            newest = list(OutgoingEmail.objects.filter(state="sent"))
            receive_message(reply(dice.choice(newest), subject=dice.choice(["Re: A subject", "Merci", ""])))
        RateLimit.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    tell(f"{weeks} weeks of {rounds} replies, {len(answers())} answers")
    assert len(answers()) <= weeks


def test_threat_62_no_message_makes_us_write_to_someone_we_never_wrote_to(dice, size, tell, smtp_sink):
    email, sender = sent(smtp_sink)
    count = size(100, 5000)
    for number in range(count):
        stranger = f"stranger{number}@elsewhere.example"
        headers = [f"From: {stranger}", f"Reply-To: {stranger}", f"Sender: {stranger}", f"Return-Path: <{stranger}>"]
        dice.shuffle(headers)
        answered = [f"In-Reply-To: <{email.pk}@127.0.0.1>", f"References: <{email.pk}@127.0.0.1>"]
        receive_message(message(*headers, *answered, body=sender, to=dice.choice([sender, "hello@localhost"])))
    tell(f"{count} messages, {len(answers())} answers")
    assert answers() == []
