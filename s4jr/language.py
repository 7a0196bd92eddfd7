"""The language is in the address and nowhere else: no cookie and no header chooses it; a shared link says one thing."""

from django.conf import settings
from django.urls import URLResolver
from django.urls.resolvers import LocalePrefixPattern
from django.utils import translation

#: The first part of the address for every language but the default one, which has none.
PREFIXES = {"fr-ca": "fr", "es": "es"}
LANGUAGES_BY_PREFIX = {prefix: language for language, prefix in PREFIXES.items()}


def language_of(path):
    """The language code that an address such as `/fr/join/` asks for."""
    first = path.lstrip("/").partition("/")[0]
    return LANGUAGES_BY_PREFIX.get(first, settings.LANGUAGE_CODE)


def in_language(path, language):
    """The address of the same page in another language: `/join/` in `fr-ca` is `/fr/join/`."""
    own = PREFIXES.get(language_of(path))
    rest = path.removeprefix(f"/{own}") if own else path
    other = PREFIXES.get(language)
    return f"/{other}{rest or '/'}" if other else rest or "/"


class AddressPrefixPattern(LocalePrefixPattern):
    """Django's language prefix, with `/fr/` for `fr-ca` and none for English."""

    @property
    def language_prefix(self):
        prefix = PREFIXES.get(translation.get_language())
        return f"{prefix}/" if prefix else ""


def language_routes(*routes):
    """Serve `routes` once for each language, under its prefix."""
    return [URLResolver(AddressPrefixPattern(), list(routes))]


class AddressLanguageMiddleware:
    """Speak the language of the address for the length of one request."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = language_of(request.path_info)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
