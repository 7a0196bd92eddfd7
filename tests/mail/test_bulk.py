"""Announcements come in batches: a sender requests the next batch when no other email waits, for a limited time."""

import pytest

from s4jr.mail import bulk
from s4jr.mail.delivery import send_what_is_due
from s4jr.mail.models import OutgoingEmail
from s4jr.mail.services import queue_emails
from s4jr.mail.tasks import send_due
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)


class Writer:
    """Queues announcements, one batch per call, and records how many emails waited at each call."""

    def __init__(self, *sizes):
        self.sizes, self.waited = list(sizes), []

    def __call__(self):
        self.waited.append(OutgoingEmail.objects.due().count())
        size = self.sizes.pop(0) if self.sizes else 0
        return queue_emails([cast.email(batch="announcement 1") for _ in range(size)])


@pytest.fixture
def register(monkeypatch):
    """A function that makes this writer the only one."""

    def registered(writer):
        monkeypatch.setattr(bulk, "_writers", [])
        bulk.register(writer)
        return writer

    return registered


def test_each_batch_is_requested_when_nothing_waits(smtp_sink, register):
    writer = register(Writer(3, 12))
    cast.written()
    assert send_what_is_due() == {"sent": 16}
    assert writer.waited == [0, 0, 0]


def test_after_its_turn_a_sender_leaves_the_rest_to_the_next_one(smtp_sink, register):
    register(Writer(25))
    assert send_what_is_due(seconds=0) == {"sent": 10, "more to do": 1}
    assert send_what_is_due() == {"sent": 15}


@pytest.mark.parametrize(("emails", "nudges"), [(25, 1), (0, 0)])
def test_an_unfinished_task_schedules_another_turn(smtp_sink, register, monkeypatch, emails, nudges):
    register(Writer(emails))
    asked = []
    monkeypatch.setattr("s4jr.mail.tasks.TURN_SECONDS", 0)
    monkeypatch.setattr("s4jr.mail.tasks.nudge", lambda expires: asked.append(expires))
    send_due()
    assert len(asked) == nudges


def test_an_email_to_one_person_does_not_wait_for_announcements(smtp_sink, register):
    class WithAWelcome(Writer):
        """Queues an email to one person while its batch is being sent."""

        def __call__(self):
            written = super().__call__()
            if written:
                cast.written(to="welcomed@mailbox.example")
            return written

    register(WithAWelcome(40))
    send_what_is_due()
    to = [delivery.recipients[0] for delivery in smtp_sink.deliveries]
    assert to.index("welcomed@mailbox.example") == 0
