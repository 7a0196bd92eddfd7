"""The fields of a submitted form, for a page that holds it: nothing is stored elsewhere."""

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

#: A form with one of these must be typed again: no page holds a secret. Compare `s4jr.security.form_recovery`.
SECRETS = {"code", "credential", "word"}


def sent_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """(name, value) of each submitted field; empty if the form has a secret or a file, or cannot be read."""
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
        has_a_secret = any(name in SECRETS or "password" in name for name, _value in fields)
        return [] if request.FILES or has_a_secret else fields
    except (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        return []
