"""Lists every URL of the site from its URL resolver, with values for the parameters."""

import re
import uuid

from django.urls import get_resolver
from django.urls.resolvers import RegexPattern

#: A value for each converter that matches no row.
NOWHERE = {
    "uuid": str(uuid.UUID(int=1)),
    "int": "2147483648",
    "slug": "no-such-thing",
    "str": "A" * 22,
    "path": "no/such/key",
}
PART = re.compile(r"<(?:(\w+):)?(\w+)>")
#: These end a session, which the rest of the run needs.
ENDINGS = ("logout/", "exit/", "/end/", "/hand-over/", "/recover/", "/step-down/")


def patterns(resolver=None, before=""):
    """Yields every route as the resolver writes it, such as `representatives/<uuid:pk>/write/`."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + _text(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from patterns(pattern, route)
        else:
            yield route


def _text(pattern):
    """Returns the text of a route; for a regular expression, the part before anything that varies."""
    text = str(pattern)
    return re.sub(r"^\^|[(].*$|\$$", "", text) if isinstance(pattern, RegexPattern) else text


def addresses(values_of):
    """Returns every URL twice: for no row, and for an existing row.

    `values_of(route)` returns the values of its parameters in order, or None if no row exists.
    """
    for route in dict.fromkeys(patterns()):
        yield "/" + PART.sub(lambda part: NOWHERE[part[1] or "str"], route)
        if values := values_of(route):
            yield "/" + _filled(route, values)


def _filled(route, values):
    for value in values:
        route = PART.sub(str(value), route, count=1)
    return route


def is_ending(address):
    return address.endswith(ENDINGS)
