"""Rejects requests that no browser sends before anything reads them, and limits the size of forms.

PostgreSQL stores no NUL, so one in a filter would be a server error. An invalid charset makes Django fail while it
reports that it could not read the form.
"""

from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.http import parse_header_parameters  # pyright: ignore[reportAttributeAccessIssue]  the stubs lack it

from s4jr import error_views
from s4jr.language import in_language
from s4jr.security.form_recovery import who_left

NUL = "\0"
#: Bytes in one form of a visitor: several times the longest answers to every question.
BODY_AT_MOST = 64 * 1024
#: Bytes in one form of a signed-in user: a photograph from a phone, a list of members.
BODY_OF_STAFF_AT_MOST = 12_000_000
#: Fields in one form of a visitor; the longest form has forty.
FIELDS_AT_MOST = 100


class ValidatedRequest(WSGIRequest):
    """Ignores the charset that a request names: Django decodes by it while creating the request, where nothing catches.

    There an invalid charset (`zlib`), or too many query fields with any charset, ends in a bare 500.
    """

    def _set_content_type_params(self, meta):
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except (ValueError, LookupError):
            self.content_type, self.content_params = "", {"charset": "cannot be read"}


class RequestValidationMiddleware:
    """Answers 400 to a path, a cookie or a charset that no browser sends."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _is_to_stop_emails(request):
            # RFC 8058 lets a mail program post there in any charset. What it posts is ASCII, and so is our own form.
            (request.content_params or {}).pop("charset", None)
            request.encoding = "utf-8"  # pyright: ignore[reportAttributeAccessIssue]  the stubs lack the setter
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


def _is_to_stop_emails(request):
    """Whether it is sent to the page behind List-Unsubscribe, in any language."""
    return in_language(request.path_info, str(settings.LANGUAGE_CODE)).startswith("/unsubscribe/")


class FormSizeMiddleware:
    """Answers 413 to forms that are too large, and 400 to forms with too many fields or a NUL.

    It needs the user, so it comes after the session middleware; nothing before it reads a form.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _is_larger_than(request, BODY_AT_MOST) and (
            _is_larger_than(request, BODY_OF_STAFF_AT_MOST) or not _is_of_our_people(request)
        ):
            return error_views.too_large(request)
        try:
            return (
                self.get_response(request) if self._has_fields_like_ours(request) else error_views.bad_request(request)
            )
        except UnreadablePostError:  # the client disconnected
            return error_views.bad_request(request)

    def _has_fields_like_ours(self, request):
        fields = list(request.POST.lists()) if request.method == "POST" else []
        count = sum(len(values) for _name, values in fields)
        has_nul = any(NUL in text for name, values in fields for text in (name, *values))
        return not has_nul and (count <= FIELDS_AT_MOST or _is_of_our_people(request))


def _is_larger_than(request, count):
    """By Content-Length: a form without one, or with an invalid one, is read as empty."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return length.isdecimal() and int(length) > count


def _is_of_our_people(request):
    """Whether a user is signed in, or was until recently: what they typed is stored for them."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    with suppress(DatabaseError):
        return request.user.is_authenticated or who_left(request) is not None
    return False
