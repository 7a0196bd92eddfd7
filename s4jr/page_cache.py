"""A cache of rendered reading pages in front of Django: a hit is a dictionary lookup, without I/O.

A cached page is rendered for no one: no cookie and no header of a visitor reaches Django while it is rendered, so no
reader can leave anything in it for the next. It belongs to one cache version (s4jr/content/cache_version.py) and one
day; the current cache version is queried at most once in CACHE_VERSION_SECONDS. Requests with a cookie (a session, or
the one of Exit), and pages not listed here, go to Django.
"""

import gzip
import hashlib
import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property, lru_cache
from typing import Any
from urllib.parse import urlsplit

import brotli
from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import parse_etags

from s4jr.content.cache_version import cache_version_lately
from s4jr.days import easternmost_today
from s4jr.security.headers import READING

#: URL names of pages of words. None has a form except a search, and none reads the query string.
PAGES = (
    "home", "what_we_do", "why", "why_gently", "pathway", "justice", "people", "press", "agreement", "privacy",
    "privacy_inventory", "accessibility", "sources", "support", "calm", "safety",
)  # fmt: skip
#: Pages that show something outside the cache version (home counts representatives and names the next meeting): cached
#: for CACHE_VERSION_SECONDS at most.
OF_THE_MOMENT = {"home"}
#: Key in the WSGI environment for the time until which a page may be cached; readers do not see it.
KEEP_UNTIL = "s4jr.keep_until"
#: A search form uses GET: it holds no token and no answers.
FORM_THAT_SENDS = re.compile(rb'<form\b(?![^>]*\bmethod="get")')
#: Headers that belong to one request, or are set for each encoding.
SAID_ANEW = {"x-request-number", "content-length", "vary"}
#: Headers about the body, which a 304 does not have.
OF_THE_BODY = {"Content-Type", "Content-Length", "Content-Encoding", "Content-Language"}
ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=6),
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
    "identity": bytes,
}


StartResponse = Callable[..., Any]
WsgiApplication = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]
#: (scheme, host, path)
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Answer:
    """A response of Django, in terms of WSGI."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, wanted: str) -> str:
        return next((value for name, value in self.headers if name.lower() == wanted), "")

    @property
    def may_be_kept(self) -> bool:
        is_plain = self.status == "200 OK" and not self.header("set-cookie")
        return is_plain and self.header("cache-control") == READING and not FORM_THAT_SENDS.search(self.body)


@dataclass(frozen=True)
class Page:
    """One reading page of one cache version, encoded in advance."""

    answer: Answer
    stamp: tuple[int | None, date]
    made_at: float
    is_of_the_moment: bool
    keep_until: datetime | None

    def is_current(self, stamp: tuple[int | None, date]) -> bool:
        return self.stamp == stamp and not self._is_over

    @property
    def _is_over(self):
        is_old = self.is_of_the_moment and self._age >= settings.CACHE_VERSION_SECONDS
        return is_old or (self.keep_until is not None and timezone.now() >= self.keep_until)

    @property
    def _age(self):
        return time.monotonic() - self.made_at

    @cached_property
    def ready(self) -> dict[str, tuple[str, list[tuple[str, str]], bytes]]:
        """{encoding: (ETag, headers, body)}; each encoding has a strong ETag of its own."""
        return {name: self._encoded(name, encode(self.answer.body)) for name, encode in ENCODINGS.items()}

    def _encoded(self, encoding, body):
        etag = f'"{hashlib.sha256(self.answer.body).hexdigest()[:32]}-{encoding}"'
        headers = [(name, value) for name, value in self.answer.headers if name.lower() not in SAID_ANEW]
        vary = ", ".join(filter(None, [self.answer.header("vary"), "Accept-Encoding"]))
        headers += [("ETag", etag), ("Vary", vary), ("Content-Length", str(len(body)))]
        if encoding != "identity":
            headers.append(("Content-Encoding", encoding))
        return etag, headers, body


class PageCache:
    """A WSGI application around the site's own."""

    def __init__(self, site: WsgiApplication) -> None:
        self._site = site
        self._pages: dict[Key, Page] = {}
        self._making = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Serve a page. A key with a cached page was checked when that was rendered, so a hit skips the check."""
        key = _wish_of(environ)
        if key is None or (key not in self._pages and not is_ours(key)):
            return self._site(environ, start_response)
        if not (stamp := _stamp()):
            return self._site(environ, start_response)
        page = self._kept(key, stamp) or self._make_once(key, stamp, environ)
        if isinstance(page, Answer):
            start_response(page.status, page.headers)
            return [b"" if environ["REQUEST_METHOD"] == "HEAD" else page.body]
        return _serve(page, environ, start_response)

    def _kept(self, key, stamp):
        page = self._pages.get(key)
        return page if page and page.is_current(stamp) else None

    def _make_once(self, key, stamp, environ):
        """Render one page at a time; threads that waited for the same page use it. An Answer if it is not cacheable."""
        with self._making:
            return self._kept(key, stamp) or self._make(key, stamp, environ)

    def _make(self, key, stamp, environ):
        made_at = time.monotonic()
        wish = _for_nobody(environ)
        answer = ask(self._site, wish)
        if not answer.may_be_kept:
            self._pages.pop(key, None)
            return answer
        is_of_the_moment = reading_addresses()[key[-1]] in OF_THE_MOMENT
        page = Page(answer, stamp, made_at, is_of_the_moment, wish.get(KEEP_UNTIL))
        page.ready  # noqa: B018  computed now and not by the first hit
        self._pages[key] = page
        return page


def keep_until(request: HttpRequest, moment: datetime | None) -> None:
    """Let the page of this request be cached until `moment` at most: by then it must change."""
    request.META[KEEP_UNTIL] = moment  # with WSGI this is the environment itself


def key_of(environ: dict[str, Any]) -> Key | None:
    """(scheme, host, path) of a plain request for a reading page; None for any other."""
    key = _wish_of(environ)
    return key if is_ours(key) else None


def is_ours(key: Key | None) -> bool:
    """Only our own hosts count, so the number of keys is limited whatever anyone sends."""
    return key is not None and key[1] in _hosts(settings.SITE_URL, tuple(settings.ALLOWED_HOSTS))


def _wish_of(environ: dict[str, Any]) -> Key | None:
    """A key, with whatever host the request names; None if no page could answer it."""
    get = environ.get
    path = get("PATH_INFO", "")
    if path not in reading_addresses() or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return None
    if get("SCRIPT_NAME") or _brings_something(environ):
        return None
    return _scheme(environ), get("HTTP_HOST", "").lower(), path


@cache
def reading_addresses() -> dict[str, str]:
    """{path: URL name} for every page in every language."""
    addresses = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            addresses |= {reverse(name): name for name in PAGES}
    return addresses


@lru_cache(maxsize=8)
def _hosts(site, allowed):
    """Hosts in full: a pattern such as `.example.org`, or any port, would let visitors fill the memory with keys."""
    return {urlsplit(site).netloc.lower(), *(host.lower() for host in allowed if not host.startswith((".", "*")))}


def _brings_something(environ):
    """Whether the request has a query, a cookie or a body: Django handles those."""
    has_body = environ.get("CONTENT_LENGTH") not in (None, "", "0") or environ.get("CONTENT_TYPE")
    return bool(
        environ.get("QUERY_STRING") or "HTTP_COOKIE" in environ or has_body or "HTTP_TRANSFER_ENCODING" in environ
    )


def _scheme(environ):
    """The scheme as Django finds it: a proxy's header counts only if the settings say there is one."""
    if not (proxy := settings.SECURE_PROXY_SSL_HEADER):
        return environ["wsgi.url_scheme"]
    name, secure = proxy
    said = environ.get(name, "").split(",")[0].strip()
    if not said:
        return environ["wsgi.url_scheme"]
    return "https" if said == secure else "http"


