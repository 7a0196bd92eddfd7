"""A page of profiles with the total, from one query."""

from dataclasses import dataclass
from math import ceil
from typing import Any, cast

from django.db.models import Count, Window

from chapters.models import Representative
from chapters.representatives.querysets import RepresentativeQuerySet

#: Profiles per page.
PROFILES = 10
#: The most pages of a search. It is for finding someone, not for copying the directory.
DEEPEST = 20


@dataclass(frozen=True)
class ProfilePage:
    profiles: list[Representative]
    number: int
    total: int
    deepest: int | None

    @property
    def pages(self) -> int:
        return min(ceil(self.total / PROFILES), self.deepest or self.total)

    @property
    def is_cut(self) -> bool:
        return self.total > self.pages * PROFILES

    @property
    def before(self) -> int:
        return self.number - 1

    @property
    def after(self) -> int:
        return self.number + 1 if self.number < self.pages else 0


def profile_page(found: RepresentativeQuerySet, number: int, deepest: int | None = None) -> ProfilePage:
    """The page with this number, or the first one if there are fewer."""
    number = min(number, deepest or number)
    counted = found.in_order().with_place().annotate(in_all=Window(Count("pk")))
    profiles = list(counted[(number - 1) * PROFILES : number * PROFILES])
    if not profiles and number > 1:
        return profile_page(found, 1, deepest)
    return ProfilePage(profiles, number, cast("Any", profiles[0]).in_all if profiles else 0, deepest)
