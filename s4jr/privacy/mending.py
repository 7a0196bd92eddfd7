"""Mending a lost sign-in: what was lost may be in wrong hands, so all of it is taken away before a new one is made."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from s4jr.privacy.models import AccessLog, Invitation
from s4jr.privacy.sessions import end_sessions_of

COMMAND_LINE = "manage.py"


@transaction.atomic
def mend_sign_in(user, *, by=None):
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
    return Invitation.objects.issue(user=user, purpose=Invitation.Purpose.MEND_SIGN_IN, made_by=by)
