"""The WSGI application that granian serves; see `s4jr/server.py`."""

import os

import django
from django.core.handlers.wsgi import WSGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s4jr.settings")
django.setup(set_prefix=False)

from s4jr.outage_pages import StandBy  # noqa: E402
from s4jr.page_cache import PageCache  # noqa: E402
from s4jr.security.request_validation import ValidatedRequest  # noqa: E402


class Site(WSGIHandler):
    request_class = ValidatedRequest


application = PageCache(StandBy(Site()))
