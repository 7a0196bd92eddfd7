"""The page behind the link in a renewal email: it renews the consent, or shows a hidden profile again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from chapters.models import Representative
from chapters.representatives.consent import LASTS
from chapters.representatives.services import renew_consent


def renew_profile(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the page, POST renews. A used link shows a confirmation until the next email."""
    found = Representative.objects.with_link(token)
    profile = found.first()
    if profile is None or not profile.display_name:
        return render(request, "chapters/representatives/renewal_over.html", status=410)
    if request.method == "POST":
        renew_consent(found)
        return redirect("renew_profile", token=token)
    template = (
        "chapters/representatives/renew_profile.html"
        if profile.emails_written
        else "chapters/representatives/profile_renewed.html"
    )
    return render(request, template, {"profile": profile, "days": LASTS.days})
