"""Writes the database of this release into tests/data/releases/, from which the upgrade test of all later ones starts.

python -m tooling.release_dump

A new database is migrated, filled with the demo and dumped, on PostgreSQL and on SQLite. The dump is plain SQL and
includes the schema, so that it stays as the release made it, whatever happens to its migrations.
"""

import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests import releases
from tests.servers.postgres import Postgres
from tooling.compile_messages import compile_messages
from tooling.static_files import ROOT

ADD_ROWS = "from tests.release_rows import add_rows; add_rows()"
#: Rows as INSERT: loading them needs none of PostgreSQL's programs.
OPTIONS = ("--inserts", "--rows-per-insert=100", "--no-owner", "--no-privileges", "--no-comments")


@contextmanager
def _empty_postgres(folder: Path) -> Iterator[tuple[str, Callable[[], str]]]:
    postgres = Postgres(folder / "postgres")
    postgres.start()
    try:
        yield postgres.url("postgres"), lambda: statements_of(postgres.dump("postgres", *OPTIONS).decode())
    finally:
        postgres.stop()


@contextmanager
def _empty_sqlite(folder: Path) -> Iterator[tuple[str, Callable[[], str]]]:
    path = folder / "db.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        yield f"sqlite:///{path}", lambda: "\n".join(database.iterdump())


def statements_of(dump: str) -> str:
    """The output of pg_dump without its session settings, which an older server may not know, and its psql commands."""
    return re.sub(r"\n\\unrestrict .*\s*\Z", "\n", dump[dump.index("CREATE ") :])


def write_dump(version: str, vendor: str, folder: Path) -> dict:
    """Write the dump of one kind of database; returns the record of its content."""
    make_empty = {"postgresql": _empty_postgres, "sqlite": _empty_sqlite}[vendor]
    with make_empty(folder) as (url, dump):
        record = _fill({"DATABASE_URL": url, "VAR_DIR": str(folder)})
        path = releases.write_sql(version, vendor, dump())
    sys.stdout.write(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes\n")
    return record


def _fill(place: dict[str, str]) -> dict:
    _manage(place, "migrate", "--verbosity=0")
    _manage(place, "createcachetable")
    _manage(place, "load_demo")
    return json.loads(_manage(place, "shell", "--no-imports", "--command", ADD_ROWS))


def _manage(place: dict[str, str], *arguments: str) -> str:
    """The output of a management command, run without this machine's settings."""
    environment = {"PATH": os.environ["PATH"], **releases.keys(), **place}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout


def main() -> None:
    compile_messages()
    version = releases.current_version()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o711)  # PostgreSQL, as `nobody`, must reach its folder inside
        first, second = (write_dump(version, vendor, folder) for vendor in releases.VENDORS)
    if first != second:
        raise SystemExit(f"The two databases do not hold the same:\n{first}\n{second}")
    releases.write_record(version, first)


if __name__ == "__main__":
    main()
