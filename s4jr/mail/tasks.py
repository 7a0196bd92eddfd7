"""Celery is the fast path. Messages are empty: what is to be done stands in the database."""

import logging

from celery import shared_task
from django.utils import timezone

from s4jr.mail.sender import send_what_is_due

logger = logging.getLogger(__name__)


@shared_task(name="mail.send_due")
def send_due():
    send_what_is_due()


@shared_task(name="mail.forget_letters")
def forget_letters():
    from s4jr.mail.models import OutgoingEmail

    OutgoingEmail.objects.forget(timezone.now())


@shared_task(name="mail.note_beat")
def note_beat():
    from s4jr.mail.models import Heartbeat

    Heartbeat.objects.update_or_create(name="beat", defaults={"at": timezone.now()})


def nudge():
    """Ask a worker to look into the outbox now. A broker that is down costs nothing but time: beat asks again."""
    try:
        send_due.apply_async(retry=False, expires=60)
    except Exception as error:
        logger.warning("the broker did not answer (%s); the letter leaves with the next beat", type(error).__name__)
