"""Pages of words. Their templates name the texts they show; see `content/`."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from pages.models import Claim, Person
from s4jr.privacy.headers import reading_page


@require_safe
@reading_page
def home(request):
    return render(request, "pages/home.html", {"people": Person.objects.shown()})


@require_safe
@reading_page
def people(request):
    return render(request, "pages/people.html", {"people": Person.objects.shown()})


@require_safe
@reading_page
def press(request):
    return render(request, "pages/press.html", {"people": Person.objects.shown().in_press_kit()})


@require_safe
@reading_page
def sources(request):
    return render(request, "pages/sources.html", {"claims": Claim.objects.all()})


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
