"""A sender who must never be emailed gets no email about a message, in any order of actions.

A new function in `chapters/representative_messages/emails.py` needs a row in WRITERS: a step of this file that makes it
write to a sender who accepts email. Without the row, the first test fails.
"""

import inspect
import secrets
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from chapters.models import RepresentativeMessage
from chapters.representative_messages import emails, escalation, moderation, retention
from chapters.representative_messages import services as message_services
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.models import OutgoingEmail, Suppression
from tests import make
from tests.chapters.representative_messages import cast

pytestmark = pytest.mark.django_db


class Talk:
    """A sender and their representative."""

    def __init__(self, contact, *, is_suppressed=False, flag_reason=""):
        self.to = cast.representative()
        if is_suppressed:
            make.stop(blind_index(cast.SENDER), Suppression.Reason.NEVER)
        self.asked = cast.submission(
            self.to, contact=contact, email="" if contact == "none" else cast.SENDER, flag_reason=flag_reason,
            coalition_may_answer=True,
        )  # fmt: skip
        cast.send(self.asked)

    @property
    def row(self):
        return RepresentativeMessage.objects.filter(form_token=self.asked.form_token)

    def each(self):
        return list(self.row)


def send_again(talk):
    message_services.submit_message(talk.asked)


def write_again(talk):
    message_services.add_message(talk.row, "One thing more.", secrets.token_hex(16))


def answer(talk):
    for message in talk.each():
        message_services.answer(
            cast.these(message), cast.ANSWER, by=talk.to.user, seen=message.turn, form_token=secrets.token_hex(16)
        )


def close(talk):
    for message in talk.each():
        message_services.close(cast.these(message), by=talk.to.user, seen=message.turn)


def block(talk):
    moderation.block_senders(talk.row, by=talk.to.user)


def report(talk):
    for message in talk.each():
        for word in message.said.all():
            moderation.report(talk.row, word.pk, "", answers=word.is_answer)


def a_week_goes_by(talk):
    for message in talk.each():
        cast.grow_old(message, 7)
    escalation.escalate_unread()


def take_over(talk):
    for message in talk.each():
        escalation.take_over(cast.these(message), by=talk.to.user)


def a_month_goes_by(talk):
    retention.email_before_erasure(timezone.now() + timedelta(days=31))


def erase(talk):
    retention.erase_messages(talk.row)


STEPS = [send_again, write_again, answer, close, block, report, a_week_goes_by, take_over, a_month_goes_by, erase]
#: {email: the step that writes it}.
WRITERS = {"answer": answer, "not_read": a_week_goes_by, "erased": a_month_goes_by}


def to_the_sender():
    return OutgoingEmail.objects.filter(to_index=blind_index(cast.SENDER))


def test_every_email_has_a_step_that_writes_it():
    public = [name for name, made in inspect.getmembers(emails, inspect.isfunction)
              if made.__module__ == emails.__name__ and not name.startswith("_")]  # fmt: skip
    assert sorted(public) == sorted(WRITERS)


@pytest.mark.parametrize("name", WRITERS)
def test_each_step_writes_to_a_sender_who_accepts_email(name):
    WRITERS[name](Talk("yes"))
    assert to_the_sender().count() == 1


@how(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    contact=st.sampled_from(["none", "yes", "discreet"]),
    flag_reason=st.sampled_from(["", "honeypot"]),
    steps=st.lists(st.sampled_from(STEPS), max_size=8),
)
def test_senders_who_chose_never_or_are_suppressed_get_no_email_in_any_order(contact, flag_reason, steps):
    with transaction.atomic():
        talk = Talk(contact, is_suppressed=contact != "none", flag_reason=flag_reason)
        for step in steps:
            step(talk)
        others = OutgoingEmail.objects.exclude(to_index=blind_index(cast.HOLDER))
        assert others.count() == 0
        transaction.set_rollback(True)
