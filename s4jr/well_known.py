"""robots.txt, the sitemap and security.txt (RFC 9116). They name no person."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from s4jr.mail.mail_host_middleware import is_mail_host

#: Pages for search engines. Representatives are not among them: their list asks not to be indexed.
FOUND_BY_SEARCHING = (
    "home", "what_we_do", "why", "pathway", "justice", "people", "press", "sources", "support", "safety",
    "calm", "privacy", "privacy_inventory", "agreement", "accessibility", "join", "contact", "chapters", "meetings",
)  # fmt: skip
#: Targets of email links and of signing in. The admin's path is not revealed. `/my-details/` is not here: every page
#: links to it, and a crawler must be able to read a page to see its `noindex`.
NOT_FOR_CRAWLERS = (
    "/account/", "/calendar/", "/desk/", "/invitation/", "/join/confirm/", "/meetings/coming/", "/meetings/in/",
    "/unsubscribe/", "/words/",
)  # fmt: skip
SECURITY_TEXT_LASTS = timedelta(days=180)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    closed = ("/",) if is_mail_host(request.get_host()) else NOT_FOR_CRAWLERS
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    if closed is NOT_FOR_CRAWLERS:
        lines.append(f"Sitemap: {settings.SITE_URL}/sitemap.xml")
    return _text(lines)


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every page in every language, each with its addresses in the others."""
    pages = [{language: _address(name, language) for language, _ in settings.LANGUAGES} for name in FOUND_BY_SEARCHING]
    return render(request, "sitemap.xml", {"pages": pages}, content_type="application/xml")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Where to report a vulnerability. The expiry date is computed, so it never expires while the site runs."""
    day = timezone.now().date() + SECURITY_TEXT_LASTS
    expires = datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())
    return _text(
        [
            f"Contact: {settings.SITE_URL}{reverse('contact')}",
            f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
            f"Preferred-Languages: {', '.join(code.partition('-')[0] for code, _ in settings.LANGUAGES)}",
            f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
        ]
    )


def _address(name, language):
    with translation.override(language):
        return settings.SITE_URL + reverse(name)


def _text(lines):
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type="text/plain; charset=utf-8")
