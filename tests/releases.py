"""The databases that earlier releases left behind, as `tooling/release_dump.py` wrote them down."""

import gzip
import json
import tomllib
from pathlib import Path

from tooling.static_files import ROOT

FOLDER = ROOT / "tests" / "data" / "releases"
VENDORS = ("postgresql", "sqlite")


def current_version() -> str:
    """The version in pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def versions() -> list[str]:
    """Every release of which there is a dump, the oldest first."""
    return sorted((path.stem for path in FOLDER.glob("*.json")), key=lambda version: [*map(int, version.split("."))])


def keys() -> dict[str, str]:
    """The three keys of all dumps, as the environment names them."""
    lines = (FOLDER / "keys.env").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def read_record(version: str) -> dict:
    """What is in the dumps of a release: `rows` by table, and who is known of: `member`, `admin`."""
    return json.loads((FOLDER / f"{version}.json").read_text(encoding="utf-8"))


def read_sql(version: str, vendor: str) -> str:
    return gzip.decompress(_sql_file(version, vendor).read_bytes()).decode()


def write_record(version: str, record: dict) -> None:
    (FOLDER / f"{version}.json").write_text(f"{json.dumps(record, indent=2, sort_keys=True)}\n", encoding="utf-8")


def write_sql(version: str, vendor: str, sql: str) -> Path:
    """No time of day is in the file: the same statements are the same bytes."""
    path = _sql_file(version, vendor)
    path.write_bytes(gzip.compress(sql.encode(), 9, mtime=0))
    return path


def _sql_file(version: str, vendor: str) -> Path:
    return FOLDER / f"{version}.{vendor}.sql.gz"
