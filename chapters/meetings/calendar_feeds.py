"""Calendars to subscribe to. They are outside the language routes, set no cookie and know nobody."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from chapters.meetings.calendar_files import calendar_of
from chapters.models import Chapter, Meeting

#: A meeting stays in a feed this long, or it would vanish from people's calendars the morning after.
KEPT = timedelta(days=30)
#: How long an app may go by what it has, in seconds: a meeting that is called off should not be missed for long.
FRESH = 900


@require_safe
@conditional_page
def every_meeting(request):
    return _answer(_in_feeds(), _("Meetings"))


@require_safe
@conditional_page
def chapter_meetings(request, slug):
    chapter = get_object_or_404(Chapter.objects.public(), slug=slug)
    return _answer(_in_feeds().filter(chapter=chapter), chapter.name)


@require_safe
@conditional_page
def one_meeting(request, pk):
    get_object_or_404(Meeting.objects.public(), pk=pk)
    return _answer(Meeting.objects.public().filter(pk=pk))


def _in_feeds():
    return Meeting.objects.upcoming(timezone.now() - KEPT).for_everybody()


def _answer(meetings, name=""):
    response = HttpResponse(calendar_of(meetings, name=name), content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = f"public, max-age={FRESH}"
    response.headers["Content-Disposition"] = 'inline; filename="meetings.ics"'
    return response
