"""The directory and its photos. It shows no email address, and asks search engines not to index profiles."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from chapters.directory.forms import ALL, FindForm
from chapters.directory.pagination import DEEPEST, profile_page
from chapters.directory.place_counts import count_at, countries, full_name, way_to
from chapters.directory.place_page import sections_of
from chapters.map import drawing
from chapters.models import Representative
from chapters.place_spelling import plain
from chapters.regions import by_name, country_of
from s4jr.form_fields.photos import answer_with
from s4jr.security.headers import reading_page

#: Profiles on the first page. "Show all" leads to the others.
FEW = 6


def _unlisted(response: HttpResponse) -> HttpResponse:
    """Marks a response as noindex: people agreed to be shown here, not to be found by name elsewhere."""
    response["X-Robots-Tag"] = "noindex, noimageindex"
    return response


@require_safe
@gzip_page
@reading_page
def directory(request: HttpRequest) -> HttpResponse:
    form = FindForm(request.GET)
    if not form.is_valid() or len(form.meant) > 1:
        return _everywhere(request, form)
    if not form.says_the_place_by_its_code:
        return redirect(_address(form))
    if (place := form.only_place_in_words) and not _is_somebodys_name(form.words):
        return redirect(f"{reverse('representatives')}?{urlencode({'place': place})}")
    found = form.cleaned_data["place"] or form.words or form.wants_all
    return _some(request, form) if found else _everywhere(request, form)


def _is_somebodys_name(words: list[str]) -> bool:
    """Whether a public profile has these words in its name: "Georgia" may be a person."""
    names = Representative.objects.public().placed().saying(words).values_list("display_name", flat=True)
    return any(set(plain(" ".join(words)).split()) <= set(plain(name).split()) for name in names)


def _address(form: FindForm) -> str:
    asked = {name: form.cleaned_data[name] for name in ("place", "q") if form.cleaned_data[name]}
    asked = asked or ({"show": ALL} if form.wants_all else {})
    return f"{reverse('representatives')}?{urlencode(asked)}"


def _everywhere(request: HttpRequest, form: FindForm) -> HttpResponse:
    """All places, the map, and a few profiles. Without profiles, it may be indexed."""
    everybody = Representative.objects.public().placed()
    counts = everybody.count_by_place()
    total = count_at(counts, "")
    shown: dict[str, Any] = {
        "form": form,
        "meant": [(code, full_name(code)) for code in form.meant],
        "total": total,
        "countries": countries(counts),
        "picture": drawing.VIEWS[form.view](counts),
        "profiles": sorted(everybody.latest_first().with_place()[:FEW], key=_by_names) if total else [],
    }
    shown["has_more"] = total > FEW
    shown["is_unlisted"] = bool(shown["profiles"]) or "q" in request.GET
    response = render(request, "chapters/directory.html", shown)
    return _unlisted(response) if shown["is_unlisted"] else response


def _by_names(profile: Representative) -> tuple[tuple[str, str], ...]:
    return by_name(profile.public_country), by_name(profile.public_place), by_name(profile.display_name)


def _some(request: HttpRequest, form: FindForm) -> HttpResponse:
    """The page of a place, or the profiles with the search words, paginated."""
    place = form.cleaned_data["place"]
    found = Representative.objects.public().placed().saying(form.words)
    page = profile_page(found.at(place), form.cleaned_data["page"], None if place and not form.words else DEEPEST)
    # A state or province with profiles shows neither parts nor other places.
    counts = {} if page.profiles and "-" in place else found.count_by_place()
    way = way_to(place)
    shown = {
        "form": form,
        "page": page,
        "place": place,
        "with_country": not place,
        "place_name": way[-1][1] if way else "",
        "way": way[:-1],
        "parts": next((country.parts for country in countries(counts) if country.code == place), []),
        "elsewhere": count_at(counts, country_of(place)),
        "anywhere": count_at(counts, ""),
        "address": _address(form),
        "sections": sections_of(place) if place and not form.words else None,
    }
    return _unlisted(render(request, "chapters/place.html", shown))


@require_safe
def photo(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """A photo, while its profile is public; its owner always sees it."""
    may_see = Q(pk__in=Representative.objects.public().values("pk")) | Q(user=request.user.pk or None)
    found = Representative.objects.filter(may_see, pk=pk).values_list("photo", flat=True).first()
    return _unlisted(answer_with(found, request))
