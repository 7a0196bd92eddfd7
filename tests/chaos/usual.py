"""The control: emails as most sites send them, with `on_commit(delay)`, late acknowledgement and retries."""

import smtplib
from email.message import EmailMessage
from email.utils import make_msgid

from celery import shared_task
from django.conf import settings
from django.db import transaction

import s4jr.celery  # noqa: F401  or its messages went to no broker of ours


@shared_task(
    name="chaos.send", acks_late=True, reject_on_worker_lost=True, autoretry_for=(Exception,), max_retries=12,
    default_retry_delay=0.5,
)  # fmt: skip
def send(to, subject, body):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.MAIL_FROM, to, subject
    message["Message-ID"] = make_msgid(domain="localhost")
    message.set_content(body)
    host, port = settings.EMAIL_URL.removeprefix("smtp://").split(":")
    with smtplib.SMTP(host, int(port), timeout=settings.MAIL_SERVER_SECONDS) as smtp:
        smtp.send_message(message)


def send_on_commit(outbox, emails, **options):
    """Replaces `OutgoingEmailQuerySet.bulk_create`: it saves no row and starts one task for each email."""
    for email in emails:
        transaction.on_commit(lambda email=email: send.delay(email.to, email.subject, email.body), robust=True)
    return emails


def prepare(app):
    """Makes a task whose worker was killed come back after a moment, not after an hour."""
    app.conf.broker_transport_options = {**app.conf.broker_transport_options, "visibility_timeout": 2}
    app.conf.worker_prefetch_multiplier = 1
