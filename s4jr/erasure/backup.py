"""The whole database as one encrypted file, and back. Nothing of it touches a disk in clear, not for a moment.

Encrypted with age (https://age-encryption.org) to public keys: whoever makes a backup cannot open it. PostgreSQL's own
`pg_dump` and `pg_restore` do the work; they must be on the PATH and at least as new as the server.
"""

import io
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing

import pyrage
from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient


class BackupError(Exception):
    """Carries the one sentence that says what is missing or wrong."""


def recipients(keys):
    """Public keys (`age1…`) as pyrage takes them. Raises BackupError where there is none, or one that is none."""
    try:
        found = [pyrage.x25519.Recipient.from_str(key) for key in keys]
    except pyrage.RecipientError:
        raise BackupError("One of the public keys is none: they begin with age1.") from None
    if not found:
        raise BackupError("Nobody could open it: name a public key (age1…) with --to or in BACKUP_TO.")
    return found


def identities(text):
    """The secret keys in a key file of age; lines that begin with # are comments. Raises BackupError."""
    lines = [line for line in map(str.strip, text.splitlines()) if line and not line.startswith("#")]
    try:
        return [pyrage.x25519.Identity.from_str(line) for line in lines]
    except pyrage.IdentityError:
        raise BackupError("The key file holds no secret key of age: its line begins with AGE-SECRET-KEY-1.") from None


def is_empty():
    """Whether nothing stands in the database: no table at all."""
    return connection.introspection.table_names() == []


# --- out


def write_backup(file, keys):
    """Write all of the database, encrypted to these recipients, to a binary file."""
    if connection.vendor == "sqlite":
        pyrage.encrypt_io(io.BytesIO(_sqlite_bytes()), file, keys)
    else:
        _pg_dump(file, keys)


def _sqlite_bytes():
    connection.ensure_connection()
    with closing(sqlite3.connect(":memory:")) as copy:
        connection.connection.backup(copy)
        whole = copy.serialize()
    # Two bytes of its header say that a write-ahead log lies beside it: in memory none does, and it would not open.
    return whole[:18] + b"\x01\x01" + whole[20:]


def _pg_dump(file, keys):
    command, environment = _program("pg_dump", "--format=custom", "--no-owner", "--no-privileges")
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as dumping:  # noqa: S603
        pyrage.encrypt_io(dumping.stdout, file, keys)
        _refuse_a_failure("pg_dump", dumping)


# --- back


def restore_backup(file, keys):
    """Put a dump into this database, which must be empty: all of it, or nothing. Raises BackupError."""
    try:
        if connection.vendor == "sqlite":
            _sqlite_restore(file, keys)
        else:
            _pg_restore(file, keys)
    except (pyrage.DecryptError, OSError):  # the latter where it ends, or is changed, past its header
        raise BackupError("It does not open: it was encrypted to another key, or is not whole.") from None


def _sqlite_restore(file, keys):
    clear = io.BytesIO()
    pyrage.decrypt_io(file, clear, keys)
    connection.ensure_connection()
    with closing(sqlite3.connect(":memory:")) as copy:
        copy.deserialize(clear.getvalue())
        copy.backup(connection.connection)


def _pg_restore(file, keys):
    connection.close()
    command, environment = _program("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--dbname")
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as restoring:  # noqa: S603
        try:
            pyrage.decrypt_io(file, restoring.stdin, keys)
        except (pyrage.DecryptError, OSError):
            if restoring.poll() is None:
                restoring.kill()  # before it sees an end: what came so far must not be committed
                raise
        restoring.stdin.close()
        restoring.stdin = None
        _refuse_a_failure("pg_restore", restoring)


def _program(name, *options):
    """(command, environment) of one of PostgreSQL's programs, aimed at our database; no password is in the command."""
    found = shutil.which(name)
    if not found:
        raise BackupError(f"{name} is not on the PATH. On Debian: apt-get install postgresql-client")
    ours, secrets = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    *where, database = ours[1:]
    return [found, *where, *options, database], {**os.environ, **(secrets or {})}


def _refuse_a_failure(name, process):
    said = process.stderr.read().decode(errors="replace")
    if process.wait():
        # The first line names the fault; what follows may repeat values.
        raise BackupError(f"{name} failed: {said.partition(chr(10))[0]}")
