"""One-time links: making them, and finding the member whom a link lets act."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Min, Q
from django.utils import timezone

from s4jr.crypto.blind_index import keyed_hash

TOKEN_BYTES = 16


def token_hash(token: str) -> str:
    """What is kept of a link's token: 64 hex digits under INDEX_KEY."""
    return keyed_hash("member-link", token)


def confirm_link_lasts() -> timedelta:
    """How long a link confirms an application, from the email that holds it."""
    return timedelta(days=settings.CONFIRM_WITHIN_DAYS)


class MemberLinkQuerySet(models.QuerySet):
    model: Any

    def of(self, members: Iterable[Any]) -> Self:
        """The links of these members, given as a QuerySet or one by one."""
        return self.filter(member__in=members)

    def make(self, members: Iterable[Any], purpose: str, lasting: timedelta, **said: Any) -> list[str]:
        """A fresh link for each member, for a timedelta; returns the tokens in order.

        It goes to the address they have now, or to another one whose blind index is given as `to_index`.
        """
        return self._keep([self._fresh(member, purpose, lasting, **said) for member in members])

    def make_each(self, member: Any, lasting: Mapping[str, timedelta]) -> list[str]:
        """Fresh links for one member, by purpose, each for a timedelta; returns the tokens in order."""
        return self._keep([self._fresh(member, purpose, time) for purpose, time in lasting.items()])

    def _fresh(
        self, member: Any, purpose: str, lasting: timedelta, to_index: str | None = None, *, by_link_alone: bool = False
    ) -> tuple[str, Any]:
        """(token, unsaved link)"""
        token, now = secrets.token_urlsafe(TOKEN_BYTES), timezone.now()
        return token, self.model(
            member=member,
            purpose=purpose,
            token_hash=token_hash(token),
            to_index=to_index or member.email_index,
            created_at=now,
            expires_at=now + lasting,
            by_link_alone=by_link_alone,
        )

    def _keep(self, pairs: list[tuple[str, Any]]) -> list[str]:
        self.bulk_create(link for _token, link in pairs)
        return [token for token, _link in pairs]

    def working(self, token: str, *purposes: str) -> Any:
        """The link with this token, or None: expired, unknown, used up, or sent to an address that is not theirs."""
        kinds = self.model.Purpose
        theirs = Q(to_index=F("member__email_index"))
        theirs |= Q(purpose=kinds.CHANGE, to_index=F("member__new_email_index"))
        links = self.filter(theirs, token_hash=token_hash(token), purpose__in=purposes, expires_at__gt=timezone.now())
        return links.exclude(purpose=kinds.OPEN, used_at__isnull=False).select_related("member").first()

    def confirmed_at(self, link: Any) -> datetime | None:
        """When the application of this link was confirmed, with any link to the same address; None if it was not."""
        same = self.filter(member=link.member_id, purpose=self.model.Purpose.CONFIRM, to_index=link.to_index)
        return same.aggregate(first=Min("used_at"))["first"]

    def use(self) -> int:
        """Stamp these links as used, once. Returns how many were not used before."""
        return self.filter(used_at=None).update(used_at=timezone.now())
