"""Empties street addresses and dial-ins the day after their meeting."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from chapters.meetings.querysets import MeetingQuerySet, SeriesQuerySet
from chapters.models import Meeting, MeetingSeries
from s4jr.crypto.fields import DecryptionError
from s4jr.crypto.unreadable_text import is_unreadable

#: How long after a meeting its venue is emptied.
THE_DAY_AFTER = timedelta(days=1)


def empty_past_venues(now: datetime, within: timedelta | None = None) -> int:
    """Empties the venues of meetings that ended a day ago, and of series without another date. Returns how many.

    An encrypted column can't be searched for blanks: `within` limits how far back the rows are read.
    """
    over = Meeting.objects.filter(ends_at__lte=now - THE_DAY_AFTER)
    if within is not None:
        over = over.filter(starts_at__gt=now - within)
    read = list(over.defer(None).only("series", "venue"))  # their manager defers it
    return _empty_venues(over, read) + _empty_of_ended_series({meeting.series_id for meeting in read} - {None}, now)


def _empty_of_ended_series(pks, now):
    if not pks:
        return 0
    still_needed = Meeting.objects.filter(series=OuterRef("pk"), ends_at__gt=now - THE_DAY_AFTER)
    ended = MeetingSeries.objects.filter(~Exists(still_needed))
    return _empty_venues(ended, ended.filter(pk__in=pks).defer(None).only("venue"))


def _empty_venues(rows: MeetingQuerySet | SeriesQuerySet, read):
    """Asks again which rows are due, because a host may have planned another date since they were read."""
    pks = [row.pk for row in read if _holds_venue(row)]
    return rows.filter(pk__in=pks).update(venue="") if pks else 0


def _holds_venue(row):
    """True also for a venue that can't be decrypted: that goes as well."""
    try:
        return is_unreadable(row.venue) or bool(row.venue)
    except DecryptionError:
        return True
