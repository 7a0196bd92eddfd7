"""Tasks of workers. Messages are empty: the database knows what is due."""

import logging
from typing import Any, cast

from celery import shared_task
from celery.signals import task_success
from django.conf import settings

from s4jr.beat_schedule import READ_BOUNCES
from s4jr.mail.bounces.imap import read_mailbox
from s4jr.mail.delivery import send_what_is_due
from s4jr.mail.health import BEAT, note
from s4jr.mail.task_health import note_first_beat, note_task

logger = logging.getLogger(__name__)
#: For how long one task sends. If more emails are due, other tasks run in between.
TURN_SECONDS = 10

task_success.connect(note_task)  # every scheduled task, of every app, has a heartbeat


@shared_task(name="mail.send_due")
def send_due() -> None:
    if send_what_is_due(seconds=TURN_SECONDS)["more to do"]:
        # It expires once another run may have started, so that runs never pile up.
        nudge(expires=TURN_SECONDS)


@shared_task(name="mail.note_beat")
def note_beat() -> None:
    note(BEAT)
    note_first_beat()


@shared_task(name=READ_BOUNCES)
def read_bounces() -> None:
    read_mailbox(settings.BOUNCE_MAILBOX_URL)


def nudge(expires: int = 60) -> None:
    """Ask a worker to check the outbox now. If the broker is down, the next beat does it.

    `expires` is in seconds.
    """
    try:
        cast(Any, send_due).apply_async(retry=False, expires=expires)
    except Exception as error:
        logger.warning("the broker did not answer (%s); the email leaves with the next beat", type(error).__name__)
