"""The language is in the URL and nowhere else: no cookie or header chooses it, so a shared link has one language."""

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from django.urls.resolvers import LocalePrefixPattern
from django.utils import translation

#: The first path segment for every language but the default one, which has none.
PREFIXES = {"fr-ca": "fr", "es": "es"}
LANGUAGES_BY_PREFIX = {prefix: language for language, prefix in PREFIXES.items()}


def language_of(path: str) -> str:
    """The language code of a path such as `/fr/join/`."""
    first = path.lstrip("/").partition("/")[0]
    return LANGUAGES_BY_PREFIX.get(first) or str(settings.LANGUAGE_CODE)


def in_language(path: str, language: str) -> str:
    """The path of the same page in another language: `/join/` in `fr-ca` is `/fr/join/`."""
    own = PREFIXES.get(language_of(path))
    rest = path.removeprefix(f"/{own}") if own else path
    other = PREFIXES.get(language)
    return f"/{other}{rest or '/'}" if other else rest or "/"


class AddressPrefixPattern(LocalePrefixPattern):
    """Django's language prefix, with `/fr/` for `fr-ca` and none for English."""

    @property
    def language_prefix(self) -> str:
        prefix = PREFIXES.get(translation.get_language())
        return f"{prefix}/" if prefix else ""


def language_routes(*routes: URLPattern | URLResolver) -> list[URLResolver]:
    """Serve `routes` once per language, under its prefix."""
    return [URLResolver(AddressPrefixPattern(), cast(Any, list(routes)))]


class AddressLanguageMiddleware:
    """Activates the language of the path for the length of the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request.path_info)
        with translation.override(language):
            vars(request)["LANGUAGE_CODE"] = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
