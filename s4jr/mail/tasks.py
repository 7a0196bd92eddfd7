"""What workers do. Messages are empty: what is to be done stands in the database."""

import logging

from celery import shared_task

from s4jr.mail.delivery import send_what_is_due
from s4jr.mail.health import BEAT, note
from s4jr.mail.task_health import note_first_beat

logger = logging.getLogger(__name__)
#: For how long one task sends. Many emails take longer: then others have their turn, and it goes on after them.
TURN_SECONDS = 10


@shared_task(name="mail.send_due")
def send_due():
    if send_what_is_due(seconds=TURN_SECONDS)["more to do"]:
        # One that waited this long found another turn before it: so turns never pile up.
        nudge(expires=TURN_SECONDS)


@shared_task(name="mail.note_beat")
def note_beat():
    note(BEAT)
    note_first_beat()


def nudge(expires=60):
    """Ask a worker to look into the outbox now. A broker that is down costs nothing but time: beat asks again.

    `expires` is in seconds.
    """
    try:
        send_due.apply_async(retry=False, expires=expires)
    except Exception as error:
        logger.warning("the broker did not answer (%s); the email leaves with the next beat", type(error).__name__)
