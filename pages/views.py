"""Pages of words. Their templates name the texts they show; see `content/`."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from pages.models import Statistic, SupportLine, TeamMember
from pages.team import team_of
from s4jr.content.cache_version import cache_version_for
from s4jr.form_fields.photos import answer_with
from s4jr.page_cache import keep_until
from s4jr.providers import next_meeting_section, representatives_section
from s4jr.security.headers import reading_page


@require_safe
@reading_page
def home(request):
    seen = {
        "people": team_of(request),
        "representative_counts": representatives_section.call(request),
        "next_meeting": next_meeting_section.call(request),
    }
    keep_until(request, seen["next_meeting"].changes_at)
    return render(request, "pages/home.html", seen)


@require_safe
@reading_page
def people(request):
    return render(request, "pages/people.html", {"people": team_of(request)})


@require_safe
def team_member_photo(request, pk):
    """The photograph of somebody who is shown."""
    return answer_with(TeamMember.objects.shown().filter(pk=pk).values_list("photo", flat=True).first(), request)


@require_safe
@reading_page
def press(request):
    return render(
        request, "pages/press.html", {"people": [person for person in team_of(request) if person.is_in_press_kit]}
    )


def _statistics():
    return list(Statistic.objects.all())


def _support_lines():
    return list(SupportLine.objects.published())


@require_safe
@reading_page
def sources(request):
    return render(request, "pages/sources.html", {"statistics": cache_version_for(request).get(_statistics)})


@require_safe
@reading_page
def support(request):
    return render(request, "pages/support.html", {"lines": cache_version_for(request).get(_support_lines)})


@require_safe
@reading_page
def words(request, key):
    """A page that is one text."""
    return render(request, "pages/words.html", {"key": key})


@require_safe
@reading_page
def several_words(request, template):
    """A page that needs nothing but the texts its template names."""
    return render(request, template)
