"""Databases of earlier releases, as `tooling/release_dump.py` dumped them."""

import gzip
import json
import tomllib
from pathlib import Path

from tooling.static_files import ROOT

FOLDER = ROOT / "tests" / "data" / "releases"
VENDORS = ("postgresql", "sqlite")


def current_version() -> str:
    """Return the version in pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def versions() -> list[str]:
    """Return every release that has a dump, oldest first."""
    return sorted((path.stem for path in FOLDER.glob("*.json")), key=lambda version: [*map(int, version.split("."))])


def keys() -> dict[str, str]:
    """Return the three keys of all dumps, by environment variable."""
    lines = (FOLDER / "keys.env").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def read_record(version: str) -> dict:
    """Return the record of a release: `rows` by table, and the known people: `member`, `admin`."""
    return json.loads((FOLDER / f"{version}.json").read_text(encoding="utf-8"))


def read_sql(version: str, vendor: str) -> str:
    return gzip.decompress(_sql_file(version, vendor).read_bytes()).decode()


def write_record(version: str, record: dict) -> None:
    (FOLDER / f"{version}.json").write_text(f"{json.dumps(record, indent=2, sort_keys=True)}\n", encoding="utf-8")


def write_sql(version: str, vendor: str, sql: str) -> Path:
    """Write the dump without timestamps: the same statements give the same bytes."""
    path = _sql_file(version, vendor)
    path.write_bytes(gzip.compress(sql.encode(), 9, mtime=0))
    return path


def _sql_file(version: str, vendor: str) -> Path:
    return FOLDER / f"{version}.{vendor}.sql.gz"
