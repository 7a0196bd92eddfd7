"""The public pages of meetings."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from chapters.meetings.feed_choice import feed_for
from chapters.meetings.filter_form import FindMeetingsForm
from chapters.meetings.page_context import around
from chapters.meetings.permissions import names_of_hosts
from chapters.meetings.providers import rsvp_section
from chapters.meetings.series_list import entry_page, rule_in_words
from chapters.models import Meeting, MeetingSeries
from s4jr.security.headers import reading_page

#: Past meetings on a page.
ON_A_PAGE = 20
#: Upcoming dates of a series on its page, and past ones with notes.
DATES = 12
#: What no public page reads.
SECRETS = ("join_link", "venue", "series__join_link", "series__venue")


@require_safe
@reading_page
def meetings(request: HttpRequest) -> HttpResponse:
    form = FindMeetingsForm(request.GET)
    if form.is_to_be_redirected:
        return redirect(f"{reverse('meetings')}?{form.query}")
    found = form.among(Meeting.objects.for_everybody().select_related("chapter"))
    seen: dict[str, Any] = {"form": form, "is_past": form.wants_past, "query": form.query}
    if form.wants_past:
        seen["meetings"] = Paginator(found, ON_A_PAGE).get_page(form.page_number)
    else:
        seen |= {"listed": entry_page(found, form.page_number), "feed": feed_for(form)}
    # Called by the template only if no meeting is upcoming.
    seen["has_past"] = Meeting.objects.for_everybody().past().exists
    return render(request, "chapters/meetings/meetings.html", seen)


@require_safe
@reading_page
def series(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A series: its rule, its next dates, and its past ones with notes."""
    found = get_object_or_404(MeetingSeries.objects.public().select_related("chapter"), pk=pk)
    theirs = Meeting.objects.public().filter(series=found).select_related("chapter")
    dates = list(theirs.upcoming()[:DATES])
    seen = {
        "series": found,
        "dates": dates,
        "rule": rule_in_words(found, dates[0]) if dates and found.repeats != MeetingSeries.Repeats.ONCE else "",
        "past": theirs.past().with_notes()[:DATES],
        "hosts": names_of_hosts(found.pk),
    }
    return render(request, "chapters/meetings/series.html", seen)


@require_safe
@reading_page
def meeting(request: HttpRequest, pk: UUID) -> HttpResponse:
    public = Meeting.objects.public().select_related("chapter", "series").defer(*SECRETS)
    found = get_object_or_404(public, pk=pk)
    in_series = found.series is not None and found.series.has_public_page
    seen = {"meeting": found, "rsvp": rsvp_section.call(request, found), "in_series": in_series}
    seen |= around(found, "meeting")
    return render(request, "chapters/meetings/meeting.html", seen)
