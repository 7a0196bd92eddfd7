"""Mending a lost sign-in: what was lost may be in wrong hands, so all of it is taken away before a new one is made.

Who mends must not thereby become whom they mend. So the new link goes to an address the other left; where they left
none, or somebody else has just written one there, the other loses what was trusted to them alone.
"""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext, override

from s4jr.accounts.models import Invitation
from s4jr.accounts.sessions import end_sessions_of
from s4jr.audit.models import AccessLog
from s4jr.crypto.decryption_guard import decrypts_unshown
from s4jr.crypto.fields import readable

COMMAND_LINE = "manage.py"
_takers = []


def takes_trust_away(take_away):
    """Decorate a function that takes from a user what others trusted to that person alone, so that we know of none."""
    _takers.append(take_away)
    return take_away


def take_trust_away(user):
    """The sign-in of `user` may be in other hands from now on: take away what was trusted to them alone."""
    for take_away in _takers:
        take_away(user)


@transaction.atomic
def recover_sign_in(user, *, by=None):
    """End the password, second factor and sessions of `user` and return a one-time link to choose a new password.

    `by` is the admin who asks; None stands for somebody at the command line.
    """
    user.set_unusable_password()
    user.save(update_fields=["password"])
    Authenticator.objects.filter(user=user).delete()
    end_sessions_of(user)
    AccessLog.objects.note(
        who=by or COMMAND_LINE,
        action=AccessLog.Action.CHANGED,
        records=[user],
        field_names=["password", "second_factor", "sessions"],
    )
    return Invitation.objects.issue(user=user, purpose=Invitation.Purpose.RECOVER_SIGN_IN, made_by=by)


@transaction.atomic
def correct_for_another(user, *, by):
    """Mend it, and send the link to the address `user` left. Returns "", or the link where `by` has to hand it over."""
    link = recover_sign_in(user, by=by)
    if _sent(user, link):
        return ""
    take_trust_away(user)
    return link


@decrypts_unshown
def _sent(user, link):
    """Whether an email takes the link there: not without an address, nor to one that gets no emails."""
    address = readable(user, "address")
    if not address:
        return False
    with override(settings.LANGUAGE_CODE):
        body = render_to_string("accounts/sign_in_link.txt", {"invitation": link})
        return bool(send_mail(gettext("Your new link to sign in"), body, None, [address]))
