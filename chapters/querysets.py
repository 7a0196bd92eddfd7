"""Queries for chapters."""

from itertools import chain, count
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.text import slugify

if TYPE_CHECKING:
    from chapters.models.chapter import Chapter

#: The web address of the form to start a chapter, so that no chapter has it.
START = "start"
LONGEST_SLUG = 60


class ChapterQuerySet(models.QuerySet["Chapter"]):
    def public(self) -> Self:
        return self.filter(status=self.model.Status.OPEN)

    def shown(self) -> Self:
        """Chapters with a public page: open ones, and those on a break."""
        return self.filter(status__in=[self.model.Status.OPEN, self.model.Status.RESTING])

    def at(self, place: str) -> Self:
        """Chapters of a country, state or province, by its code. A country includes its parts."""
        return self.filter(region=place) if "-" in place else self.filter(country=place)

    def free_web_address(self, name: str) -> str:
        """An unused slug made from a name: "lakeside", or "lakeside-2" if another chapter has it."""
        wanted = slugify(name)[: LONGEST_SLUG - 4].strip("-") or "chapter"
        taken = {*self.filter(slug__startswith=wanted).values_list("slug", flat=True), START}
        numbered = (f"{wanted}-{number}" for number in count(2))
        return next(slug for slug in chain([wanted], numbered) if slug not in taken)

    def by_name(self) -> Self:
        return self.order_by("country", "region", "name")
