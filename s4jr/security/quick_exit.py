"""Quick exit: a plain link that works without JavaScript, and what Back shows afterwards.

`/exit/` ends the session, clears the browser's cache and leaves one cookie that says only that someone left. While the
browser holds it, every page is the neutral one; Continue there deletes it. None of this is ever counted.
"""

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from s4jr.language import in_language
from s4jr.security.cookies import challenge_cookie, delete_cookie, device_cookie
from s4jr.security.submission_token import FormKind

log = logging.getLogger(__name__)

FORMS_END_WITH = "back"
#: Headers and values by which browsers mark a prefetch. Safari and older Firefox have their own.
PREFETCH_HEADERS = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
PREFETCH_VALUES = ("prefetch", "preview", "prerender")


def exit_cookie() -> str:
    """The name of the cookie; on https it belongs to this host alone."""
    return "__Host-left" if settings.SECURE else "left"


def has_left(request: HttpRequest) -> bool:
    return exit_cookie() in request.COOKIES


def our_cookies() -> list[str]:
    """The names of all cookies of this site, except the guard that `/exit/` leaves."""
    signing_in = [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, device_cookie(), challenge_cookie()]
    return [*signing_in, *FormKind.cookies]


def is_exit(request: HttpRequest) -> bool:
    """Whether the path is `/exit/` in one of the languages."""
    return in_language(request.path_info, settings.LANGUAGE_CODE) == "/exit/"


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    return _go_on(request) if request.method == "POST" else _leave(request)


def _leave(request):
    """Redirect to a neutral page without a referrer; end the session and delete our cookies.

    Only `Clear-Site-Data: "cache"`: "cookies" or "storage" would delete the guard for the pages behind Back (measured).
    """
    _end_session(request)
    return redirect_out(request)


def _end_session(request):
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return
    try:
        request.session.flush()
    except Exception as error:  # Exit works whatever else is broken
        log.error("The session was not ended by Exit: %s", type(error).__name__)
        # Without an empty session Django's middleware would try to save the broken one and answer with an error.
        request.session = type(request.session)()


def redirect_out(request: HttpRequest) -> HttpResponse:
    """The redirect of `/exit/` with its guard. It needs no database, no session and nothing that the browser sent.

    A cookie that is not ours stays: its name may be one that Python refuses to write. The guard is not deleted first,
    since the `Max-Age=0` of the deletion would stay on it.
    """
    response = HttpResponseRedirect(settings.QUICK_EXIT_URL, status=303)
    response["Referrer-Policy"] = "no-referrer"
    response["Clear-Site-Data"] = '"cache"'
    for name in our_cookies():
        if name in request.COOKIES:
            delete_cookie(response, name, samesite="Lax")
    # Lax: it is also sent when the reader comes back from another site, or by a link on one. It ends with the browser.
    response.set_cookie(exit_cookie(), "1", secure=settings.SECURE, httponly=True, samesite="Lax")
    return response


def is_prefetch(request: HttpRequest) -> bool:
    """Whether a browser prefetches this page."""
    said = [request.headers.get(name, "").lower() for name in PREFETCH_HEADERS]
    return any(value.startswith(PREFETCH_VALUES) for value in said)


class QuickExitMiddleware:
    """Makes `/exit/` redirect whatever fails behind it, and do nothing when it is prefetched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD") or not is_exit(request):
            return self.get_response(request)
        if is_prefetch(request):
            # A browser does not use a prefetched 503: it requests the page again when someone selects Exit. It would
            # use a prefetched redirect as it is, without the guard.
            return HttpResponse(status=503)
        response = self.get_response(request)
        return response if response.status_code == 303 else redirect_out(request)


def _go_on(request):
    """Continue: redirect to the page that Back requested, or to the home page."""
    back = request.POST.get(FORMS_END_WITH, "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
    response = HttpResponseRedirect(back if is_ours else reverse("home"), status=303)
    delete_cookie(response, exit_cookie(), samesite="Lax")
    return response


class LeftMiddleware:
    """Shows only the neutral page to someone who selected Exit and not Continue."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not has_left(request) or is_exit(request):
            return self.get_response(request)
        # A form that was being submitted is not submitted again.
        back = request.get_full_path() if request.method == "GET" else ""
        response = render(request, "security/left.html", {"back": back})
        response["Cache-Control"] = "no-store"
        return response
