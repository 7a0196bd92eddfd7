"""Django's email backend, connected to the outbox: emails that libraries send are queued like our own."""

from collections.abc import Iterable
from uuid import uuid4

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import translation

from s4jr.mail.emails import Email
from s4jr.mail.services import queue_emails


class OutboxBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Iterable[EmailMessage]) -> int:
        emails = [email for message in email_messages for email in self._emails(message)]
        return queue_emails(emails)

    def _emails(self, message):
        for to in message.recipients():
            yield Email(
                to=to,
                subject=message.subject,
                body=message.body,
                kind="account",
                dedupe_key=f"account:{uuid4()}",
                language=translation.get_language() or "en",
            )
