"""The audience of an announcement in words, for admins."""

from typing import TYPE_CHECKING

from django.conf import settings

from chapters.regions import country_of, place_name
from members.applications.ways_to_help import WAYS_TO_HELP

if TYPE_CHECKING:
    from members.models.announcement import Announcement


def in_words(announcement: "Announcement") -> str:
    """The audience in words, such as "members in states, provinces or countries: Ontario, France, in English"."""
    ways, languages = dict(WAYS_TO_HELP), dict(settings.LANGUAGES)
    parts = [
        *(place_name(country_of(code), code if "-" in code else "") for code in announcement.places.split()),
        *(str(ways.get(way, way)) for way in announcement.ways.split()),
        *([announcement.chapter.name] if announcement.chapter else []),
    ]
    whom = announcement.get_audience_display()
    said = f"{whom}: {', '.join(parts)}" if parts else whom
    return f"{said}, {languages[announcement.language]}" if announcement.language in languages else said
