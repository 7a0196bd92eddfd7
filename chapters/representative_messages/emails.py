"""One function for each email to somebody who wrote to a representative. None tells to whom they wrote.

Their words are text blocks in `content/<language>/emails/`.
"""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from chapters.models import RepresentativeMessage
from s4jr.conversations.emails import email_to_sender
from s4jr.crypto.decryption_guard import decrypts_unshown
from s4jr.mail.emails import Email, email_link
from s4jr.mail.mailbox import limit_key


def answer(message: RepresentativeMessage, words: str) -> Email:
    """An answer, in the email itself; whoever asked us to be discreet is told only that one waits."""
    return _email(message, "message-answer", f"{message.number}:{message.turn}", words=words)


def not_read(message: RepresentativeMessage) -> Email:
    """The email that says: nobody has read it in a week, and where else they can turn."""
    return _email(message, "message-not-read", _once_a_day(message))


def erased(message: RepresentativeMessage) -> Email:
    """The last email. It is about nothing that is kept, so that it outlives what it tells of."""
    return _email(message, "message-erased", _once_a_day(message), about="")


@decrypts_unshown
def _once_a_day(message: RepresentativeMessage) -> str:
    """However many messages were written with an address, or with tagged spellings of one: nobody fills a stranger's
    mailbox so."""
    return f"{limit_key(message.email)}:{timezone.now().date()}"


def _email(
    message: RepresentativeMessage, kind: str, event: str, *, words: str = "", about: str | None = None
) -> Email:
    return email_to_sender(
        message,
        kind,
        event,
        words=words,
        about=about,
        answer_link=email_link("message_answer", message.language),
        contact_link=_contact_link(message.language),
        days=settings.CONVERSATION_DAYS,
    )


def _contact_link(language: str) -> str:
    """On the site itself: at the address for emails nobody is asked what it is about."""
    with translation.override(language):
        return f"{settings.SITE_URL}{reverse('home')}contact/"
