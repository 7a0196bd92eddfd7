"""The restore drill: back up data and keys separately, lose everything, and restore all except erased people."""

import hashlib
import io
import os
import sqlite3
import subprocess
import sys
import uuid
from contextlib import closing
from functools import partial

import psycopg
import pyrage
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from members.models import Member
from members.retention import erase_members
from s4jr.erasure.backup import BackupError
from s4jr.mail.models import OutgoingEmail
from tests import cast, make
from tests.erasure import people
from tests.members.announcements.cast import announcement, scheduled, send
from tests.races import race
from tests.servers import postgres as postgres_server
from tooling.new_keys import new_keys
from tooling.static_files import ROOT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("environment")]
#: Tables that a restore changes on purpose, and that hold no personal data.
LEFT_OUT = {"accounts_session", "mail_outgoingemail", "cache", "content_cacheversion", "members_announcement"}


class Place:
    """A machine: a database, its keys, and the file of erasures next to it."""

    def __init__(self, url, environment, folder):
        self.url, self.folder = url, folder
        self.environment = {**environment, "DATABASE_URL": url, "ERASURES_FILE": str(folder / "erasures")}

    def manage(self, *arguments, **more):
        command = [sys.executable, "manage.py", *map(str, arguments)]
        return subprocess.run(
            command, cwd=ROOT, env={**self.environment, **more}, capture_output=True, text=True, check=False
        )

    def digests(self):
        """Return {table: digest of all its rows}, in any row order."""
        return {table: self._digest(table) for table in self._tables() if table not in LEFT_OUT}

    def _digest(self, table):
        rows = sorted(map(repr, self.ask(f'SELECT * FROM "{table}"')))
        return f"{len(rows)} {hashlib.sha256(chr(10).join(rows).encode()).hexdigest()}"

    def _tables(self):
        pg = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        lite = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        return sorted(name for (name,) in self.ask(lite if self.url.startswith("sqlite") else pg))

    def ask(self, statement):
        is_lite = self.url.startswith("sqlite")
        opened = sqlite3.connect(self.url.removeprefix("sqlite:///")) if is_lite else psycopg.connect(self.url)
        with closing(opened) as database:
            return database.execute(statement).fetchall()


@pytest.fixture
def environment(child_environment, monkeypatch):
    """Puts PostgreSQL's own programs on the PATH of this process and of its children."""
    if connection.vendor == "postgresql":
        monkeypatch.setenv("PATH", f"{postgres_server.find_binaries()}:{os.environ['PATH']}")
    return {**child_environment, "PATH": os.environ["PATH"]}


@pytest.fixture
def here(environment, tmp_path, settings):
    settings.ERASURES_FILE = tmp_path / "erasures"
    return Place(environment["DATABASE_URL"], environment, tmp_path)


@pytest.fixture
def elsewhere(parts, environment, tmp_path):
    """An empty database on another machine, with the file of erasures, which was stored separately."""
    name = f"restored_{uuid.uuid4().hex[:8]}"
    if connection.vendor == "sqlite":
        return Place(f"sqlite:///{tmp_path / name}", environment, tmp_path)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    return Place(parts.database_url(name), environment, tmp_path)


@pytest.fixture
def key(tmp_path):
    """An age key pair; `.file` holds the secret key."""
    identity = pyrage.x25519.Identity.generate()
    identity_file = tmp_path / "key.txt"
    identity_file.write_text(f"# made for a test\n{identity}\n")
    return identity.to_public(), identity_file


def back_up(key, folder):
    call_command("backup", folder / "all.age", to=[str(key[0])], stdout=io.StringIO())
    return folder / "all.age"


def restore(place, backup, key, **more):
    """Run `restore` on its own machine; return (exit code, output, errors)."""
    done = place.manage("restore", backup, "--key", key[1], **more)
    return done.returncode, done.stdout, done.stderr


def test_a_restore_brings_back_every_row_except_people_erased_since(here, elsewhere, key, tmp_path):
    member, other = people.welcomed(make.admin()), cast.waiting(email="other@mailbox.example")
    announcements = [scheduled(), announcement()]
    send(announcements[1])
    waiting = OutgoingEmail.objects.filter(state__in=["pending", "claimed", "committing"]).count()
    before = here.digests()
    backup = back_up(key, tmp_path)
    erase_members(Member.objects.filter(pk=member.pk))

    code, said, errors = restore(elsewhere, backup, key)

    assert (code, errors) == (0, "")
    assert f"1 tombstones; erased again: {member.number}." in said
    assert elsewhere.ask("SELECT number FROM members_member") == [(other.number,)]
    assert elsewhere.ask("SELECT number FROM erasure_tombstone") == [(member.number,)]
    assert elsewhere.ask("SELECT count(*) FROM mail_outgoingemail WHERE state = 'pending'") == [(0,)]
    assert (waiting > 1, " emails that waited then are marked" in said) == (True, True)
    held = elsewhere.ask("SELECT state FROM members_announcement ORDER BY state")
    assert ("2 announcements are held" in said, held) == (True, [("draft",), ("paused",)])
    now = here.digests()
    assert elsewhere.digests() == now
    assert ("members_member" in changed(before, now), "chapters_meeting" in changed(before, now)) == (True, False)


