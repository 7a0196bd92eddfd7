"""Every address of the site, read from its URL resolver, with something put in where an address asks for a part."""

import re
import uuid

from django.urls import get_resolver
from django.urls.resolvers import RegexPattern

#: What an address may ask for, by the name of its converter, and a value that leads nowhere.
NOWHERE = {
    "uuid": str(uuid.UUID(int=1)),
    "int": "2147483648",
    "slug": "no-such-thing",
    "str": "A" * 22,
    "path": "no/such/key",
}
PART = re.compile(r"<(?:(\w+):)?(\w+)>")
#: Ends what the run needs: somebody's session.
ENDINGS = ("logout/", "exit/", "/end/", "/hand-over/", "/recover/", "/step-down/")


def patterns(resolver=None, before=""):
    """Every route as the resolver writes it, such as `representatives/<uuid:pk>/write/`."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + _text(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from patterns(pattern, route)
        else:
            yield route


def _text(pattern):
    """A route's own text; of the few regular expressions, the part before anything that varies."""
    text = str(pattern)
    return re.sub(r"^\^|[(].*$|\$$", "", text) if isinstance(pattern, RegexPattern) else text


def addresses(values_of):
    """Every address twice: leading nowhere, and to a row that is there.

    `values_of(route)` is the values of its parts in their order, or None: such a route has the first alone.
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
