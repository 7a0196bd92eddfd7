"""Questions about invitations."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

from s4jr.security.link_tokens import StoredLinks

if TYPE_CHECKING:
    from s4jr.accounts.models import Invitation

INVITATION_LINKS = StoredLinks("invitation")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def unused(self) -> Self:
        """Not used, canceled or expired. Of its own columns only, so that an UPDATE with it is a compare-and-set."""
        return self.filter(used_at=None, canceled_at=None, expires_at__gt=timezone.now())

    def live(self) -> Self:
        """Unused, and for an active user."""
        return self.unused().filter(user__is_active=True)

    def with_token(self, token: str) -> Self:
        return self.filter(token_hash=INVITATION_LINKS.token_hash(token))
