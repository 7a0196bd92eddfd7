"""The error pages: plain words, the exit and the support page still there."""

import sys

from django.shortcuts import render

from s4jr.database_outage import is_away, try_again
from s4jr.undecryptable import is_undecryptable, say_undecryptable


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def permission_denied(request, exception=None):
    return render(request, "403.html", status=403)


def page_not_found(request, exception=None):
    return render(request, "404.html", status=404)


def too_large(request):
    return render(request, "413.html", status=413)


def server_error(request):
    """A fault is ours: 500. A database that is away is nobody's: 503. Django calls this while it handles either.

    Where an encrypted value cannot be decrypted, what was asked for cannot be done: 409.
    """
    error = sys.exc_info()[1]
    if is_undecryptable(error):
        return say_undecryptable(request)
    return try_again(request) if is_away(error) else render(request, "500.html", status=500)


def csrf_failure(request, reason=""):
    return render(request, "403_csrf.html", status=403)
