"""How many representatives there are, for the home page: pages know none of them."""

from dataclasses import dataclass

from django.http import HttpRequest

from chapters.models import Representative
from s4jr.providers import Section


@dataclass(frozen=True)
class RepresentativeCounts(Section):
    """How many are shown, in how many countries; `search_template` is the way to find one of them."""

    people: int
    countries: int
    search_template: str = "chapters/_find_yours.html"


def representatives_section(request: HttpRequest) -> RepresentativeCounts:
    """One query."""
    counts = Representative.objects.public().placed().count_by_place()
    countries = {country for country, _region in counts}
    return RepresentativeCounts("chapters/_meet.html", sum(counts.values()), len(countries))
