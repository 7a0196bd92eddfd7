"""Exports meetings as a table (CSV) or a calendar (ICS). Neither ever holds a meeting link or a street address."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from chapters.meetings.calendar_files import calendar_of, openly
from chapters.meetings.querysets import MeetingQuerySet
from chapters.models import Meeting
from s4jr.accounts.models import User
from s4jr.audit.models import AccessLog
from s4jr.audit.services import log_access
from s4jr.tables.writer import csv_lines

#: What the access log says that a list contains.
FIELDS = ("title", "starts_at", "region", "chapter", "audience", "is_published")


def export_meetings(meetings: MeetingQuerySet, file_format: str, *, by: User, reason: str) -> Iterator[bytes]:
    """Returns the file ("csv" or "ics") in pieces, and logs who exported each meeting that is not public, and why."""
    listed = list(meetings.select_related("chapter").defer("agenda", "notes", "resources"))
    hidden = [meeting for meeting in listed if not is_public(meeting)]
    log_access(who=by, action=AccessLog.Action.EXPORTED, records=hidden, field_names=FIELDS, reason=reason)
    return iter([calendar_of(listed, _event_of)]) if file_format == "ics" else csv_lines(_rows_of(listed))


def is_public(meeting: Meeting) -> bool:
    """Whether everyone finds its page."""
    return meeting.is_published and meeting.audience == Meeting.Audience.PUBLIC


def _page_of(meeting: Meeting) -> str:
    """The URL of its public page, or of the page where hosts manage it."""
    return settings.SITE_URL + reverse("meeting" if is_public(meeting) else "manage_meeting", args=[meeting.pk])


def _event_of(meeting: Meeting) -> dict[str, Any]:
    said = openly(meeting, _page_of(meeting))
    draft = {} if meeting.is_published else {"summary": _("Draft: %(title)s") % {"title": said["summary"]}}
    return {**said, **draft}


def _rows_of(meetings: Iterable[Meeting]) -> Iterator[list[str]]:
    yield [_("Date"), _("Starts"), _("Ends"), _("Time zone"), _("Title"), _("Place"), _("How people meet"),
           _("Who it’s for"), _("Status"), _("Page")]  # fmt: skip
    for meeting in meetings:
        begins, finishes = meeting.begins, meeting.finishes
        yield [
            f"{begins:%Y-%m-%d}",
            f"{begins:%H:%M}",
            f"{finishes:%H:%M}",
            meeting.zone_in_words,
            meeting.title,
            meeting.whose or _("The whole coalition"),
            meeting.format_in_words,
            str(capfirst(meeting.get_audience_display())),
            _status_of(meeting),
            _page_of(meeting),
        ]


def _status_of(meeting: Meeting) -> str:
    if meeting.is_canceled:
        return _("Canceled")
    if not meeting.is_published:
        return _("Draft")
    return _("Over") if meeting.ends_at <= timezone.now() else _("Published")
