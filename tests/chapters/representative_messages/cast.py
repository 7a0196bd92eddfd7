"""Senders and representatives of these tests. All are invented."""

import secrets
from datetime import timedelta

from chapters.models import RepresentativeMessage
from chapters.representative_messages import services as message_services
from chapters.representative_messages.services import MessageSubmission
from s4jr.mail.models import OutgoingEmail
from s4jr.security.status_code import code_of_form
from tests import make
from tests.chapters import cast as places
from tests.query_counts import LANGUAGES

#: What the other side must never see, in any page, header, email or log.
SENDER, HOLDER = "rosalind@mailbox.example", "imogen@desk.example"
WORDS = "The heron stands in the reeds, and I would like to talk."
ANSWER = "The kingfisher read it, and would be glad to talk."


def representative(username="imogen", address=HOLDER, **profile):
    """A user who can sign in, serves a term, and has a public profile."""
    user = make.person_who_signs_in(username, address=address)
    return places.representative(user=user, **{"display_name": f"{username.title()} Invented", **profile})


def representative_of_a_chapter(number, **profile):
    """The representative with this number, of a chapter of their own."""
    place = {"place": "", "country": "", "chapter": places.one_of_many_chapters(number)}
    profile = {**place, "language": LANGUAGES[number % 3], **profile}
    return representative(f"imogen{number}", f"imogen{number}@desk.example", **profile)


def submission(representative, **said):
    """Rosalind's message, with its own form token; arguments replace any field."""
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
    """A submission of a person who must never be emailed."""
    return submission(representative, **{"contact": "none", "email": "", **said})


def send(asked):
    """Send a submission; return its conversation."""
    message_services.submit_message(asked)
    return RepresentativeMessage.objects.get(form_token=asked.form_token)


def message(to, **said):
    return send(submission(to, **said))


def these(message):
    return RepresentativeMessage.objects.filter(pk=message.pk)


def answer(message, words=ANSWER, by=None):
    """The representative answers, with the version that they see now."""
    message.refresh_from_db()
    by = by or message.representative.user
    return message_services.answer(these(message), words, by=by, seen=message.turn, form_token=secrets.token_hex(16))


def code_of(message):
    return code_of_form(message.form_token)


def grow_old(message, days):
    """Set all dates of the conversation back by this many days."""
    back = timedelta(days=days)
    message.refresh_from_db()
    these(message).update(received_on=message.received_on - back, last_word_on=message.last_word_on - back)


def emails(kind):
    """Return the recipients of outgoing emails of a kind."""
    return sorted(email.to for email in OutgoingEmail.objects.filter(kind=kind))
