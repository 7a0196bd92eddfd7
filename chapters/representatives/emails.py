"""Emails about a term: the invitation, the appointment, and to senders the end of a term."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from chapters.models import Representative, RepresentativeMessage
from s4jr.accounts.invitations import VALID_FOR
from s4jr.accounts.models import Invitation
from s4jr.content.live_texts import LiveTexts, TextsOf, text_block
from s4jr.conversations.emails import email_to_sender
from s4jr.crypto.decryption_guard import decrypts_unshown
from s4jr.mail.emails import Email, write_from
from s4jr.mail.link_clocks import MADE_WITHIN
from s4jr.mail.models import OutgoingEmail

INVITATION = "admin-invitation"


def invitation(term: Representative, link: str) -> Email:
    """The one-time link. The email names neither the place nor the coalition.

    The link leads to the main host, because a passkey is bound to the host where it is created.
    """
    number = Invitation.objects.filter(user=term.user).latest("pk").pk
    hours = int(VALID_FOR.total_seconds() // 3600)
    values = {"invitation_link": link, "hours": hours}
    email = _write_to_representative(term, INVITATION, f"invitation:{number}", **values)
    return replace(email, not_after=timezone.now() + VALID_FOR)


def start_invitation(email: OutgoingEmail, waited: timedelta) -> int:
    """Gives the link in an invitation that was sent late the time that it waited. Returns how many links."""
    users = Representative.objects.filter(pk=email.about.removeprefix("representative ")).values("user")
    made_with_it = Invitation.objects.filter(created_at__range=(email.created_at - MADE_WITHIN, email.created_at))
    return made_with_it.filter(user__in=users).unused().update(expires_at=F("expires_at") + waited)


def appointed(term: Representative) -> Email:
    return _write_to_representative(term, "admin-appointed", f"appointed:{term.pk}")


@decrypts_unshown
def _write_to_representative(term: Representative, kind: str, dedupe_key: str, **values: Any) -> Email:
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


def term_ended(message: RepresentativeMessage, texts: TextsOf = LiveTexts) -> Email:
    """Tells a sender that no one will answer. The email names neither the representative nor the place."""
    return email_to_sender(message, "term-ended", message.number, texts)
