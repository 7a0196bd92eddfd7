"""What documents promise has a test behind it, and each test that they name exists."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
#: `members/applications/test_views.py`, `tests/members/applications/test_views.py::TestClass::test_something`,
#: `::test_another` of the file named before it on that line, or `TestClass` of that file.
REFERENCE = re.compile(
    r"(?<![\w/])(?:tests/)?(?P<file>(?:[\w-]+/)*test_\w+\.py)(?P<names>(?:::[\w…]+)*)"
    r"|(?P<more>::[Tt]est_?[\w…]+(?:::[\w…]+)*)|`(?P<class>Test[A-Z]\w*)`"
)
NAMES_A_TEST = re.compile(r"test_\w+\.py::\w")
DOCUMENTS = sorted(path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md"))


def read_document(name):
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def table_rows(text):
    """The cells of each row of each table, without headings and rulers."""
    lines = [line for line in text.splitlines() if line.startswith("|") and not re.fullmatch(r"[|\s:-]+", line)]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


@cache
def names_in(file):
    """Each class and test of a file, and each test behind its class; "" for the file itself."""
    path = ROOT / "tests" / file
    if not path.exists():
        return set()
    names = {""}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            inner = {child.name for child in node.body if isinstance(child, ast.FunctionDef)}
            names |= {node.name, *inner, *(f"{node.name}::{name}" for name in inner)}
        elif isinstance(node, ast.FunctionDef):
            names.add(node.name)
    return names


def references_in(text):
    """(file, name) of each test, class or file of tests that a text names; a name alone belongs to the file before."""
    for line in text.splitlines():
        file = "no file is named before it"
        for found in REFERENCE.finditer(line):
            file = found["file"] or file
            yield file, (found["names"] or found["more"] or found["class"] or "").removeprefix("::")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_test_that_a_document_names_exists(document):
    """A name that is cut with an ellipsis is no name of a test, so that it is missing, too."""
    named = references_in(read_document(document))
    assert [f"{file}::{name}" for file, name in named if name not in names_in(file)] == []


@pytest.mark.parametrize(
    ("text", "is_wrong"),
    [
        ("`tests/test_documents.py`, `test_documents.py::references_in`, `::names_in`", False),
        ("`members/self_service/test_link_alone.py` (`TestNeverEmailMe`)", False),
        ("`tests/members/self_service/test_link_alone.py::TestNeverEmailMe`", False),
        ("`tests/members/self_service/test_credentials.py::TestNeverEmailMe`", True),
        ("`test_documents.py::TestGone::names_in`", True),
        ("`test_documents.py::…::names_in`", True),
        ("`test_documents.py`, `::test_every_test_that_a…`", True),
        ("`test_documents.py` (`TestGone`)", True),
        ("./dev attack tests/test_gone.py", True),
        ("`::names_in_no_file`, `::test_in_no_file`", True),
    ],
)
def test_a_wrong_or_cut_name_is_found(text, is_wrong):
    assert any(name not in names_in(file) for file, name in references_in(text)) == is_wrong


def test_every_promise_about_safety_names_the_test_behind_it():
    """A file alone does not say which of its tests holds the promise."""
    rows = [row for row in table_rows(read_document("safety.md")) if row[0] != "promise"]
    assert [promise for promise, *behind in rows if not NAMES_A_TEST.search(" ".join(behind))] == []
    assert len(rows) >= 40


def test_no_table_points_to_a_list_that_is_not_there():
    pointing = re.compile(r"\b(list|walk|see) below", re.IGNORECASE)
    cells = [cell for name in DOCUMENTS for row in table_rows(read_document(name)) for cell in row]
    assert [cell for cell in cells if pointing.search(cell)] == []
