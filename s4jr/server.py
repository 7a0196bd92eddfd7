"""The web server: granian, with the site loaded before the workers start.

    python -m s4jr.server --interface wsgi s4jr.wsgi:application …    the arguments are granian's own

On Linux its workers are forks of this process: they share the memory of what is loaded here.
"""

import gc
from importlib import import_module
from urllib.parse import urlsplit
from wsgiref.util import setup_testing_defaults

from granian.cli import entrypoint

#: Together these pages load every module that most pages need.
READ_FIRST = ("home", "join", "representatives")


def load_the_site() -> None:
    """Load everything that each worker would otherwise load with its first requests."""
    site = import_module("s4jr.wsgi").application
    for address in _addresses():
        _read(site, address)
    _hang_up()
    gc.collect()
    gc.freeze()  # otherwise each worker's garbage collector would write to shared pages and so copy them


def _addresses():
    from django.conf import settings
    from django.urls import reverse
    from django.utils import translation

    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            yield from map(reverse, READ_FIRST)


def _read(site, address):
    """Request a page as a proxy does. The response does not matter, nor whether the database is up yet."""
    from django.conf import settings

    scheme, host = urlsplit(settings.SITE_URL)[:2]
    environ = {"PATH_INFO": address, "HTTP_HOST": host, "wsgi.url_scheme": scheme, "REMOTE_ADDR": "127.0.0.1"}
    if settings.SECURE_PROXY_SSL_HEADER:
        environ[settings.SECURE_PROXY_SSL_HEADER[0]] = scheme
    setup_testing_defaults(environ)
    response = site(environ, lambda status, headers, exc_info=None: None)
    b"".join(response)
    getattr(response, "close", lambda: None)()


def _hang_up():
    """Workers must not share a database connection."""
    from django.db import connections

    connections.close_all()


if __name__ == "__main__":
    load_the_site()
    entrypoint()
