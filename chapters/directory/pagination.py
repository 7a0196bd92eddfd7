"""A page of profiles, and how many there are in all, from one query."""

from dataclasses import dataclass
from math import ceil

from django.db.models import Count, Window

from chapters.models import Representative

#: So many profiles stand on one page.
PROFILES = 10
#: A search shows so many pages and then asks for other words: it is for finding somebody, not for copying everybody.
DEEPEST = 20


@dataclass(frozen=True)
class ProfilePage:
    profiles: list[Representative]
    number: int
    total: int
    deepest: int | None

    @property
    def pages(self):
        return min(ceil(self.total / PROFILES), self.deepest or self.total)

    @property
    def is_cut(self):
        return self.total > self.pages * PROFILES

    @property
    def before(self):
        return self.number - 1

    @property
    def after(self):
        return self.number + 1 if self.number < self.pages else 0


def profile_page(found, number, deepest=None):
    """The ProfilePage of this number; the first one where there is none so far on."""
    number = min(number, deepest or number)
    counted = found.in_order().with_place().annotate(in_all=Window(Count("pk")))
    profiles = list(counted[(number - 1) * PROFILES : number * PROFILES])
    if not profiles and number > 1:
        return profile_page(found, 1, deepest)
    return ProfilePage(profiles, number, profiles[0].in_all if profiles else 0, deepest)
