"""What documents promise has a test behind it, and each test that they name exists."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
#: `members/test_views.py::test_something`, or a whole file of tests.
REFERENCE = re.compile(r"`(?:tests/)?((?:\w+/)*test_\w+\.py)(?:::(test_\w+))?`")
NAMED_IN = ["safety.md", "attack.md", "reliability.md"]


def read_document(name):
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def table_rows(text):
    """The cells of each row of each table, without headings and rulers."""
    lines = [line for line in text.splitlines() if line.startswith("|") and not re.fullmatch(r"[|\s:-]+", line)]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


@cache
def names_in(file):
    path = ROOT / "tests" / file
    if not path.exists():
        return set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("document", NAMED_IN)
def test_every_test_that_a_document_names_exists(document):
    named = REFERENCE.findall(read_document(document))
    missing = [f"{file}::{name}" for file, name in named if not (name in names_in(file) if name else names_in(file))]
    assert missing == []


def test_every_promise_about_safety_names_the_test_behind_it():
    rows = [row for row in table_rows(read_document("safety.md")) if row[0] != "promise"]
    assert [promise for promise, *behind in rows if not REFERENCE.search(" ".join(behind))] == []
    assert len(rows) >= 40