def _stamp():
    """What a cached page must match: the cache version, and the first day that has begun anywhere.

    A photograph may expire with that day. None while the database does not answer.
    """
    try:
        return cache_version_lately(before_asking=close_old_connections).name, easternmost_today()
    except DatabaseError:
        return None


def _for_nobody(environ):
    """The same path requested by GET, without any header except the host and what the proxy says about the scheme."""
    kept = {"HTTP_HOST", (settings.SECURE_PROXY_SSL_HEADER or ("",))[0]}
    neutral = {name: value for name, value in environ.items() if not name.startswith("HTTP_") or name in kept}
    return {**neutral, "REQUEST_METHOD": "GET"}


def ask(site: WsgiApplication, environ: dict[str, Any]) -> Answer:
    """The complete response of a WSGI application."""
    said: list[tuple[str, list[tuple[str, str]]]] = []
    parts = site(environ, lambda status, headers, exc_info=None: said.append((status, headers)))
    try:
        body = b"".join(parts)
    finally:
        if close := getattr(parts, "close", None):
            close()
    [(status, headers)] = said
    return Answer(status, headers, body)


def _serve(page, environ, start_response):
    etag, headers, body = page.ready[encoding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))]
    if (wanted := environ.get("HTTP_IF_NONE_MATCH")) and _has(wanted, etag):
        start_response("304 Not Modified", [pair for pair in headers if pair[0] not in OF_THE_BODY])
        return []
    start_response("200 OK", list(headers))  # PEP 3333 lets a server change what it is given
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _has(wanted, etag):
    """RFC 9110, 13.1.2: `*` or a list, compared weakly."""
    return wanted.strip() == "*" or etag in [one.removeprefix("W/") for one in parse_etags(wanted)]


@lru_cache(maxsize=256)
def encoding_for(accepted: str) -> str:
    """The encoding a reader prefers, by RFC 9110, 12.5.3; among equals, the smallest."""
    weights = dict(_weight(part) for part in accepted.lower().split(",") if part.strip())
    others = weights.get("*", 0)
    liked = {name: weights.get(name, others) for name in ("br", "gzip")}
    best = max(liked, key=liked.__getitem__)
    return best if 0 < liked[best] >= weights.get("identity", 0) else "identity"


def _weight(part):
    """(name, weight) of one part of Accept-Encoding; 0 if it is invalid."""
    name, _, parameter = part.partition(";")
    try:
        return name.strip(), float(parameter.strip().removeprefix("q=")) if parameter else 1.0
    except ValueError:
        return name.strip(), 0.0
