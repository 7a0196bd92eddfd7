"""One-time links with which a user sets up a sign-in: their first one, or a new one after a lost sign-in.

Each step locks the user's row first, so that of two steps at the same time the second sees what the first left: a link
that was canceled is not used, and one that was used is neither canceled nor replaced.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from s4jr.accounts.models import Invitation, User
from s4jr.accounts.querysets import INVITATION_LINKS
from s4jr.accounts.trust import take_trust_away
from s4jr.accounts.two_step import is_enrolled
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access

VALID_FOR = timedelta(hours=48)


def has_sign_in(user: User) -> bool:
    """Whether the user has set up a password or a passkey."""
    return user.has_usable_password() or is_enrolled(user)


@transaction.atomic
def issue_invitation(*, user: User, purpose: str, made_by: User | None = None) -> str:
    """Return the URL of a new link for `user`, which is stored nowhere. Their earlier unused links stop working."""
    _lock_user(user)
    Invitation.objects.filter(user=user, used_at=None).delete()
    token, token_hash = INVITATION_LINKS.new()
    Invitation.objects.create(
        user=user,
        purpose=purpose,
        made_by=made_by,
        token_hash=token_hash,
        expires_at=timezone.now() + VALID_FOR,
    )
    return settings.SITE_URL + reverse("invitation", args=[token])


def may_be_renewed(user: User) -> bool:
    """Whether an admin may see a new link for this user, who never signed in. Others recover their sign-in."""
    return user.is_active and user.last_login is None and not has_sign_in(user)


@transaction.atomic
def renew_invitation(user: User, *, by: User) -> str:
    """Return a new link for a user who never signed in; "" if they have by now, or may not.

    The admin sees the link and could use it, so nothing that was entrusted to the user alone may be behind it.
    """
    saved = _lock_user(user)
    if saved is None or not may_be_renewed(saved):
        return ""
    take_trust_away(saved)
    log_access(who=by, action=AccessLog.Action.CHANGED, records=[saved], field_names=["invitation"])
    return issue_invitation(user=saved, purpose=Invitation.Purpose.JOIN_STAFF, made_by=by)


@transaction.atomic
def cancel_invitation(user: User, *, by: User) -> bool:
    """End the open link of `user` before it is used; False if it was used, canceled or expired in the meantime."""
    _lock_user(user)
    is_canceled = bool(Invitation.objects.filter(user=user).unused().update(canceled_at=timezone.now()))
    if is_canceled:
        log_access(who=by, action=AccessLog.Action.CHANGED, records=[user], field_names=["invitation"])
    return is_canceled


def take_invitation(invitation: Invitation) -> bool:
    """Mark the link as used; False if it was used or canceled in the meantime. Locks its user: call it first."""
    _lock_user(invitation.user)
    return bool(Invitation.objects.filter(pk=invitation.pk).unused().update(used_at=timezone.now()))


@transaction.atomic
def use_invitation(invitation: Invitation, password: str, *, display_name: str | None = None) -> bool:
    """Set the user's password, once; False if the link was used or canceled in the meantime."""
    won = take_invitation(invitation)
    if won:
        invitation.user.set_password(password)
        invitation.user.save(update_fields=["password"])
        name_invited(invitation.user, display_name)
    return won


def name_invited(user: User, display_name: str | None) -> None:
    """Save the display name that an invited user chose; None if they were not asked."""
    if display_name is not None and display_name != user.display_name:
        set_display_name(user, display_name)


@transaction.atomic
def set_display_name(user: User, display_name: str) -> None:
    """Save the display name that a user chose for themselves."""
    user.display_name = display_name
    user.save(update_fields=["display_name"])
    log_access(who=user, action=AccessLog.Action.CHANGED, records=[user], field_names=["display_name"])


def _lock_user(user: User) -> User | None:
    """The user as saved now; None if they were deleted in the meantime."""
    return User.objects.select_for_update(no_key=True).filter(pk=user.pk).first()
