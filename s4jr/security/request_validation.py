"""What no browser sends is refused before anything reads it; and how much may be sent at once.

PostgreSQL stores no NUL, so one in a filter is a fault there. A charset that is none lets Django fail while it says
that it could not read the form.
"""

from contextlib import suppress

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError
from django.http import UnreadablePostError
from django.utils.http import parse_header_parameters

from s4jr import error_views
from s4jr.security.form_recovery import who_left

NUL = "\0"
#: Bytes in one form of somebody who is not signed in: the longest answers to every question, several times over.
BODY_AT_MOST = 64 * 1024
#: Bytes in one form of whoever is signed in: a photograph from a phone, a list of members.
BODY_OF_STAFF_AT_MOST = 12_000_000
#: How many fields a form of somebody who is not signed in may have; the longest has forty.
FIELDS_AT_MOST = 100


class ValidatedRequest(WSGIRequest):
    """Does not decode by the charset that a request names: Django does so while it makes one, where nothing catches it.

    There, a charset that is none (`zlib`), or too many fields in a query beside any charset, ends in a bare 500.
    """

    def _set_content_type_params(self, meta):
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except (ValueError, LookupError):
            self.content_type, self.content_params = "", {"charset": "cannot be read"}


class RequestValidationMiddleware:
    """Answers 400 to an address, a cookie or a charset that no browser sends."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request) if self._is_well_formed(request) else error_views.bad_request(request)

    def _is_well_formed(self, request):
        query = request.META.get("QUERY_STRING", "")
        charset = request.content_params.get("charset", "utf-8").lower()
        return (
            NUL not in request.path_info
            and NUL not in query
            and "%00" not in query
            and charset == "utf-8"
            and not any(NUL in value for value in request.COOKIES.values())
        )


class FormSizeMiddleware:
    """Answers 413 to more bytes, and 400 to more fields, than a form of ours has; and 400 to a NUL in a form.

    It knows who is signed in, so it stands behind the session; nothing before it reads a form.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if _is_larger_than(request, BODY_AT_MOST) and (
            _is_larger_than(request, BODY_OF_STAFF_AT_MOST) or not _is_of_our_people(request)
        ):
            return error_views.too_large(request)
        try:
            return (
                self.get_response(request) if self._has_fields_like_ours(request) else error_views.bad_request(request)
            )
        except UnreadablePostError:  # whoever sent it hung up halfway
            return error_views.bad_request(request)

    def _has_fields_like_ours(self, request):
        fields = list(request.POST.lists()) if request.method == "POST" else []
        count = sum(len(values) for _name, values in fields)
        has_nul = any(NUL in text for name, values in fields for text in (name, *values))
        return not has_nul and (count <= FIELDS_AT_MOST or _is_of_our_people(request))


def _is_larger_than(request, count):
    """By what it says itself: a form without a length, or with one that is no number, is read as empty."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return length.isdecimal() and int(length) > count


def _is_of_our_people(request):
    """Whether somebody is signed in, or was until a moment ago: what they typed is kept for them."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    with suppress(DatabaseError):
        return request.user.is_authenticated or who_left(request) is not None
    return False
