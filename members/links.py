"""One-time links: making them, and finding the member whom a link lets act."""

import secrets

from django.db import models
from django.db.models import F
from django.utils import timezone

from s4jr.privacy.blind_index import keyed_hash

TOKEN_BYTES = 16


def token_hash(token):
    """What is kept of a link's token: 64 hex digits under INDEX_KEY."""
    return keyed_hash("member-link", token)


class MemberLinkQuerySet(models.QuerySet):
    def make(self, members, purpose, lasting):
        """A fresh link for each member, to the address they have now, for a timedelta; returns the tokens in order."""
        now = timezone.now()
        tokens = [secrets.token_urlsafe(TOKEN_BYTES) for _ in members]
        self.bulk_create(
            self.model(
                member=member,
                purpose=purpose,
                token_hash=token_hash(token),
                to_index=member.email_index,
                created_at=now,
                expires_at=now + lasting,
            )
            for member, token in zip(members, tokens, strict=True)
        )
        return tokens

    def working(self, token, purpose):
        """The link with this token, or None: expired, unknown, or sent to an address that was mended since."""
        links = self.filter(token_hash=token_hash(token), purpose=purpose, expires_at__gt=timezone.now())
        return links.filter(to_index=F("member__email_index")).select_related("member").first()

    def use(self):
        """Stamp these links as used, once."""
        return self.filter(used_at=None).update(used_at=timezone.now())
