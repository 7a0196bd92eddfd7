"""Queries for chapters."""

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from chapters.models.chapter import Chapter


class ChapterQuerySet(models.QuerySet["Chapter"]):
    def public(self) -> Self:
        return self.filter(status=self.model.Status.OPEN)

    def shown(self) -> Self:
        """Chapters with a public page: open ones, and those on a break."""
        return self.filter(status__in=[self.model.Status.OPEN, self.model.Status.RESTING])

    def at(self, place: str) -> Self:
        """Chapters of a country, state or province, by its code. A country includes its parts."""
        return self.filter(region=place) if "-" in place else self.filter(country=place)

    def by_name(self) -> Self:
        return self.order_by("country", "region", "name")
