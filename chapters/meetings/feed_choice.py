"""The calendar feed that fits the filters of the list of meetings."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from chapters.meetings.filter_form import FindMeetingsForm
from chapters.models import Meeting
from chapters.place_search import place_label


@dataclass(frozen=True)
class FeedChoice:
    """The path of a feed, and a sentence about what it has."""

    path: str
    words: str


def feed_for(form: FindMeetingsForm) -> FeedChoice:
    """The feed of the one type, chapter or place that the list shows; otherwise that of all meetings."""
    kind, chapter = form.sought.get("kind"), form.sought.get("chapter")
    feeds = [_feed_of("place_feed", code, place_label(code)) for code in form.places]
    if kind:
        feeds.append(_feed_of("kind_feed", kind, capfirst(Meeting.Kind(kind).label)))
    if chapter:
        feeds.append(_feed_of("chapter_feed", chapter.slug, chapter.name))
    if len(feeds) == 1:
        return feeds[0]
    return FeedChoice(reverse("every_meeting_feed"), _("Calendar of all meetings open to everyone"))


def _feed_of(route: str, value: str, name: Any) -> FeedChoice:
    # Translators: `name` is a type of meeting, a chapter or a place.
    return FeedChoice(reverse(route, args=[value]), _("Calendar of these meetings: %(name)s") % {"name": name})
