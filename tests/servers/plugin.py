"""The pytest plugin behind `./dev test`: tells settings where the servers of this run will be, and starts each server
when a test first asks for it.

It comes in by `-p tests.servers.plugin` (pyproject.toml), because pytest-django loads settings before any conftest is
read. With pytest-xdist each worker has parts of its own, so a test may kill any of them. `TEST_DB=sqlite` runs the same
tests on SQLite, as `./dev run` does; `TEST_PG=system` on the machine's PostgreSQL.
"""

import gc
import os
import re
import shutil
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from tests.servers.celery import CeleryProcesses
from tests.servers.dns import DnsServer
from tests.servers.postgres import Postgres
from tests.servers.process import MissingPart, free_port
from tests.servers.reaper import REAPER
from tests.servers.redis import RedisServer
from tests.servers.smtp import SmtpSink
from tests.servers.snapshot import Snapshot
from tests.servers.web import Site
from tooling.new_keys import new_keys
from tooling.static_files import ROOT

# Every variable of .env.example, so that what a developer has set cannot change a test.
OURS = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE) + list(new_keys())
#: Bytes that two runs of all tests need, and more.
ROOM = 4 * 2**30
ON_SQLITE = os.environ.get("TEST_DB") == "sqlite"


def _memory_folder():
    """Where Linux keeps files in memory, if there is room: a cluster is copied there ten times as fast.

    Not where programs may not start: PostgreSQL itself is copied there if its user could not read it elsewhere.
    """
    memory = "/dev/shm"
    if not os.path.isdir(memory) or shutil.disk_usage(memory).free < ROOM:
        return None
    return None if os.statvfs(memory).f_flag & os.ST_NOEXEC else memory


class Parts:
    """The servers of one pytest process, and the environment that leads Django to them."""

    def __init__(self, kept_database=False):
        self.folder = Path(tempfile.mkdtemp(prefix="s4jr-test-", dir=_memory_folder()))
        self.folder.chmod(0o711)  # PostgreSQL, as `nobody`, must reach its folder inside
        self.redis = RedisServer(self.folder)
        self.smtp = SmtpSink(free_port())
        self.postgres = None if ON_SQLITE else Postgres(self.folder / "pg", kept=kept_database)
        self.started = []

    def start(self, part, *parts):
        """Start those of these parts that do not run yet."""
        for each in (part, *parts):
            if each and each not in self.started:
                each.start()
                self.started.append(each)

    def start_all(self):
        self.start(self.postgres, self.redis, self.smtp)

    def stop(self):
        for part in reversed(self.started):
            part.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def database_url(self, name):
        return f"sqlite:///{name}" if ON_SQLITE else self.postgres.url(name)

    def environment(self):
        port = free_port()
        return {
            **new_keys(),
            "ANNOUNCEMENT_BATCH": "100",  # so that an announcement to 200 is more than one batch
            "DATABASE_URL": self.database_url(self.folder / "db.sqlite3" if ON_SQLITE else "s4jr"),
            "EMAIL_URL": f"smtp://127.0.0.1:{self.smtp.port}",
            "PORT": str(port),
            "QUICK_EXIT_URL": f"https://127.0.0.1:{free_port()}/",  # tests/e2e/elsewhere.py answers there
            "REDIS_URL": self.redis.url,
            "SITE_URL": f"http://127.0.0.1:{port}",
            "VAR_DIR": str(self.folder),
        }


PARTS = pytest.StashKey[Parts]()


def pytest_addoption(parser):
    parser.addoption(
        "--kept-database",
        action="store_true",
        help="start from the migrated database of an earlier run while migrations, models and texts are the same",
    )


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config):
    early_config.add_cleanup(gc.freeze)  # it runs last: else the interpreter looks through all of Django before it ends
    gc.disable()  # the imports that follow leave no garbage
    try:
        return (yield from _lead_django_to_the_parts(early_config))
    finally:
        gc.enable()


def _lead_django_to_the_parts(early_config):
    for name in OURS:
        os.environ.pop(name, None)
    _keep_what_is_compiled()
    if _only_hands_out_work(early_config):
        os.environ.update(new_keys())
        return (yield)
    try:
        parts = Parts(_wants_kept_database(early_config))
        early_config.add_cleanup(REAPER.stop)
        early_config.add_cleanup(parts.stop)
    except MissingPart as missing:
        raise pytest.UsageError(str(missing)) from None
    REAPER.folder = parts.folder
    _end_with_the_first_process()
    os.environ.update(parts.environment())
    early_config.stash[PARTS] = parts
    result = yield
    _settle(parts)
    return result


def _wants_kept_database(config):
    """A worker of pytest-xdist names its database after itself."""
    return config.known_args_namespace.kept_database and "PYTEST_XDIST_WORKER" not in os.environ


