"""Questions about what members share, and about what an email link alone has changed."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from members.models.credential_change import CredentialChange
    from members.models.sharing import Sharing


class CredentialChangeQuerySet(models.QuerySet["CredentialChange"]):
    def of(self, members: Iterable[Any]) -> Self:
        """The changes of these members, given as a QuerySet or one by one."""
        return self.filter(member__in=members)

    def of_addresses(self) -> Self:
        """Those that moved an email address. Each keeps the earlier one."""
        return self.filter(kind=self.model.Kind.ADDRESS)


class SharingQuerySet(models.QuerySet["Sharing"]):
    def of(self, members: Iterable[Any]) -> Self:
        """What these members share, given as a QuerySet or one by one."""
        return self.filter(member__in=members)
