"""Django's way of sending e-mail, led into the outbox: whatever a library sends leaves like any letter of ours."""

from uuid import uuid4

from django.core.mail.backends.base import BaseEmailBackend
from django.utils import translation

from s4jr.mail.emails import Letter


class OutboxBackend(BaseEmailBackend):
    def send_messages(self, email_messages):
        from s4jr.mail.models import OutgoingEmail

        letters = [letter for message in email_messages for letter in self._letters(message)]
        return OutgoingEmail.objects.write(letters)

    def _letters(self, message):
        for to in message.recipients():
            yield Letter(
                to=to,
                subject=message.subject,
                body=message.body,
                kind="account",
                dedupe_key=f"account:{uuid4()}",
                language=translation.get_language() or "en",
            )
