"""Every promise in the documents names a test, and every named test exists."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.core.management import get_commands

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
    """Return the cells of each row of each table, without headings and rulers."""
    lines = [line for line in text.splitlines() if line.startswith("|") and not re.fullmatch(r"[|\s:-]+", line)]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


@cache
def names_in(file):
    """Return each class, test and `Class::test` of a file; "" stands for the file itself."""
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
    """Yield (file, name) of each test, class or test file in a text; a name alone belongs to the file before it."""
    for line in text.splitlines():
        file = "no file is named before it"
        for found in REFERENCE.finditer(line):
            file = found["file"] or file
            yield file, (found["names"] or found["more"] or found["class"] or "").removeprefix("::")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_named_test_exists(document):
    """A name shortened with an ellipsis counts as missing."""
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
def test_a_wrong_or_shortened_name_is_found(text, is_wrong):
    assert any(name not in names_in(file) for file, name in references_in(text)) == is_wrong


def test_every_safety_promise_names_its_test():
    """A file alone does not say which of its tests covers the promise."""
    rows = [row for row in table_rows(read_document("safety.md")) if row[0] != "promise"]
    assert [promise for promise, *behind in rows if not NAMES_A_TEST.search(" ".join(behind))] == []
    assert len(rows) >= 40


def test_no_table_refers_to_a_list_below():
    pointing = re.compile(r"\b(list|walk|see) below", re.IGNORECASE)
    cells = [cell for name in DOCUMENTS for row in table_rows(read_document(name)) for cell in row]
    assert [cell for cell in cells if pointing.search(cell)] == []


# --- paths and commands

#: Every document of the repository, by its path.
ALL_DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix() for pattern in ("*.md", "docs/**/*.md") for path in ROOT.glob(pattern)
)
CODE = re.compile(r"```.*?\n(?P<block>.*?)```|`(?P<span>[^`\n]+)`", re.DOTALL)
LINK = re.compile(r"\]\((?!\w+:|#)(?P<path>[^)#\s]+)")
#: `members/emails.py`, `emails.py`, `tests/servers/`; not `/join/`, an address, nor `<app>/emails.py`, a pattern.
PATH = re.compile(
    r"(?<![\w/.:<>{*@-])(?P<path>(?:\.?[\w-]+/)+(?![\w<*{])|(?:\.?[\w-]+/)*[\w-]+\.(?:py|md|toml|yml|html|css|sh|conf))(?![\w/])"
)
COMMANDS = {
    "./dev": re.compile(r"\./dev (\w+)"),
    "manage.py": re.compile(r"manage\.py (\w+)"),
    "python -m": re.compile(r"python -m ((?:tooling|benchmarks)[\w.]*)"),
}
#: Folders that a run makes, and files that an operator brings.
MADE_LATER = (".venv", ".uv", ".env", ".cache", ".static", "node_modules", "var", "tls", "acme")
PARTS = ("s4jr", "tests", "pages", "chapters", "members", "templates", "static")


def code_in(text: str) -> list[str]:
    return [found["block"] or found["span"] for found in CODE.finditer(text)]


def paths_in(text: str) -> Iterator[str]:
    """Each path that a text names in code or links to."""
    for code in code_in(text):
        yield from (found["path"] for found in PATH.finditer(code))
    yield from LINK.findall(text)


@cache
def file_names() -> set[str]:
    return {
        path.name for part in (*PARTS, "docs", "tooling", "benchmarks", "deploy") for path in (ROOT / part).rglob("*.*")
    }


def path_exists(path: str, document: str) -> bool:
    """A path starts at the top, at the folder of its document or at one of our parts; a bare name is somewhere."""
    folders = [ROOT, (ROOT / document).parent, *(ROOT / part for part in PARTS)]
    found = path.split("/")[0] in MADE_LATER or any((folder / path).exists() for folder in folders)
    return found or ("/" not in path and path in file_names())


def unknown_commands(text: str) -> list[str]:
    verbs = set(re.findall(r"^ {8}(\w+)\)", (ROOT / "dev").read_text(), re.MULTILINE))
    is_known = {"./dev": verbs.__contains__, "manage.py": get_commands().__contains__, "python -m": find_spec}
    return [
        f"{kind} {name}"
        for kind, pattern in COMMANDS.items()
        for code in code_in(text)
        for name in pattern.findall(code)
        if not is_known[kind](name)
    ]


@pytest.mark.parametrize("document", ALL_DOCUMENTS)
def test_every_path_that_a_document_names_exists(document):
    text = (ROOT / document).read_text(encoding="utf-8")
    assert [path for path in paths_in(text) if not path_exists(path, document)] == []


@pytest.mark.parametrize("document", ALL_DOCUMENTS)
def test_every_command_that_a_document_names_exists(document):
    assert unknown_commands((ROOT / document).read_text(encoding="utf-8")) == []


def test_a_path_and_a_command_that_are_gone_are_found():
    text = "Run `./dev fly`, `manage.py fly`, `python -m tooling.fly`; see `members/fly.py`, `fly/`, [this](fly.md)."
    assert unknown_commands(text) == ["./dev fly", "manage.py fly", "python -m tooling.fly"]
    missing = [path for path in paths_in(text) if not path_exists(path, "README.md")]
    assert missing == ["members/fly.py", "fly/", "fly.md"]
