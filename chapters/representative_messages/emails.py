"""One function for each email to somebody who wrote to a representative. None tells to whom they wrote.

Their words are text blocks in `content/<language>/emails/`.
"""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from s4jr.content.live_texts import text_block
from s4jr.crypto.decryption_guard import decrypts_unshown
from s4jr.mail.emails import Email, email_link, in_both_forms, in_columns, write_from
from s4jr.mail.mailbox import limit_key

#: Filled in last: an answer keeps its own paragraphs and lines.
ANSWER = "{answer}"


def answer(message, words):
    """An answer, in the email itself; whoever asked us to be discreet is told only that one waits."""
    written = "\n".join(in_columns(line) for line in words.splitlines())
    return _email(message, "message-answer", f"{message.number}:{message.turn}", words=written)


def not_read(message):
    """The email that says: nobody has read it in a week, and where else they can turn."""
    return _email(message, "message-not-read", _once_a_day(message))


def erased(message):
    """The last email. It is about nothing that is kept, so that it outlives what it tells of."""
    return _email(message, "message-erased", _once_a_day(message), about="")


@decrypts_unshown
def _once_a_day(message):
    """However many messages were written with an address, or with tagged spellings of one: nobody fills a stranger's
    mailbox so."""
    return f"{limit_key(message.email)}:{timezone.now().date()}"


@decrypts_unshown
def _email(message, kind, event, *, words="", about=None):
    def write(discreet):
        subject, body = write_from(
            text_block(f"emails/{kind}-discreet" if discreet else f"emails/{kind}", message.language),
            answer=ANSWER,
            answer_link=email_link("message_answer", message.language),
            contact_link=_contact_link(message.language),
            days=settings.CONVERSATION_DAYS,
        )
        return subject, body.replace(ANSWER, words)

    return Email(
        to=message.email,
        **in_both_forms(write, discreet=message.is_discreet),
        kind=kind,
        dedupe_key=f"{kind}:{event}",
        about=message.about if about is None else about,
        language=message.language,
    )


def _contact_link(language):
    """On the site itself: at the address for emails nobody is asked what it is about."""
    with translation.override(language):
        return f"{settings.SITE_URL}{reverse('home')}contact/"
