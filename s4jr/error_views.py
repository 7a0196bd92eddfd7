"""The error pages: plain words, with Exit and the support page still available."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from s4jr.database_outage import is_away, try_again
from s4jr.undecryptable import is_undecryptable, say_undecryptable


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def too_large(request: HttpRequest) -> HttpResponse:
    return render(request, "413.html", status=413)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 for our own errors and 503 if the database is away. Django calls this while it handles the exception.

    Answers 409 if an encrypted value cannot be decrypted, so that the request cannot be fulfilled.
    """
    error = sys.exc_info()[1]
    if is_undecryptable(error):
        return say_undecryptable(request)
    return try_again(request) if is_away(error) else render(request, "500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)
