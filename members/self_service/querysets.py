"""Queries on what members share, and on changes made with an email link alone."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from members.models.credential_change import CredentialChange
    from members.models.member import Member
    from members.models.sharing import Sharing


class CredentialChangeQuerySet(models.QuerySet["CredentialChange"]):
    def of(self, members: "Iterable[Member]") -> Self:
        """The changes of these members. Accepts a QuerySet or any iterable of members."""
        return self.filter(member__in=members)

    def of_addresses(self) -> Self:
        """Changes of the email address. Each keeps the earlier one."""
        return self.filter(kind=self.model.Kind.ADDRESS)


class SharingQuerySet(models.QuerySet["Sharing"]):
    def of(self, members: "Iterable[Member]") -> Self:
        """What these members share. Accepts a QuerySet or any iterable of members."""
        return self.filter(member__in=members)
