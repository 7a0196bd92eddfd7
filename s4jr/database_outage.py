"""The database is away, full or only to be read: a 503 page, and a form that goes on holding what was typed.

What was typed is in that page alone: not in the database, not in a cookie, not in the browser's storage. A form with a
mark (`s4jr.security.submission_token`) keeps it, so pressing again is the same form sent twice, which is one.
"""

from django.db import InterfaceError, InternalError, OperationalError
from django.shortcuts import render

from s4jr.security.submitted_fields import sent_fields

#: A restart of PostgreSQL takes a few seconds; a reader counts them slower than a machine.
RETRY_AFTER_SECONDS = 10
#: PostgreSQL's code for "cannot write: this is read-only". Other internal errors are faults of ours.
READ_ONLY = "25006"


def is_away(error):
    """Whether this exception says that the database cannot do its work now, through no fault of the request."""
    if isinstance(error, InternalError):
        return getattr(error.__cause__, "sqlstate", None) == READ_ONLY
    return isinstance(error, (OperationalError, InterfaceError))


def try_again(request):
    """503 and Retry-After. A form is on the page, with all it said, behind one button that sends it again."""
    held = sent_fields(request)
    seen = {"held": held, "is_marked": "form_token" in dict(held), "address": request.get_full_path()}
    response = render(request, "503.html", seen, status=503)
    response.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return response
