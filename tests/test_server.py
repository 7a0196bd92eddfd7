"""What a web server loads before its workers fork, and what it does not hold at all."""

import subprocess
import sys

import pytest

LOAD = "import s4jr.server as serve, sys; serve.load_the_site(); "
#: Large, and of no use to a page that is only read.
NOT_FOR_READERS = {"celery", "kombu", "PIL", "icalendar"}


def after_loading(child_environment, question):
    return subprocess.run(
        [sys.executable, "-c", LOAD + question], env=child_environment, capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.fixture
def ask(transactional_db, child_environment):
    return lambda question: after_loading(child_environment, question)


def test_neither_celery_nor_what_only_few_pages_need_is_loaded(ask):
    assert ask(f"print({NOT_FOR_READERS} & set(sys.modules))") == "set()"


def test_no_connection_is_left_that_workers_would_share(ask):
    assert ask("from django.db import connection; print(connection.connection)") == "None"


def test_the_pages_that_were_read_are_there_for_every_worker(ask):
    asked = "from s4jr.wsgi import application; print(len(application._pages))"
    assert ask(asked) == "3"  # home in each language; forms and lists are never kept


def test_it_loads_while_the_database_is_away(child_environment):
    away = child_environment | {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing"}
    assert after_loading(away, "print('loaded')") == "loaded"
