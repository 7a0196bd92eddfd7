"""What the page of a place shows beside its representatives: its chapters and its next public meetings."""

from dataclasses import dataclass

from chapters.meetings.series_list import Entry, entry_page
from chapters.models import Chapter, Meeting

#: Entries of meetings, one for each series.
NEXT_MEETINGS = 3
#: Chapters by name; the page of all chapters has the rest.
CHAPTERS = 12


@dataclass(frozen=True)
class PlaceSections:
    """`has_more_...`: whether there are more than these."""

    chapters: list[Chapter]
    has_more_chapters: bool
    meetings: list[Entry]
    has_more_meetings: bool


def sections_of(place: str) -> PlaceSections:
    """The sections for a place, by its code. Three queries at most."""
    chapters = list(Chapter.objects.shown().at(place).by_name()[: CHAPTERS + 1])
    found = entry_page(Meeting.objects.for_everybody().upcoming().at([place]))
    return PlaceSections(
        chapters=chapters[:CHAPTERS],
        has_more_chapters=len(chapters) > CHAPTERS,
        meetings=found.entries[:NEXT_MEETINGS],
        has_more_meetings=found.has_more or len(found.entries) > NEXT_MEETINGS,
    )
