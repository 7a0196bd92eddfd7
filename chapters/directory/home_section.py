"""The number of representatives, as a section of the home page."""

from dataclasses import dataclass

from django.http import HttpRequest

from chapters.models import Representative
from s4jr.providers import Section


@dataclass(frozen=True)
class RepresentativeCounts(Section):
    """The numbers of public profiles and of their countries. `search_template` has the search form."""

    people: int
    countries: int
    search_template: str = "chapters/_find_yours.html"


def representatives_section(request: HttpRequest) -> RepresentativeCounts:
    """The section. Runs one query."""
    counts = Representative.objects.public().placed().count_by_place()
    countries = {country for country, _region in counts}
    return RepresentativeCounts("chapters/_meet.html", sum(counts.values()), len(countries))
