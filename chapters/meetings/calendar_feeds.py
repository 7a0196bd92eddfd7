"""Calendar feeds. They are outside the language routes, set no cookie and identify no one."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from chapters.meetings.calendar_files import calendar_of
from chapters.meetings.querysets import MeetingQuerySet
from chapters.models import Chapter, Meeting

#: Past meetings stay in a feed this long; otherwise they would vanish from calendars the next morning.
KEPT = timedelta(days=30)
#: `max-age` of a feed, in seconds. Short, so that apps soon learn of a canceled meeting.
FRESH = 900


@require_safe
@conditional_page
def every_meeting(request: HttpRequest) -> HttpResponse:
    return _answer(_in_feeds(), _("Meetings"))


@require_safe
@conditional_page
def chapter_meetings(request: HttpRequest, slug: str) -> HttpResponse:
    chapter = get_object_or_404(Chapter.objects.public(), slug=slug)
    return _answer(_in_feeds().filter(chapter=chapter), chapter.name)


@require_safe
@conditional_page
def one_meeting(request: HttpRequest, pk: UUID) -> HttpResponse:
    get_object_or_404(Meeting.objects.public(), pk=pk)
    return _answer(Meeting.objects.public().filter(pk=pk))


def _in_feeds() -> MeetingQuerySet:
    return Meeting.objects.upcoming(timezone.now() - KEPT).for_everybody()


def _answer(meetings: MeetingQuerySet, name: str = "") -> HttpResponse:
    response = HttpResponse(calendar_of(meetings, name=name), content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={FRESH}"
    response["Content-Disposition"] = 'inline; filename="meetings.ics"'
    return response
