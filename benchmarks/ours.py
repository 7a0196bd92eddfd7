"""The site itself, for the benchmarks: its services, a migrated PostgreSQL, this process's Django, and granian."""

import os
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks import peers
from tests.servers.plugin import Parts
from tooling.static_files import collect_static

ROOT = Path(__file__).parent.parent

#: All load comes from one IP address: without these most of it would be flagged or refused
#: (s4jr/security/storage_limits.py).
ROOMY = {"FORMS_FROM_ONE_PEER_AN_HOUR": "1000000000", "INTAKE_BYTES_AN_HOUR": "1000000000000"}


@contextmanager
def standing(**environment):
    """Run the services, put DATABASE_URL and all else into this process's environment, and set up Django."""
    parts = Parts()
    with ExitStack() as stack:
        stack.callback(parts.stop)
        parts.start_all()
        os.environ.update(parts.environment() | {"DATABASE_URL": parts.database_url("postgres")} | ROOMY | environment)
        del os.environ["ANNOUNCEMENT_BATCH"]  # tests make it smaller than a deployment does
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s4jr.settings")
        collect_static(dict(os.environ))
        _set_up()
        yield parts
        _hang_up()


def served(stack, **options):
    """The site under granian, running until the stack ends: a `peers.Peer`. Options are those of `peers.granian`."""
    peer = peers.granian(
        "s4jr.wsgi:application",
        ROOT,
        dict(os.environ),
        **{"port": int(os.environ["PORT"]), "server": "s4jr.server", **options},
    )
    peer.program.log = Path(os.environ["VAR_DIR"]) / "web.log"
    return peers.start(peer, stack)


def _set_up():
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


def _hang_up():
    from django.db import connections

    connections.close_all()
