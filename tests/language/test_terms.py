"""Replaced names do not return: `terms.toml` maps each to its replacement."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.import_graph import PARTS

ROOT = Path(__file__).parent.parent.parent
TERMS = tomllib.loads(Path(__file__).with_name("terms.toml").read_text(encoding="utf-8"))
FOLDERS = [*PARTS, "templates", "static", "tests", "benchmarks", "tooling", "deploy", "docs"]
SUFFIXES = {".py", ".html", ".md", ".css", ".js", ".toml", ".sh", ".conf", ".txt", ".yml"}
#: The list of these names itself, and notes about names that are still to be replaced.
LEFT_OUT = {ROOT / "tests" / "language" / "terms.toml", *(ROOT / "docs" / "progress").rglob("*.*")}


def files():
    found = (path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*")))
    kept = (path for path in found if path.suffix in SUFFIXES and "node_modules" not in path.parts)
    return [ROOT / "README.md", ROOT / "pyproject.toml", ROOT / ".env.example", *kept]


def old_names(text, terms):
    """Return the names in `terms` that the text contains as whole words."""
    if not terms:
        return []
    longest_first = sorted(terms, key=len, reverse=True)
    pattern = r"(?<![\w.])(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)"
    return sorted(set(re.findall(pattern, text)))


@pytest.mark.parametrize("kind", ["modules", "identifiers"])
def test_no_replaced_name_is_used(kind):
    texts = {path: path.read_text(encoding="utf-8") for path in files() if path not in LEFT_OUT}
    found = {str(path.relative_to(ROOT)): old_names(text, TERMS[kind]) for path, text in texts.items()}
    assert {path: names for path, names in found.items() if names} == {}


def test_no_replaced_module_exists_as_a_file():
    """A folder with only Python's compiled files does not count."""
    paths = [ROOT / name.replace(".", "/") for name in TERMS["modules"]]
    assert [path for path in paths if path.with_suffix(".py").is_file() or any(path.rglob("*.py"))] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from s4jr.sealed import Field", ["s4jr.sealed"]),
        ("s4jr.sealed_things", []),
        ("see s4jr.sealed.", ["s4jr.sealed"]),
        ("the sealed field", []),
    ],
)
def test_a_name_is_found_only_as_it_is_written(text, found):
    assert old_names(text, {"s4jr.sealed": "s4jr.encrypted"}) == found
