"""The public pages of meetings."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from chapters.meetings.filter_form import FindMeetingsForm
from chapters.meetings.providers import rsvp_section
from chapters.models import Meeting
from s4jr.security.headers import reading_page

ON_A_PAGE = 20


@require_safe
@reading_page
def meetings(request: HttpRequest) -> HttpResponse:
    form = FindMeetingsForm(request.GET)
    found = form.among(Meeting.objects.for_everybody().select_related("chapter"))
    page = Paginator(found, ON_A_PAGE).get_page(form.page_number)
    seen = {
        "form": form,
        "meetings": page,
        "is_past": form.wants_past,
        "query": form.query,
        "has_past": Meeting.objects.for_everybody()
        .past()
        .exists,  # called by the template only if no meeting is upcoming
    }
    return render(request, "chapters/meetings/meetings.html", seen)


@require_safe
@reading_page
def meeting(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(Meeting.objects.public().select_related("chapter"), pk=pk)
    seen = {"meeting": found, "rsvp": rsvp_section.call(request, found)}
    return render(request, "chapters/meetings/meeting.html", seen)