def _keep_what_is_compiled():
    """Tests start programs by the hundred; images often forbid this, and each would compile all of Django again."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def _only_hands_out_work(config):
    """With `-n 2` the first process runs no test: it needs settings that load, and no parts."""
    return config.known_args_namespace.numprocesses and "PYTEST_XDIST_WORKER" not in os.environ


def _end_with_the_first_process():
    """A worker of pytest-xdist would work on when the process that gives it work was killed."""

    def watch(parent):
        while os.getppid() == parent:
            threading.Event().wait(0.5)  # not `time.sleep`, which a test may replace
        os._exit(1)

    if "PYTEST_XDIST_WORKER" in os.environ:
        threading.Thread(target=watch, args=[os.getppid()], daemon=True).start()


def _settle(parts):
    """What tests need otherwise than a site: a quick hasher, answers and edits at once, uncollected static files."""
    from django.conf import settings
    from django.db import connections

    import s4jr.celery  # noqa: F401  tests ask for tasks; of the site only workers and beat do
    from s4jr.security import constant_time

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    constant_time.STEP = 0.000_001  # an answer would wait for the end of its tenth of a second
    settings.CACHE_VERSION_SECONDS = 0  # a test that edits reads what it edited
    settings.APPROVAL_UNDO_SECONDS = 0  # what follows an approval is another test's subject; a site waits its minute
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.STATIC_ROOT = parts.folder / "static"
    settings.STATIC_ROOT.mkdir()  # WhiteNoise warns where it is missing
    if ON_SQLITE:  # a file, not memory: threads and other processes must meet the same locks as on a site
        connections.settings["default"]["TEST"]["NAME"] = str(parts.folder / "test.sqlite3")


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef, request):
    """The first test that asks for the database starts PostgreSQL, Redis and SMTP: the site reaches for all three.

    Once the database is made, a test that commits is followed by a restore in place of Django's slow flush.
    """
    if fixturedef.argname != "django_db_setup":
        return (yield)
    parts = request.config.stash[PARTS]
    parts.start_all()
    result = yield
    if not ON_SQLITE:
        _keep_for_later_runs(parts.postgres)
        _restore_in_place_of_a_flush(parts)
    return result


def _keep_for_later_runs(postgres):
    from django.db import connections

    connections.close_all()
    postgres.keep()


def _restore_in_place_of_a_flush(parts):
    import psycopg
    from django.db import connection
    from django.test import TransactionTestCase

    snapshot = Snapshot()
    with psycopg.connect(parts.database_url(connection.settings_dict["NAME"])) as database:
        snapshot.take(database.cursor())

    def restore(case):
        with connection.cursor() as cursor:
            snapshot.restore(cursor.cursor)

    TransactionTestCase._fixture_teardown = restore


@pytest.fixture(scope="session")
def parts(pytestconfig):
    return pytestconfig.stash[PARTS]


@pytest.fixture(scope="session")
def postgres(parts):
    """The running PostgreSQL: `.dump(database) -> bytes`, `.kill()`, `.start()`. None on SQLite."""
    parts.start(parts.postgres)
    return parts.postgres


@pytest.fixture
def redis_server(parts):
    """The running Redis, emptied: `.kill()`, `.start()` (same port), `.url`. It runs again after the test."""
    parts.start(parts.redis)
    parts.redis.restart_empty()
    yield parts.redis
    parts.redis.restart_empty()


@pytest.fixture
def smtp_sink(parts):
    """The SMTP server every email goes to: `.emails`, `.deliveries`, `.wait_for(n)`, `.answer(...)`, `.clear()`."""
    parts.start(parts.smtp)
    parts.smtp.clear()
    yield parts.smtp
    parts.smtp.clear()


@pytest.fixture
def dns_server(settings):
    """The DNS server that the site asks: `.records`, `.queries`, `.where`."""
    server = DnsServer()
    server.start()
    settings.DNS_SERVER = server.where
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def _cached_values_end_with_their_test(request):
    """The cache's table is no model's: what a test commits to it, no flush takes away."""
    mark = request.node.get_closest_marker("django_db")
    if "transactional_db" not in request.fixturenames and not (mark and mark.kwargs.get("transaction")):
        yield  # asks for no database, so that a test without one is still refused one
        return
    request.getfixturevalue("transactional_db")  # the cache is emptied before the database is closed to the test
    yield
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(scope="session")
def child_environment(parts, django_db_setup):
    """For programs a test starts: this process's environment, with DATABASE_URL on the test database."""
    from django.db import connection

    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    return environment | {"DATABASE_URL": parts.database_url(connection.settings_dict["NAME"])}


@pytest.fixture
def celery_worker_process(transactional_db, redis_server, smtp_sink, parts, child_environment):
    """A real worker and a real beat on the test database: `.worker` and `.beat` can be killed and started."""
    processes = CeleryProcesses(parts.folder, child_environment)
    processes.start()
    yield processes
    processes.stop()


@pytest.fixture(scope="session")
def _web(parts, child_environment):
    web = Site(parts.folder, child_environment)
    web.start()
    yield web
    web.stop()


@pytest.fixture
def site(transactional_db, _web):
    """The real site under granian on the test database, with production hashing and collected files: `.url`."""
    from django.core.cache import cache

    cache.clear()
    return _web
