"""One-time links to choose a password: a user's first one, or a new one after a lost sign-in."""

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from s4jr.security.link_tokens import StoredLinks

if TYPE_CHECKING:
    from s4jr.accounts.models import Invitation, User

VALID_FOR = timedelta(hours=48)
_LINKS = StoredLinks("invitation")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def live(self) -> Self:
        """Unused, not expired, and for an active user."""
        return self.filter(used_at=None, expires_at__gt=timezone.now(), user__is_active=True)

    def with_token(self, token: str) -> Self:
        return self.filter(token_hash=_LINKS.token_hash(token))

    @transaction.atomic
    def issue(self, *, user: "User", purpose: str, made_by: "User | None" = None) -> str:
        """Return the URL of a new link for `user`, which is stored nowhere. Their earlier unused links stop working."""
        self.filter(user=user, used_at=None).delete()
        token, token_hash = _LINKS.new()
        self.create(
            user=user,
            purpose=purpose,
            made_by=made_by,
            token_hash=token_hash,
            expires_at=timezone.now() + VALID_FOR,
        )
        return settings.SITE_URL + reverse("invitation", args=[token])
