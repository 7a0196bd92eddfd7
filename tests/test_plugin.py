"""What the pytest plugin (tests/servers/plugin.py) provides to a test, and what it does not."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache

from members.models import Member
from s4jr.accounts.models import User
from s4jr.content.models import TextBlock
from tests import make
from tests.servers.plugin import Parts
from tests.servers.process import listens

#: A run that starts a server, says where, and then hangs.
RUN = """
from tests.servers.plugin import REAPER, Parts
parts = Parts()
REAPER.folder = parts.folder
parts.start(parts.redis)
print(parts.redis.program.process.pid, parts.folder, flush=True)
input()
"""


def runs(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_test_without_the_database_fixture_gets_no_database():
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        Member.objects.count()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_time", ["first", "second"])
def test_the_cache_is_cleared_after_each_test(_time):
    assert cache.get("left-behind") is None
    cache.set("left-behind", "by a test")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_time", ["first", "second"])
def test_commits_of_a_test_are_undone_and_deleted_rows_restored(_time):
    assert (TextBlock.objects.count() > 100, User.objects.count()) == (True, 0)
    group = Group.objects.order_by("pk").first()
    assert (Permission.objects.count() > 100, group.permissions.count() > 0) == (True, True)
    make.admin("ada")
    TextBlock.objects.all().delete()
    Permission.objects.all().delete()
    group.delete()


def test_a_server_starts_when_it_is_first_asked_for():
    parts = Parts()
    try:
        assert (parts.started, listens(parts.redis.port)) == ([], False)
        parts.start(parts.redis)
        assert listens(parts.redis.port)
    finally:
        parts.stop()
    assert not listens(parts.redis.port)


@pytest.mark.parametrize("ended_by", [signal.SIGTERM, signal.SIGKILL], ids=["terminated", "killed"])
def test_a_run_that_is_ended_leaves_no_server_and_no_folder(ended_by):
    run = subprocess.Popen([sys.executable, "-c", RUN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    pid, folder = run.stdout.readline().split()
    assert (runs(int(pid)), Path(folder).exists()) == (True, True)
    run.send_signal(ended_by)
    run.communicate()
    deadline = time.monotonic() + 30
    while (runs(int(pid)) or Path(folder).exists()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert (runs(int(pid)), Path(folder).exists()) == (False, False)
