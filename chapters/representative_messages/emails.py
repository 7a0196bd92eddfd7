"""Emails to senders of messages to representatives. None names the recipient of the message.

Their text is in `content/<language>/emails/`.
"""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from chapters.models import RepresentativeMessage
from s4jr.content.live_texts import LiveTexts, TextsOf
from s4jr.conversations.emails import email_to_sender
from s4jr.crypto.decryption_guard import decrypts_unshown
from s4jr.mail.emails import Email, email_link
from s4jr.mail.mailbox import limit_key


def answer(message: RepresentativeMessage, words: str) -> Email:
    """The email with an answer; a discreet one says only that an answer is waiting."""
    return _email(message, "message-answer", f"{message.number}:{message.turn}", words=words)


def not_read(message: RepresentativeMessage, texts: TextsOf = LiveTexts) -> Email:
    """Says that no one has read the message in a week, and where else they can turn."""
    return _email(message, "message-not-read", _once_a_day(message), texts)


def erased(message: RepresentativeMessage, texts: TextsOf = LiveTexts) -> Email:
    """Says that the conversation is deleted. `about` is empty, so that deleting the conversation keeps this email."""
    return _email(message, "message-erased", _once_a_day(message), texts, about="")


@decrypts_unshown
def _once_a_day(message: RepresentativeMessage) -> str:
    """The same key for all messages of one address on a day, also with tagged spellings: no one can flood an inbox."""
    return f"{limit_key(message.email)}:{timezone.now().date()}"


def _email(
    message: RepresentativeMessage,
    kind: str,
    event: str,
    texts: TextsOf = LiveTexts,
    *,
    words: str = "",
    about: str | None = None,
) -> Email:
    return email_to_sender(
        message,
        kind,
        event,
        texts,
        words=words,
        about=about,
        answer_link=email_link("message_answer", message.language),
        contact_link=_contact_link(message.language),
        days=settings.CONVERSATION_DAYS,
    )


def _contact_link(language: str) -> str:
    """The contact page on the main host: the host for email links does not serve it."""
    with translation.override(language):
        return f"{settings.SITE_URL}{reverse('home')}contact/"
