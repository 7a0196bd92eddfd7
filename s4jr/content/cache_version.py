"""The cache version of the site: what reading pages show, loaded once and kept in memory until any of it changes.

A database row names the current cache version. Whatever changes a page gives it a new name in the same transaction, so
every process on every machine notices with one small query, whether or not a broker is running.
"""

import threading
import time
from collections.abc import Callable, Hashable, Iterable
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest

from s4jr.content.models import CacheVersion


class KnownCacheVersion:
    """What this process has loaded of one cache version. Values are shared by all threads and never changed."""

    def __init__(self, name: int | None) -> None:
        self.name = name
        self._values: dict[tuple[Hashable, ...], Any] = {}

    def get(self, load: Callable[..., Any], *arguments: Hashable) -> Any:
        """Return `load(*arguments)`, loaded once per cache version (or by two threads at once, with equal results)."""
        key = (load, *arguments)
        if key not in self._values:
            self._values[key] = load(*arguments)
        return self._values[key]


class _Newest:
    """The cache version this process knows, and when it last checked whether it is still current."""

    def __init__(self) -> None:
        self.kept = KnownCacheVersion(None)
        self.asked_at = float("-inf")
        self._asking = threading.Lock()

    def cache_version(self, is_fresh: bool, before_asking: Callable[[], object] | None = None) -> KnownCacheVersion:
        if is_fresh or self._is_old:
            with self._asking:  # a thread that waited here uses the answer of the one before
                if is_fresh or self._is_old:
                    if before_asking:
                        before_asking()
                    self._ask()
        return self.kept

    @property
    def _is_old(self):
        return time.monotonic() - self.asked_at >= settings.CACHE_VERSION_SECONDS

    def _ask(self):
        now = time.monotonic()
        # The name is read before the values: a change in between gives another name at the next check.
        name = CacheVersion.objects.current()
        if name != self.kept.name:
            self.kept = KnownCacheVersion(name)
        self.asked_at = now


_newest = _Newest()


def cache_version_for(request: HttpRequest | None = None) -> KnownCacheVersion:
    """The KnownCacheVersion a reader sees, the same for the whole request.

    Readers with a session, and emails, which have no request, see every edit at once: one query. All other readers see
    a version that may be CACHE_VERSION_SECONDS old, mostly without a query.
    """
    if request is None:
        return _newest.cache_version(is_fresh=True)
    cached = vars(request)
    if "cache_version" not in cached:
        cached["cache_version"] = _newest.cache_version(is_fresh=settings.SESSION_COOKIE_NAME in request.COOKIES)
    return cached["cache_version"]


def cache_version_lately(before_asking: Callable[[], object] | None = None) -> KnownCacheVersion:
    """The KnownCacheVersion for readers without a session: at most CACHE_VERSION_SECONDS old.

    `before_asking` runs before each query, which is once in a while: outside a request nothing else closes database
    connections that have become too old.
    """
    return _newest.cache_version(is_fresh=False, before_asking=before_asking)


def hear_of_changes(models: Iterable[type[Model]]) -> None:
    """Begin a new cache version whenever a row of a model with `shown_on_pages = True` is saved or deleted.

    `update()` and `bulk_create()` send no signal: the QuerySet of such a model is a `ShownQuerySet`.
    """
    for model in models:
        if getattr(model, "shown_on_pages", False):
            for signal in (post_save, post_delete):
                signal.connect(_begin, sender=model, dispatch_uid=f"cache version of {model._meta.label}")


def _begin(**kwargs):
    CacheVersion.objects.begin()
