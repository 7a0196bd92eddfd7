"""Public pages of chapters: the list, one chapter, and the form to start one."""

from itertools import groupby

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from chapters.forms import StartForm
from chapters.models import Chapter, Meeting, Representative
from chapters.regions import by_name
from chapters.volunteer_offers.views import keep_offer, place_in
from s4jr.content import markdown
from s4jr.form_fields.carried_over import LANGUAGE_STEP, typed_so_far
from s4jr.security.csrf_failure import keeps_refused_form
from s4jr.security.headers import reading_page

#: The number of upcoming meetings on a chapter's page.
NEXT_MEETINGS = 5


@require_safe
@reading_page
def chapters(request: HttpRequest) -> HttpResponse:
    """All chapters with a page, by country and name."""
    found = sorted(Chapter.objects.shown(), key=lambda chapter: (by_name(chapter.country_name), by_name(chapter.name)))
    countries = [(country, list(there)) for country, there in groupby(found, key=lambda chapter: chapter.country_name)]
    return render(request, "chapters/chapters.html", {"countries": countries})


@require_safe
@reading_page
def chapter(request: HttpRequest, slug: str) -> HttpResponse:
    """One chapter. A requested one is a 404."""
    found = get_object_or_404(Chapter.objects.shown(), slug=slug)
    # A profile on this page discloses the region, so those who show only their country are not on it.
    shown = Representative.objects.public().filter(shows_region=True)
    profiles = shown.of("", found).placed().in_order().with_place()
    seen = {
        "chapter": found,
        "words": markdown.render(found.words),
        "how_to_join": markdown.render(found.how_to_join),
        "profiles": profiles,
        "meetings": Meeting.objects.upcoming().for_everybody().filter(chapter=found)[:NEXT_MEETINGS],
    }
    return render(request, "chapters/chapter.html", seen)


@keeps_refused_form(StartForm)
def start(request: HttpRequest) -> HttpResponse:
    """The form to start a chapter. Its status code works like that of any other offer."""
    if request.method != "POST":
        return _start_page(request, StartForm.blank(request, place=place_in(request)))
    if request.POST.get("step") == LANGUAGE_STEP:
        return _start_page(request, StartForm(initial=typed_so_far(StartForm, request.POST)))
    form = StartForm(request.POST)
    return keep_offer(request, form) if form.is_valid() else _start_page(request, form)


def _start_page(request: HttpRequest, form: StartForm) -> HttpResponse:
    return render(request, "chapters/start.html", {"form": form, "days": settings.OFFER_DAYS})
