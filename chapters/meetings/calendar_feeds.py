"""Calendar feeds. They are outside the language routes, set no cookie and identify no one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.http import http_date, parse_http_date
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from chapters.meetings.calendar_files import calendar_of
from chapters.meetings.querysets import MeetingQuerySet
from chapters.models import Chapter, Meeting, MeetingSeries
from chapters.regions import country_of, place_code, place_name
from s4jr.accounts.session_timeout import without_session

#: Past meetings stay in a feed this long; otherwise they would vanish from calendars the next morning.
KEPT = timedelta(days=30)
#: `max-age` of a feed, in seconds. Short, so that apps soon learn of a canceled meeting.
FRESH = 900

Feed = Callable[..., HttpResponse]


def _serve_feed(view: Feed) -> Feed:
    """A view of a feed: GET and HEAD, 304 for what an app already has, compressed, one copy for everyone.

    Compressing is safe here: a feed holds no secret, and nothing from the request (BREACH).
    """

    @require_safe
    @gzip_page
    @without_session
    @wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code != 200:
            return response
        modified_at = parse_http_date(response["Last-Modified"])
        return get_conditional_response(request, response["ETag"], modified_at, response) or response

    return wrapper


@_serve_feed
def every_meeting(request: HttpRequest) -> HttpResponse:
    return _answer(_in_feeds(), _("Meetings"))


@_serve_feed
def chapter_meetings(request: HttpRequest, slug: str) -> HttpResponse:
    chapter = get_object_or_404(Chapter.objects.public(), slug=slug)
    return _answer(_in_feeds().filter(chapter=chapter), chapter.name)


@_serve_feed
def place_meetings(request: HttpRequest, code: str) -> HttpResponse:
    """The meetings of a place, of the chapters there, and for its whole country; a country includes its parts."""
    known = place_code(code)
    if not known:
        raise Http404
    if known != code:
        return redirect("place_feed", known)
    name = _("Meetings: %(name)s") % {"name": place_name(country_of(code), code if "-" in code else "")}
    return _answer(_in_feeds().at([code]), name)


@_serve_feed
def kind_meetings(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in Meeting.Kind.values:
        raise Http404
    name = _("Meetings: %(name)s") % {"name": capfirst(Meeting.Kind(kind).label)}
    return _answer(_in_feeds().filter(kind=kind), name)


@_serve_feed
def series_meetings(request: HttpRequest, pk: UUID) -> HttpResponse:
    series = get_object_or_404(MeetingSeries.objects.public(), pk=pk)
    return _answer(_in_feeds().filter(series=series), series.title)


@_serve_feed
def one_meeting(request: HttpRequest, pk: UUID) -> HttpResponse:
    get_object_or_404(Meeting.objects.public(), pk=pk)
    return _answer(Meeting.objects.public().filter(pk=pk))


def _in_feeds() -> MeetingQuerySet:
    return Meeting.objects.upcoming(timezone.now() - KEPT).for_everybody()


def _answer(meetings: MeetingQuerySet, name: str = "") -> HttpResponse:
    listed = list(meetings)
    response = HttpResponse(calendar_of(listed, name=name), content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={FRESH}"
    response["Content-Disposition"] = 'inline; filename="meetings.ics"'
    set_response_etag(response)
    response["Last-Modified"] = http_date(_changed_at(listed).timestamp())
    return response


def _changed_at(meetings: list[Meeting]) -> datetime:
    """The last change of these meetings, or the start of this day if that is later: meetings leave a feed without a
    change of any that is still in it, and an app that goes by the time alone must learn of it the next day."""
    today = timezone.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return max([today, *(meeting.changed_at for meeting in meetings)])
