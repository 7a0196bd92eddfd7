"""Lists of meetings with one entry for each series, so that a weekly series does not fill the page."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Min, Q, Value, Window
from django.db.models.functions import Coalesce, RowNumber
from django.utils.formats import time_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from chapters.meetings import timezones
from chapters.meetings.querysets import MeetingQuerySet
from chapters.models import Meeting, MeetingSeries

#: Entries of a list at first, and how many each "Show more" adds.
AT_FIRST = 6
MORE = 24
#: A page number beyond this is that of a program.
LAST_PAGE = 100
#: Further dates of a series in its entry.
OTHER_DATES = 6


@dataclass(frozen=True)
class Entry:
    """A series with its next dates, or a single meeting: then `series` is None and `others` is empty.

    `meeting` is the next one that takes place; a canceled one if there is no other.
    """

    meeting: Meeting
    others: list[Meeting]
    series: MeetingSeries | None

    @property
    def rule(self) -> str:
        """When the series takes place; "" for a single meeting."""
        return rule_in_words(self.series, self.meeting) if self.series else ""


@dataclass(frozen=True)
class EntryPage:
    """The entries of a list up to this page, and whether there are more."""

    entries: list[Entry]
    number: int
    has_more: bool

    @property
    def next_number(self) -> int:
        return self.number + 1

    @property
    def first_new(self) -> int:
        """The index of the first entry that the page before did not have."""
        return _count_until(self.number - 1)


def entry_page(meetings: MeetingQuerySet, number: int = 1) -> EntryPage:
    """The entries of these upcoming meetings, by their next date. Two queries, however many there are.

    Of meetings `at` a place, those of its whole country come last.
    """
    number = min(max(number, 1), LAST_PAGE)
    count = _count_until(number)
    keys = [key for key, _next in _keys_by_next_date(meetings)[: count + 1]]
    return EntryPage(_entries_of(meetings, keys[:count]), number, has_more=len(keys) > count)


def rule_in_words(series: MeetingSeries, meeting: Meeting) -> str:
    """ "Every week on Tuesday at 7:00 p.m. Eastern Time", with the time zone's name at this meeting."""
    # Translators: when a series of meetings takes place, such as "Every week on Tuesday at 7:00 p.m. Eastern Time".
    return _("%(rhythm)s at %(time)s %(zone)s") % {
        "rhythm": capfirst(series.rhythm),
        "time": time_format(series.time_of_day, "TIME_FORMAT"),
        "zone": timezones.in_words(series.zone, meeting.starts_at),
    }


def next_date_of(meeting: Meeting) -> Meeting | None:
    """The next date of the series of a canceled meeting, for the same people. None if the meeting takes place."""
    if not meeting.is_canceled or meeting.series_id is None:
        return None
    return Meeting.objects.upcoming().after(meeting).first()


def _count_until(number: int) -> int:
    return AT_FIRST + MORE * (number - 1) if number else 0


def _keys_by_next_date(meetings: MeetingQuerySet) -> Any:
    """Pairs (key of the series or of the single meeting, next date). A canceled date counts if there is no other."""
    next_date = Coalesce(Min("starts_at", filter=Q(is_canceled=False)), Min("starts_at"))
    keyed = meetings.order_by().annotate(entry_key=Coalesce("series_id", "pk")).values("entry_key")
    nearest = Min("nearness") if "nearness" in meetings.query.annotations else Value(0)
    keyed = keyed.annotate(next_date=next_date, nearest=nearest)
    return keyed.order_by("nearest", "next_date", "entry_key").values_list("entry_key", "next_date")


def _entries_of(meetings: MeetingQuerySet, keys: list[Any]) -> list[Entry]:
    """The entries with these keys, in their order."""
    numbered = meetings.filter(Q(series__in=keys) | Q(pk__in=keys)).annotate(
        entry_key=Coalesce("series_id", "pk"),
        number_there=Window(RowNumber(), partition_by=[F("entry_key")], order_by=[F("starts_at"), F("pk")]),
    )
    dates = numbered.filter(number_there__lte=OTHER_DATES + 1).select_related("chapter", "series")
    dates = dates.defer("join_link", "venue", "series__join_link", "series__venue").order_by("starts_at", "pk")
    found: dict[Any, list[Meeting]] = {key: [] for key in keys}
    for meeting in dates:
        found[meeting.series_id or meeting.pk].append(meeting)
    return [_entry_of(found[key]) for key in keys if found[key]]


def _entry_of(dates: list[Meeting]) -> Entry:
    meeting = next((one for one in dates if not one.is_canceled), dates[0])
    series = meeting.series
    is_single = series is None or series.repeats == MeetingSeries.Repeats.ONCE
    return Entry(meeting, [one for one in dates if one != meeting], None if is_single else series)
