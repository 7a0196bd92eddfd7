"""The emails of a term: the invitation, that something waits at the desk, and that nobody will answer any more."""

from chapters.models.representative_message import Contact
from s4jr.accounts.invitations import VALID_FOR
from s4jr.content.live_texts import text_block
from s4jr.crypto.decryption_guard import decrypts_unshown
from s4jr.mail.emails import Email, in_both_forms, write_from


def invitation(term, link):
    """The one-time link, to an address that is kept encrypted. It names neither a place nor a cause.

    It leads to the site itself: a passkey is bound to the host on which it is made.
    """
    number = term.user.invitations.latest("pk").pk
    hours = int(VALID_FOR.total_seconds() // 3600)
    return _to_the_person(term, "admin-invitation", f"invitation:{number}", invitation_link=link, hours=hours)


def appointed(term):
    return _to_the_person(term, "admin-appointed", f"appointed:{term.pk}")


@decrypts_unshown
def _to_the_person(term, kind, dedupe_key, **values):
    text = text_block(f"emails/{kind}", term.language)
    subject, body = write_from(text, username=term.user.username, **values)
    return Email(
        to=term.user.address,
        subject=subject,
        body=body,
        kind=kind,
        dedupe_key=dedupe_key,
        about=term.about,
        language=term.language,
    )


@decrypts_unshown
def term_ended(message):
    """To whoever wrote and was not answered. It does not say who represents, nor what."""

    def write(discreet):
        key = "emails/term-ended-discreet" if discreet else "emails/term-ended"
        return write_from(text_block(key, message.language))

    return Email(
        to=message.email,
        **in_both_forms(write, discreet=message.contact == Contact.DISCREET),
        kind="term-ended",
        dedupe_key=f"term-ended:{message.number}",
        about=message.about,
        language=message.language,
    )
