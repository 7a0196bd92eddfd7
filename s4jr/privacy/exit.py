"""Leaving in a blink: a plain link that works without JavaScript, and what Back finds afterwards.

`/exit/` ends the session, empties the browser's cache and leaves one cookie that says only that somebody left. While
the browser holds it, every page is the neutral one; Continue there takes it away. Nothing of this is ever counted.
"""

from contextlib import suppress

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

FORMS_END_WITH = "back"


def exit_cookie():
    """The name of the cookie; on https it belongs to this host alone."""
    return "__Host-left" if settings.SECURE else "left"


def has_left(request):
    return exit_cookie() in request.COOKIES


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request):
    return _go_on(request) if request.method == "POST" else _leave(request)


def _leave(request):
    """Go to a neutral page, with no referrer; end the session and take our cookies along.

    `Clear-Site-Data: "cache"` only: "cookies" or "storage" would delete what keeps the pages behind Back (measured).
    """
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        with suppress(DatabaseError):  # whatever is broken, the way out is not
            request.session.flush()
    response = HttpResponseRedirect(settings.QUICK_EXIT_URL, status=303)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Clear-Site-Data"] = '"cache"'
    for name in request.COOKIES:
        response.delete_cookie(name, samesite="Strict")
    # Lax: a step back from another site, or a link on one, brings it too. It ends with the browser.
    response.set_cookie(exit_cookie(), "1", secure=settings.SECURE, httponly=True, samesite="Lax")
    return response


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
        if not has_left(request) or request.path_info == reverse("exit"):
            return self.get_response(request)
        # What was being sent is not sent again, and an address that is none stays unsaid.
        back = request.get_full_path() if request.method == "GET" else ""
        response = render(request, "privacy/left.html", {"back": back})
        response.headers["Cache-Control"] = "no-store"
        return response
