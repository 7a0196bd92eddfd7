"""One-time links with which somebody chooses a password: their first one, or a new one when a sign-in was lost."""

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from s4jr.crypto.blind_index import keyed_hash

if TYPE_CHECKING:
    from s4jr.accounts.models import Invitation

VALID_FOR = timedelta(hours=48)
TOKEN_BYTES = 16


def token_hash(token):
    """What the database keeps of a link: 64 hex digits that do not lead back to it."""
    return keyed_hash("invitation", token)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def live(self):
        """Not used, not over, and for somebody who may sign in."""
        return self.filter(used_at=None, expires_at__gt=timezone.now(), user__is_active=True)

    def with_token(self, token):
        return self.filter(token_hash=token_hash(token))

    @transaction.atomic
    def issue(self, *, user, purpose, made_by=None):
        """The address of a new link for `user`, which is kept nowhere. Their earlier, unused links stop working."""
        self.filter(user=user, used_at=None).delete()
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self.create(
            user=user,
            purpose=purpose,
            made_by=made_by,
            token_hash=token_hash(token),
            expires_at=timezone.now() + VALID_FOR,
        )
        return settings.SITE_URL + reverse("invitation", args=[token])
