"""The database is away, full or read-only: a 503 page with a form that still holds what was typed.

What was typed is in that page alone: not in the database, a cookie or the browser's storage. The form keeps its token
(`s4jr.security.submission_token`), so submitting it again counts once.
"""

from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from s4jr.security.submitted_fields import sent_fields

#: PostgreSQL restarts within a few seconds.
RETRY_AFTER_SECONDS = 10
#: PostgreSQL's SQLSTATE for a read-only transaction. Other internal errors are our own bugs.
READ_ONLY = "25006"


def is_away(error: BaseException | None) -> bool:
    """Whether this exception means that the database is unavailable, through no fault of the request."""
    if isinstance(error, InternalError):
        return getattr(error.__cause__, "sqlstate", None) == READ_ONLY
    return isinstance(error, (OperationalError, InterfaceError))


def try_again(request: HttpRequest) -> HttpResponse:
    """Return 503 with Retry-After. The page holds the submitted form behind one button that submits it again."""
    held = sent_fields(request)
    seen = {"held": held, "is_marked": "form_token" in dict(held), "address": request.get_full_path()}
    response = render(request, "503.html", seen, status=503)
    response["Retry-After"] = RETRY_AFTER_SECONDS
    return response
