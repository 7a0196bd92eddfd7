"""What a web server loads before its workers fork, and what it never loads."""

import subprocess
import sys

import pytest

from tooling.static_files import collect_static

LOAD = "import s4jr.server as serve, sys; serve.load_the_site(); "
#: Large modules that reading pages do not need.
NOT_FOR_READERS = {"celery", "kombu", "PIL", "icalendar"}


def after_loading(child_environment, question):
    collect_static(child_environment)
    return subprocess.run(
        [sys.executable, "-c", LOAD + question], env=child_environment, capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.fixture
def ask(transactional_db, child_environment):
    return lambda question: after_loading(child_environment, question)


def test_neither_celery_nor_rarely_needed_modules_are_loaded(ask):
    assert ask(f"print({NOT_FOR_READERS} & set(sys.modules))") == "set()"


def test_no_connection_stays_open_for_workers_to_share(ask):
    assert ask("from django.db import connection; print(connection.connection)") == "None"


def test_cached_pages_exist_before_the_fork(ask):
    asked = "from s4jr.wsgi import application; print(len(application._pages))"
    assert ask(asked) == "3"  # home in each language; forms and lists are never cached


def test_it_loads_during_a_database_outage(child_environment):
    away = child_environment | {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing"}
    assert after_loading(away, "print('loaded')") == "loaded"
