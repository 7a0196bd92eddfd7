"""The pages that people need most stay available while the database is away, as they were when it last answered.

They name no one but support lines. The outage page links to the support page, so that link must work.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any

from s4jr.page_cache import Answer, Key, StartResponse, WsgiApplication, ask, key_of, reading_addresses

NEEDED_MOST = {"support", "calm", "safety"}
#: The status with which a page is unavailable.
AWAY = "503 "
#: What a request may contain without changing which of these pages it gets.
BROUGHT = {"HTTP_COOKIE", "QUERY_STRING"}
OF_ONE_REQUEST = {"X-Request-Number"}


class StandBy:
    """A WSGI application around the site's own, inside the page cache."""

    def __init__(self, site: WsgiApplication) -> None:
        self._site = site
        self._kept: dict[Key, Answer] = {}

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") not in _addresses():
            return self._site(environ, start_response)
        answer = ask(self._site, environ)
        if answer.may_be_kept and (key := key_of(environ)):
            self._kept[key] = replace(
                answer, headers=[pair for pair in answer.headers if pair[0] not in OF_ONE_REQUEST]
            )
        if answer.status.startswith(AWAY):
            key = _key_without_what_is_brought(environ)
            answer = self._kept.get(key, answer) if key else answer
        start_response(answer.status, answer.headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else answer.body]


@cache
def _addresses():
    return {address for address, name in reading_addresses().items() if name in NEEDED_MOST}


def _key_without_what_is_brought(environ):
    return key_of({name: value for name, value in environ.items() if name not in BROUGHT})
