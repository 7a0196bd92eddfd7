"""The cache version of the site: what its reading pages show, loaded once and kept in memory until any of it changes.

A row in the database names the cache version that is current. Whatever changes a page gives it a new name in the same
transaction, so every process of every machine finds out by one small question, whether or not a broker is alive.
"""

import threading
import time

from django.conf import settings
from django.db.models.signals import post_delete, post_save

from s4jr.content.models import CacheVersion


class KnownCacheVersion:
    """What this process has loaded of one cache version. Values are read by all threads and never changed."""

    def __init__(self, name):
        self.name = name
        self._values = {}

    def get(self, load, *arguments):
        """The value of `load(*arguments)`, loaded once for this cache version (or by two threads at once, alike)."""
        key = (load, *arguments)
        if key not in self._values:
            self._values[key] = load(*arguments)
        return self._values[key]


class _Newest:
    """The cache version this process knows, and when it last asked whether that is still the current one."""

    def __init__(self):
        self.kept = KnownCacheVersion(None)
        self.asked_at = float("-inf")
        self._asking = threading.Lock()

    def cache_version(self, is_fresh, before_asking=None):
        if is_fresh or self._is_old:
            with self._asking:  # who waited for the answer of another has it
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
        # The name first, what it names after: what changes in between has another name at the next question.
        name = CacheVersion.objects.current()
        if name != self.kept.name:
            self.kept = KnownCacheVersion(name)
        self.asked_at = now


_newest = _Newest()


def cache_version_for(request=None):
    """The KeptEdition a reader sees, the same for the whole of their request.

    Who has a session sees every edit at once, and so do emails, which have no request: one question to the database.
    Everybody else sees one that may be CACHE_VERSION_SECONDS old, mostly without a question.
    """
    if request is None:
        return _newest.cache_version(is_fresh=True)
    if not hasattr(request, "cache_version"):
        request.cache_version = _newest.cache_version(is_fresh=settings.SESSION_COOKIE_NAME in request.COOKIES)
    return request.cache_version


def cache_version_lately(before_asking=None):
    """The KeptEdition of whoever has no session: at most CACHE_VERSION_SECONDS old.

    `before_asking` runs where the database is about to be asked, which is once in a while: outside a request nobody
    else sees to connections that have grown old.
    """
    return _newest.cache_version(is_fresh=False, before_asking=before_asking)


def hear_of_changes(models):
    """Begin a new cache version whenever a row of a model that says `shown_on_pages = True` is saved or deleted.

    `update()` and `bulk_create()` send no signal: the QuerySet of such a model is a `ShownQuerySet`.
    """
    for model in models:
        if getattr(model, "shown_on_pages", False):
            for signal in (post_save, post_delete):
                signal.connect(_begin, sender=model, dispatch_uid=f"cache version of {model._meta.label}")


def _begin(**kwargs):
    CacheVersion.objects.begin()
