"""Backs up the whole database to one encrypted file, and restores it. Nothing is ever written to disk in clear.

Encrypted with age (https://age-encryption.org) to public keys: whoever makes a backup cannot decrypt it. PostgreSQL's
own `pg_dump` and `pg_restore` do the work; they must be on the PATH and at least as new as the server.
"""

import io
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable
from contextlib import closing
from typing import Any, BinaryIO

import pyrage
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient

#: pyrage is a compiled module without type information.
age: Any = pyrage


class BackupError(Exception):
    """Carries one sentence that says what is missing or wrong."""


def recipients(keys: Iterable[str]) -> list[Any]:
    """Public keys (`age1…`) as pyrage takes them. Raises BackupError if there is none, or an invalid one."""
    try:
        found = [age.x25519.Recipient.from_str(key) for key in keys]
    except age.RecipientError:
        raise BackupError("One of the public keys is none: they begin with age1.") from None
    if not found:
        raise BackupError("Nobody could open it: name a public key (age1…) with --to or in BACKUP_TO.")
    return found


def has_usable_keys() -> bool:
    """Whether `backup` can encrypt to the keys in BACKUP_TO: there is one, and each is valid."""
    try:
        return bool(recipients(settings.BACKUP_TO))
    except BackupError:
        return False


def identities(text: str) -> list[Any]:
    """The secret keys in an age key file; lines that begin with # are comments. Raises BackupError."""
    lines = [line for line in map(str.strip, text.splitlines()) if line and not line.startswith("#")]
    try:
        return [age.x25519.Identity.from_str(line) for line in lines]
    except age.IdentityError:
        raise BackupError("The key file holds no secret key of age: its line begins with AGE-SECRET-KEY-1.") from None


def is_empty() -> bool:
    """Whether the database has no table at all."""
    return connection.introspection.table_names() == []


# --- out


def write_backup(file: BinaryIO, keys: list[Any]) -> None:
    """Write the whole database, encrypted to these recipients, to a binary file."""
    if connection.vendor == "sqlite":
        age.encrypt_io(io.BytesIO(_sqlite_bytes()), file, keys)
    else:
        _pg_dump(file, keys)


def _sqlite_bytes():
    connection.ensure_connection()
    with closing(sqlite3.connect(":memory:")) as copy:
        connection.connection.backup(copy)
        whole = copy.serialize()
    # Two bytes of the header announce a write-ahead log. An in-memory copy has none and would not open with them.
    return whole[:18] + b"\x01\x01" + whole[20:]


def _pg_dump(file, keys):
    command, environment = _program("pg_dump", "--format=custom", "--no-owner", "--no-privileges")
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as dumping:  # noqa: S603
        age.encrypt_io(dumping.stdout, file, keys)
        _refuse_a_failure("pg_dump", dumping)


# --- back


def restore_backup(file: BinaryIO, keys: list[Any]) -> None:
    """Restore a backup into this database, which must be empty: all of it, or nothing. Raises BackupError."""
    try:
        if connection.vendor == "sqlite":
            _sqlite_restore(file, keys)
        else:
            _pg_restore(file, keys)
    except (age.DecryptError, OSError):  # OSError if the file is truncated or changed after its header
        raise BackupError("It does not open: it was encrypted to another key, or is not whole.") from None


def _sqlite_restore(file, keys):
    clear = io.BytesIO()
    age.decrypt_io(file, clear, keys)
    connection.ensure_connection()
    with closing(sqlite3.connect(":memory:")) as copy:
        copy.deserialize(clear.getvalue())
        copy.backup(connection.connection)


def _pg_restore(file, keys):
    connection.close()
    command, environment = _program("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--dbname")
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as restoring:  # noqa: S603
        assert restoring.stdin is not None  # a pipe was asked for
        try:
            age.decrypt_io(file, restoring.stdin, keys)
        except (age.DecryptError, OSError):
            if restoring.poll() is None:
                restoring.kill()  # before it sees the end of its input: a partial restore must not be committed
                raise
        restoring.stdin.close()
        restoring.stdin = None
        _refuse_a_failure("pg_restore", restoring)


def _program(name, *options):
    """(command, environment) of a PostgreSQL program for our database; the command contains no password."""
    found = shutil.which(name)
    if not found:
        raise BackupError(f"{name} is not on the PATH. On Debian: apt-get install postgresql-client")
    client: Any = DatabaseClient
    ours, secrets = client.settings_to_cmd_args_env(connection.settings_dict, [])
    *where, database = ours[1:]
    return [found, *where, *options, database], {**os.environ, **(secrets or {})}


def _refuse_a_failure(name, process):
    said = process.stderr.read().decode(errors="replace")
    if process.wait():
        # The first line names the fault; the others may repeat values.
        raise BackupError(f"{name} failed: {said.partition(chr(10))[0]}")
