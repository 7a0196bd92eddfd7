"""Leaving in a blink: a plain link that works without JavaScript, and what Back finds afterwards.

`/exit/` ends the session, empties the browser's cache and leaves one cookie that says only that somebody left. While
the browser holds it, every page is the neutral one; Continue there takes it away. Nothing of this is ever counted.
"""

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from s4jr.language import in_language
from s4jr.security.cookies import challenge_cookie, device_cookie
from s4jr.security.submission_token import FormKind

log = logging.getLogger(__name__)

FORMS_END_WITH = "back"
#: What browsers call a page that they fetch before anyone asked for it. Safari and older Firefox have their own words.
PREFETCH_HEADERS = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
PREFETCH_VALUES = ("prefetch", "preview", "prerender")


def exit_cookie():
    """The name of the cookie; on https it belongs to this host alone."""
    return "__Host-left" if settings.SECURE else "left"


def has_left(request):
    return exit_cookie() in request.COOKIES


def our_cookies() -> list[str]:
    """The names of all cookies that this site sets, without the guard that `/exit/` leaves."""
    signing_in = [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, device_cookie(), challenge_cookie()]
    return [*signing_in, *FormKind.cookies]


def is_exit(request: HttpRequest) -> bool:
    """Whether the address is `/exit/` in one of the languages."""
    return in_language(request.path_info, settings.LANGUAGE_CODE) == "/exit/"


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request):
    return _go_on(request) if request.method == "POST" else _leave(request)


def _leave(request):
    """Go to a neutral page, with no referrer; end the session and take our cookies along.

    `Clear-Site-Data: "cache"` only: "cookies" or "storage" would delete what keeps the pages behind Back (measured).
    """
    _end_session(request)
    return redirect_out(request)


def _end_session(request):
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return
    try:
        request.session.flush()
    except Exception as error:  # whatever is broken, the way out is not
        log.error("The session was not ended by Exit: %s", type(error).__name__)
        # An empty one, or Django's middleware would try to save the broken one and answer an error.
        request.session = type(request.session)()


def redirect_out(request: HttpRequest) -> HttpResponse:
    """The redirect of `/exit/`, with its guard. It needs no database, no session and nothing that a browser sent.

    A cookie that is not ours stays: its name may be one that Python refuses to write. The guard is not deleted first,
    or its own `Max-RetentionRule=0` would stay on it.
    """
    response = HttpResponseRedirect(settings.QUICK_EXIT_URL, status=303)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Clear-Site-Data"] = '"cache"'
    for name in our_cookies():
        if name in request.COOKIES:
            response.delete_cookie(name, samesite="Lax")
    # Lax: a step back from another site, or a link on one, brings it too. It ends with the browser.
    response.set_cookie(exit_cookie(), "1", secure=settings.SECURE, httponly=True, samesite="Lax")
    return response


def is_prefetch(request: HttpRequest) -> bool:
    """Whether a browser fetches this page before anyone asked for it."""
    said = [request.headers.get(name, "").lower() for name in PREFETCH_HEADERS]
    return any(value.startswith(PREFETCH_VALUES) for value in said)


class QuickExitMiddleware:
    """Makes `/exit/` redirect whatever fails behind it, and do nothing before anyone asked for it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in ("GET", "HEAD") or not is_exit(request):
            return self.get_response(request)
        if is_prefetch(request):
            # A browser does not use a page that was "unavailable" when it fetched it early: it asks again when
            # someone selects Exit. A redirect it would use as it is, without the guard.
            return HttpResponse(status=503)
        response = self.get_response(request)
        return response if response.status_code == 303 else redirect_out(request)


def _go_on(request):
    """Continue: to the page that Back had asked for, or the first one."""
    back = request.POST.get(FORMS_END_WITH, "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
    response = HttpResponseRedirect(back if is_ours else reverse("home"), status=303)
    response.delete_cookie(exit_cookie(), samesite="Lax")
    return response


class LeftMiddleware:
    """Shows the neutral page, and nothing else, to whoever pressed Exit and did not press Continue."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not has_left(request) or is_exit(request):
            return self.get_response(request)
        # What was being sent is not sent again, and an address that is none stays unsaid.
        back = request.get_full_path() if request.method == "GET" else ""
        response = render(request, "security/left.html", {"back": back})
        response.headers["Cache-Control"] = "no-store"
        return response
