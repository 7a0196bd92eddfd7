"""Headers that keep a visit private. What is not said here is in `settings.py` (policy, referrer, HSTS)."""

from functools import wraps

NO_STORE = "no-store"
READING = "no-cache"


class PrivacyHeadersMiddleware:
    """Every answer stays on this origin, and nothing but a reading page may be kept by a browser or a proxy."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        headers = response.headers
        headers.setdefault("Cache-Control", NO_STORE)
        headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("X-DNS-Prefetch-Control", "off")
        return response


def reading_page(view):
    """Mark a public page of words: it may be kept and asked for again, as long as nobody is signed in."""

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        signed_in = request.user.is_authenticated
        response.headers["Cache-Control"] = NO_STORE if signed_in else READING
        return response

    return wrapper
