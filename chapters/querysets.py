"""Questions about chapters."""

from typing import Any, Self

from django.db import models


class ChapterQuerySet(models.QuerySet):
    model: Any

    def public(self) -> Self:
        return self.filter(status=self.model.Status.OPEN)

    def shown(self) -> Self:
        """Those with a page of their own: the open ones, and those that rest, which say so."""
        return self.filter(status__in=[self.model.Status.OPEN, self.model.Status.RESTING])

    def by_name(self) -> Self:
        return self.order_by("country", "region", "name")
