"""Queries on notes about members."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from members.models.member import Member
    from members.models.note import MemberNote
    from s4jr.accounts.models import User


class MemberNoteQuerySet(models.QuerySet["MemberNote"]):
    def of(self, members: "Iterable[Member]") -> Self:
        """The notes about these members. Accepts a QuerySet or any iterable of members."""
        return self.filter(member__in=members)

    def written_by(self, user: "User") -> Self:
        return self.filter(by=user)

    def newest_first(self) -> Self:
        """With the author of each."""
        return self.select_related("by").order_by("-at", "-pk")