@pytest.mark.only_postgres
def test_of_two_restores_into_one_database_one_wins_and_the_other_says_so(here, elsewhere, key, tmp_path):
    member, other = cast.waiting(), cast.waiting(email="other@mailbox.example")
    backup = back_up(key, tmp_path)
    erase_members(Member.objects.filter(pk=member.pk))
    ended = race(*[partial(restore, elsewhere, backup, key)] * 2)
    [lost] = [errors for code, _said, errors in ended if code]
    assert [sentence in lost for sentence in ("Another restore was faster", "The database is not empty")].count(
        True
    ) == 1
    assert elsewhere.ask("SELECT number FROM members_member") == [(other.number,)]
    assert elsewhere.ask("SELECT number FROM erasure_tombstone") == [(member.number,)]


def changed(before, now):
    return [table for table in before if before[table] != now[table]]


def test_a_truncated_backup_restores_nothing(elsewhere, key, tmp_path):
    backup = back_up(key, tmp_path)
    backup.write_bytes(backup.read_bytes()[:-2000])
    code, _said, errors = restore(elsewhere, backup, key)
    assert (code, "not whole" in errors, elsewhere.digests()) == (1, True, {})


def test_a_restore_needs_the_keys(elsewhere, key, tmp_path):
    cast.waiting()
    code, _said, errors = restore(elsewhere, back_up(key, tmp_path), key, **new_keys())
    assert (code, "does not open: " in errors) == (1, True)


def test_a_backup_is_encrypted(key, tmp_path):
    cast.waiting()
    backup = back_up(key, tmp_path)
    encrypted = backup.read_bytes()
    assert encrypted.startswith(b"age-encryption.org/v1")
    assert [word for word in (b"members_member", b"rosalind", b"CA-ON") if word in encrypted] == []
    assert backup.stat().st_mode & 0o777 == 0o600


def test_a_restore_needs_an_empty_database(here, key, tmp_path):
    cast.waiting()
    before, backup = here.digests(), back_up(key, tmp_path)
    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", backup, key=str(key[1]))
    assert here.digests() == before


def test_a_backup_replaces_no_older_one(key, tmp_path):
    backup = back_up(key, tmp_path)
    before = backup.read_bytes()
    with pytest.raises(CommandError, match=r"all\.age exists\. A backup is written to a new file only"):
        back_up(key, tmp_path)
    assert (backup.read_bytes(), sorted(path.name for path in tmp_path.iterdir())) == (before, ["all.age", "key.txt"])


@pytest.mark.parametrize("name", ["folder", "pipe", "link", "/dev/null"])
def test_a_backup_is_written_to_no_folder_device_pipe_or_link(key, tmp_path, name):
    folder = tmp_path / "there"
    (folder / "folder").mkdir(parents=True)
    os.mkfifo(folder / "pipe")
    (folder / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CommandError, match="exists"):
        call_command("backup", folder / name, to=[str(key[0])])
    assert sorted(path.name for path in folder.iterdir()) == ["folder", "link", "pipe"]
    assert not (tmp_path / "elsewhere").exists()


def test_a_backup_that_fails_leaves_nothing(key, tmp_path, monkeypatch):
    monkeypatch.setattr("s4jr.erasure.management.commands.backup.write_backup", fail_half_way)
    with pytest.raises(CommandError, match="pg_dump failed"):
        back_up(key, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["key.txt"]


def fail_half_way(file, keys):
    file.write(b"half")
    raise BackupError("pg_dump failed: the server went away")


def test_a_backup_needs_a_recipient(tmp_path):
    with pytest.raises(CommandError, match="BACKUP_TO"):
        call_command("backup", tmp_path / "all.age")
    assert list(tmp_path.iterdir()) == []


def test_the_keys_are_backed_up_separately_and_restored(key):
    program = [sys.executable, "-m", "tooling.keys_apart"]
    keys = new_keys()
    lines = "".join(f"{name}={value}\n" for name, value in keys.items())

    encrypted = subprocess.run(
        [*program, "encrypt", str(key[0])],
        input=f"PORT=8000\n{lines}".encode(),
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    back = subprocess.run([*program, "open", key[1]], input=encrypted, cwd=ROOT, capture_output=True, check=True).stdout

    assert (keys["INDEX_KEY"].encode() in encrypted, back.decode()) == (False, lines)
