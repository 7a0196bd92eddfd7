"""Reading pages ready-made, in front of Django: a hit is a look into a dictionary, with no I/O.

What is kept is made for nobody: neither a cookie nor any header of whoever asked reaches Django while a page is made,
so no reader can leave anything in it for the next. A kept page is of one cache version (s4jr/content/cache_version.py)
and one day; which cache version is current is asked at most once in CACHE_VERSION_SECONDS. Whoever brings a cookie (a
session, or the one that says that somebody left) and whatever is not listed here goes past to Django.
"""

import gzip
import hashlib
import re
import threading
import time
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property, lru_cache
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

#: The names of pages that are words alone. None has a form but a search, and none reads a query.
PAGES = (
    "home", "what_we_do", "why", "why_gently", "pathway", "justice", "people", "press", "agreement", "privacy",
    "privacy_inventory", "accessibility", "sources", "support", "calm", "safety",
)  # fmt: skip
#: Those that show something no cache version knows of (home counts representatives and names the next meeting): kept
#: for CACHE_VERSION_SECONDS at most.
OF_THE_MOMENT = {"home"}
#: Where a view says until when its page may be kept: in the WSGI environment, so that no reader is told.
KEEP_UNTIL = "s4jr.keep_until"
#: A search is asked for by GET: it holds no token and no answer of anybody.
FORM_THAT_SENDS = re.compile(rb'<form\b(?![^>]*\bmethod="get")')
#: Each is about one request, or is said anew for each encoding.
SAID_ANEW = {"x-request-number", "content-length", "vary"}
#: A 304 has no body for these to speak of.
OF_THE_BODY = {"Content-Type", "Content-Length", "Content-Encoding", "Content-Language"}
ENCODINGS = {
    "br": lambda body: brotli.compress(body, quality=6),
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
    "identity": bytes,
}


@dataclass(frozen=True)
class Answer:
    """What Django said, as WSGI says it."""

    status: str
    headers: list
    body: bytes

    def header(self, wanted):
        return next((value for name, value in self.headers if name.lower() == wanted), "")

    @property
    def may_be_kept(self):
        is_plain = self.status == "200 OK" and not self.header("set-cookie")
        return is_plain and self.header("cache-control") == READING and not FORM_THAT_SENDS.search(self.body)


@dataclass(frozen=True)
class Page:
    """One reading page of one cache version, ready-made in every encoding."""

    answer: Answer
    stamp: tuple
    made_at: float
    is_of_the_moment: bool
    keep_until: datetime | None

    def is_current(self, stamp):
        return self.stamp == stamp and not self._is_over

    @property
    def _is_over(self):
        is_old = self.is_of_the_moment and self._age >= settings.CACHE_VERSION_SECONDS
        return is_old or (self.keep_until is not None and timezone.now() >= self.keep_until)

    @property
    def _age(self):
        return time.monotonic() - self.made_at

    @cached_property
    def ready(self):
        """{encoding: (ETag, headers, body)}; each encoding is another row of bytes and has a strong ETag of its own."""
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

    def __init__(self, site):
        self._site = site
        self._pages = {}
        self._making = threading.Lock()

    def __call__(self, environ, start_response):
        """Whatever has a page here was found to be a key of ours when that was made: a hit need not ask again."""
        key = _wish_of(environ)
        if key not in self._pages and not is_ours(key):
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
        """One page is made at a time; who waited for the same one takes it. An Answer where it may not be kept."""
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
        page.ready  # noqa: B018  so that no hit has to
        self._pages[key] = page
        return page


def keep_until(request: HttpRequest, moment: datetime | None) -> None:
    """Let the page that answers this request be kept until `moment` at most: by then it has to say something else."""
    request.environ[KEEP_UNTIL] = moment


def key_of(environ):
    """(scheme, host, path) of a request for a reading page that brings nothing of its own; None for any other."""
    key = _wish_of(environ)
    return key if is_ours(key) else None


def is_ours(key):
    """The hosts are those we name ourselves, so there are only so many keys, whatever anybody sends."""
    return key is not None and key[1] in _hosts(settings.SITE_URL, tuple(settings.ALLOWED_HOSTS))


def _wish_of(environ):
    """A key, of whatever host the request names; None where no page could answer it."""
    get = environ.get
    path = get("PATH_INFO", "")
    if path not in reading_addresses() or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return None
    if get("SCRIPT_NAME") or _brings_something(environ):
        return None
    return _scheme(environ), get("HTTP_HOST", "").lower(), path


@cache
def reading_addresses():
    """{address: name of the page} for every page in every language."""
    addresses = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            addresses |= {reverse(name): name for name in PAGES}
    return addresses


@lru_cache(maxsize=8)
def _hosts(site, allowed):
    """Written out in full: a pattern such as `.example.org` or any port would let anybody fill the memory with keys."""
    return {urlsplit(site).netloc.lower(), *(host.lower() for host in allowed if not host.startswith((".", "*")))}


def _brings_something(environ):
    """A query, a cookie or a body: Django decides what becomes of it."""
    has_body = environ.get("CONTENT_LENGTH") not in (None, "", "0") or environ.get("CONTENT_TYPE")
    return bool(
        environ.get("QUERY_STRING") or "HTTP_COOKIE" in environ or has_body or "HTTP_TRANSFER_ENCODING" in environ
    )


def _scheme(environ):
    """As Django finds it: a proxy's word counts only where settings say that there is one."""
    if not (proxy := settings.SECURE_PROXY_SSL_HEADER):
        return environ["wsgi.url_scheme"]
    name, secure = proxy
    said = environ.get(name, "").split(",")[0].strip()
    if not said:
        return environ["wsgi.url_scheme"]
    return "https" if said == secure else "http"


def _stamp():
    """What a kept page must be of: the cache version and the day, the first that has begun anywhere, since on it a
    photograph
    may go. None while the database does not say."""
    try:
        return cache_version_lately(before_asking=close_old_connections).name, easternmost_today()
    except DatabaseError:
        return None


def _for_nobody(environ):
    """The same address, asked for by GET without any header but the host and what the proxy says of the scheme."""
    kept = {"HTTP_HOST", (settings.SECURE_PROXY_SSL_HEADER or ("",))[0]}
    neutral = {name: value for name, value in environ.items() if not name.startswith("HTTP_") or name in kept}
    return {**neutral, "REQUEST_METHOD": "GET"}


def ask(site, environ):
    """What a WSGI application answers, whole."""
    said = []
    parts = site(environ, lambda status, headers, exc_info=None: said.append((status, headers)))
    try:
        body = b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
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
def encoding_for(accepted):
    """Which of our encodings a reader likes best, by RFC 9110, 12.5.3: of those liked alike, the smallest."""
    weights = dict(_weight(part) for part in accepted.lower().split(",") if part.strip())
    others = weights.get("*", 0)
    liked = {name: weights.get(name, others) for name in ("br", "gzip")}
    best = max(liked, key=liked.get)
    return best if 0 < liked[best] >= weights.get("identity", 0) else "identity"


def _weight(part):
    """(name, weight) of one part of Accept-Encoding; what cannot be read weighs nothing."""
    name, _, parameter = part.partition(";")
    try:
        return name.strip(), float(parameter.strip().removeprefix("q=")) if parameter else 1.0
    except ValueError:
        return name.strip(), 0.0
