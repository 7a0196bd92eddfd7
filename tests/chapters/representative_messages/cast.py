"""Who writes to whom in these tests. Everybody is plainly invented."""

import secrets
from datetime import timedelta

from chapters.models import RepresentativeMessage
from chapters.representative_messages import services as message_services
from chapters.representative_messages.services import MessageSubmission
from s4jr.mail.models import OutgoingEmail
from s4jr.security.status_code import code_of_form
from tests import make
from tests.chapters import cast as places

#: What must not be seen by the other side, in no page, header, email or log.
SENDER, HOLDER = "rosalind@mailbox.example", "imogen@desk.example"
WORDS = "The heron stands in the reeds, and I would like to talk."
ANSWER = "The kingfisher read it, and would be glad to talk."


def representative(username="imogen", address=HOLDER, **profile):
    """Somebody who can sign in, serves, and has a public profile."""
    user = make.person_who_signs_in(username, address=address)
    return places.representative(user=user, **{"display_name": f"{username.title()} Invented", **profile})


def submission(representative, **said):
    """What Rosalind says, in a form of its own; anything may be said otherwise."""
    token = secrets.token_hex(16)
    return MessageSubmission(
        **{
            "representative": representative,
            "contact": "yes",
            "email": SENDER,
            "name": "Rosalind",
            "words": WORDS,
            "form_token": token,
            **said,
        }
    )


def without_email(representative, **said):
    """Somebody who must never be e-mailed."""
    return submission(representative, **{"contact": "none", "email": "", **said})


def send(asked):
    """The conversation a writing became."""
    message_services.submit_message(asked)
    return RepresentativeMessage.objects.get(form_token=asked.form_token)


def message(to, **said):
    return send(submission(to, **said))


def these(message):
    return RepresentativeMessage.objects.filter(pk=message.pk)


def answer(message, words=ANSWER, by=None):
    """The representative answers, as they see it now."""
    message.refresh_from_db()
    by = by or message.representative.user
    return message_services.answer(these(message), words, by=by, seen=message.turn, form_token=secrets.token_hex(16))


def code_of(message):
    return code_of_form(message.form_token)


def grow_old(message, days):
    """As if all of it had happened that many days earlier."""
    back = timedelta(days=days)
    message.refresh_from_db()
    these(message).update(received_on=message.received_on - back, last_word_on=message.last_word_on - back)


def emails(kind):
    """To whom emails of a kind stand in the outbox."""
    return sorted(email.to for email in OutgoingEmail.objects.filter(kind=kind))
