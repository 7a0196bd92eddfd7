"""Services for the email address of a representative or an admin: changing it, and lifting a suppression.

Nothing changes before the same user, signed in, opens the link in an email to that address. Whether a suppression
exists is never disclosed for an address that is not theirs yet.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.content.live_texts import text_block
from s4jr.crypto.blind_index import blind_index
from s4jr.mail.emails import Email, write_from
from s4jr.mail.kinds import OWNER_ASKS
from s4jr.mail.out_of_date import latest_sending
from s4jr.mail.services import allow_emails_for_owner, queue_emails
from s4jr.security.link_tokens import SignedLinks

LASTS = timedelta(days=7)
_LINKS = SignedLinks("a representative's address", LASTS)
CONFIRM, CHANGED = "confirm-address", "representative-address-changed"


def page_of(user: User) -> str:
    """The URL name of the page where this user sees their address."""
    return "admin_email" if user.is_staff else "representative_email"


def ask_for_address(user: User, address: str, language: str) -> None:
    """Emails a confirmation link to a new address. It may be a stranger's: one email, and nothing is disclosed."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(new_address=address)
        queue_emails([_write_confirmation(user, address, CONFIRM, language)])


def ask_for_emails_again(user: User, language: str) -> None:
    """Emails the suppressed address of a user, once a day, to ask whether emails may resume."""
    queue_emails([_write_confirmation(user, user.address, OWNER_ASKS, language)])


def confirm(user: User, token: str) -> bool:
    """Sets the confirmed address and lifts its suppression. Returns False for an expired or invalid link."""
    to_index = _index_in(user, token)
    with transaction.atomic():
        if to_index and user.new_address and to_index == blind_index(user.new_address):
            _move_address(user, user.new_address)
        elif not to_index or not user.address or to_index != blind_index(user.address):
            return False
        allow_emails_for_owner(to_index)
    return True


def is_working(user: User, token: str) -> bool:
    """Whether `confirm` would accept this token."""
    known = [blind_index(address) for address in (user.new_address, user.address) if address]
    return _index_in(user, token) in known


def _index_in(user: User, token: str) -> str | None:
    pk, _, to_index = (_LINKS.read(token) or "").partition(".")
    return to_index if pk == str(user.pk) else None


def _move_address(user: User, new_address: str) -> None:
    """Moves the user to the new address, and notifies the old one so that no change goes unnoticed."""
    earlier, language = user.address, translation.get_language()
    User.objects.filter(pk=user.pk).update(address=new_address, new_address=None)
    log_access(who=user, action=AccessLog.Action.CHANGED, records=[user], field_names=["address"])
    if earlier and blind_index(earlier) != blind_index(new_address):
        key = f"{CHANGED}:{user.pk}:{timezone.now().isoformat()}"
        queue_emails([_write_email(user, earlier, CHANGED, CHANGED, key, language)])


def _write_confirmation(user: User, address: str, kind: str, language: str) -> Email:
    token = _LINKS.token_of(f"{user.pk}.{blind_index(address)}")
    with translation.override(language):
        link = settings.SITE_URL + reverse(f"{page_of(user)}_confirm", args=[token])
    key = f"{kind}:user {user.pk}:{blind_index(address)[:16]}:{timezone.now().date()}"
    email = _write_email(user, address, kind, CONFIRM, key, language, confirm_link=link, days=LASTS.days)
    return replace(email, not_after=latest_sending(LASTS))


def _write_email(
    user: User, address: str, kind: str, text: str, dedupe_key: str, language: str, **values: Any
) -> Email:
    subject, body = write_from(text_block(f"emails/{text}", language), **values)
    return Email(to=address, subject=subject, body=body, kind=kind, dedupe_key=dedupe_key, language=language)
