"""Content pages. Their templates name the text blocks to show; see `content/`."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pages.models import Statistic, SupportLine, TeamMember
from pages.team import press_kit_of, team_of
from s4jr.content.cache_version import cache_version_for
from s4jr.form_fields.photos import answer_with
from s4jr.page_cache import keep_until
from s4jr.providers import next_meeting_section, representatives_section
from s4jr.security.headers import reading_page


@require_safe
@reading_page
def home(request: HttpRequest) -> HttpResponse:
    seen = {
        "people": team_of(request),
        "representative_counts": representatives_section.call(request),
        "next_meeting": next_meeting_section.call(request),
    }
    keep_until(request, seen["next_meeting"].changes_at)
    return render(request, "pages/home.html", seen)


@require_safe
@reading_page
def people(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/people.html", {"people": team_of(request)})


@require_safe
def team_member_photo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The photo of a team member who is shown."""
    return answer_with(TeamMember.objects.shown().filter(pk=pk).values_list("photo", flat=True).first(), request)


@require_safe
@reading_page
def press(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/press.html", {"people": press_kit_of(request)})


def _statistics() -> list[Statistic]:
    return list(Statistic.objects.all())


def _support_lines() -> list[SupportLine]:
    return list(SupportLine.objects.published())


@require_safe
@reading_page
def sources(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/sources.html", {"statistics": cache_version_for(request).get(_statistics)})


@require_safe
@reading_page
def support(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/support.html", {"lines": cache_version_for(request).get(_support_lines)})


@require_safe
@reading_page
def words(request: HttpRequest, key: str) -> HttpResponse:
    """A page with one text block."""
    return render(request, "pages/words.html", {"key": key})


@require_safe
@reading_page
def several_words(request: HttpRequest, template: str) -> HttpResponse:
    """A page that needs only the text blocks that its template names."""
    return render(request, template)
