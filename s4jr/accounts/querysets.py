"""Questions about invitations."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

from s4jr.security.link_tokens import StoredLinks

if TYPE_CHECKING:
    from s4jr.accounts.models import Invitation

INVITATION_LINKS = StoredLinks("invitation")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def live(self) -> Self:
        """Unused, not expired, and for an active user."""
        return self.filter(used_at=None, expires_at__gt=timezone.now(), user__is_active=True)

    def with_token(self, token: str) -> Self:
        return self.filter(token_hash=INVITATION_LINKS.token_hash(token))
