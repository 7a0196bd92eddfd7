"""Headers that keep a visit private. Others are in `settings.py` (policy, referrer, HSTS)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

NO_STORE = "no-store"
READING = "no-cache"


class PrivacyHeadersMiddleware:
    """Isolates every response to this origin, and lets browsers and proxies cache reading pages only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        headers = response.headers
        headers.setdefault("Cache-Control", NO_STORE)
        headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("X-DNS-Prefetch-Control", "off")
        return response


def reading_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a public page of words as cacheable with revalidation, unless a user is signed in."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        signed_in = request.user.is_authenticated
        response["Cache-Control"] = NO_STORE if signed_in else READING
        return response

    return wrapper
