"""Recovers a lost sign-in. Its credentials may be in the wrong hands, so all of them are revoked before new ones exist.

The admin who helps must not be able to take over the account. So the new link goes to an address the user left earlier.
If there is none, or another admin just entered it, the user loses whatever was entrusted to them alone.
"""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext, override

from s4jr.accounts.invitations import issue_invitation
from s4jr.accounts.models import Invitation, User
from s4jr.accounts.services import COMMAND_LINE
from s4jr.accounts.sessions import end_sessions_of
from s4jr.accounts.trust import take_trust_away
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.crypto.decryption_guard import decrypts_unshown
from s4jr.crypto.fields import readable


@transaction.atomic
def recover_sign_in(user: User, *, by: User | None = None) -> str:
    """Revoke the password, second factor and sessions of `user` and return a one-time link to choose a new password.

    `by` is the admin who asks; None means the command line.
    """
    user.set_unusable_password()
    user.save(update_fields=["password"])
    Authenticator.objects.filter(user=user).delete()
    end_sessions_of(user)
    log_access(
        who=by or COMMAND_LINE,
        action=AccessLog.Action.CHANGED,
        records=[user],
        field_names=["password", "second_factor", "sessions"],
    )
    return issue_invitation(user=user, purpose=Invitation.Purpose.RECOVER_SIGN_IN, made_by=by)


@transaction.atomic
def correct_for_another(user: User, *, by: User) -> str:
    """Recover a sign-in and email the link to the address `user` left. Returns "", or the link for `by` to deliver."""
    link = recover_sign_in(user, by=by)
    if _sent(user, link):
        return ""
    take_trust_away(user)
    return link


@decrypts_unshown
def _sent(user, link):
    """Whether the link was emailed: it is not without an address, or if that address is on the do-not-email list."""
    address = readable(user, "address")
    if not address:
        return False
    with override(settings.LANGUAGE_CODE):
        body = render_to_string("accounts/sign_in_link.txt", {"invitation": link})
        return bool(send_mail(gettext("Your new link to sign in"), body, None, [address]))
