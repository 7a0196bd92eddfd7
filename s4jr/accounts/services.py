"""One-time links to choose a password: a user's first one, or a new one after a lost sign-in."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from s4jr.accounts.models import Invitation, User
from s4jr.accounts.querysets import INVITATION_LINKS

VALID_FOR = timedelta(hours=48)


@transaction.atomic
def issue_invitation(*, user: User, purpose: str, made_by: User | None = None) -> str:
    """Return the URL of a new link for `user`, which is stored nowhere. Their earlier unused links stop working."""
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


def take_invitation(invitation: Invitation) -> bool:
    """Mark the link as used; False if it was used in the meantime."""
    return bool(Invitation.objects.filter(pk=invitation.pk, used_at=None).update(used_at=timezone.now()))


@transaction.atomic
def use_invitation(invitation: Invitation, password: str) -> bool:
    """Set the user's password, once; False if the link was used in the meantime."""
    won = take_invitation(invitation)
    if won:
        invitation.user.set_password(password)
        invitation.user.save(update_fields=["password"])
    return won
