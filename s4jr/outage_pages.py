"""The pages that somebody may need most stay while the database is away, as they were when it last answered.

They name nobody but whom one can call. The page that says "we are away" links to support: that link must lead there.
"""

from dataclasses import replace
from functools import cache

from s4jr.page_cache import ask, key_of, reading_addresses

NEEDED_MOST = {"support", "calm", "safety"}
#: Answered so, a page is not to be had now.
AWAY = "503 "
#: Nothing that a browser could bring along changes which of these pages it gets.
BROUGHT = {"HTTP_COOKIE", "QUERY_STRING"}
OF_ONE_REQUEST = {"X-Request-Number"}


class StandBy:
    """A WSGI application around the site's own, inside the cache."""

    def __init__(self, site):
        self._site = site
        self._kept = {}

    def __call__(self, environ, start_response):
        if environ.get("PATH_INFO") not in _addresses():
            return self._site(environ, start_response)
        answer = ask(self._site, environ)
        if answer.may_be_kept and (key := key_of(environ)):
            self._kept[key] = replace(
                answer, headers=[pair for pair in answer.headers if pair[0] not in OF_ONE_REQUEST]
            )
        if answer.status.startswith(AWAY):
            answer = self._kept.get(_key_without_what_is_brought(environ), answer)
        start_response(answer.status, answer.headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else answer.body]


@cache
def _addresses():
    return {address for address, name in reading_addresses().items() if name in NEEDED_MOST}


def _key_without_what_is_brought(environ):
    return key_of({name: value for name, value in environ.items() if name not in BROUGHT})
