"""Files import each other in no circle, functions hide no import, and templates load no tag of a higher part.

`allowed_imports.toml` lists the circles and hidden imports that are left, and may only shrink: what is not in it fails,
and so does a line that is no longer true. For tags there is no such list: a view gets what another part knows through a
provider (`s4jr.providers`).
"""

import tomllib

import pytest

from tests.import_graph import PARTS, ROOT, ImportGraph, loaded_tags, module_name, source_files
from tests.test_architecture import is_allowed

ALLOWED = tomllib.loads((ROOT / "tests" / "allowed_imports.toml").read_text(encoding="utf-8"))
TEMPLATES = ROOT / "templates"


@pytest.fixture(scope="module")
def graph():
    return ImportGraph(source_files(*PARTS))


def part_of_template(template):
    """`chapters` for chapters/place.html and for admin/chapters/…; `s4jr` where no app owns the folder."""
    folders = template.relative_to(TEMPLATES).parts[:-1]
    return next((folder for folder in folders if folder in PARTS), "s4jr")


def test_files_import_each_other_in_no_circle_but_these(graph):
    assert graph.circles() == ALLOWED["circles"]


def test_no_function_hides_an_import_of_ours_but_these(graph):
    hidden = {name: sorted(found) for name, found in graph.hidden.items() if found and not name.endswith(".apps")}
    assert hidden == ALLOWED["hidden"]  # `AppConfig.ready` is where Django has an app wire itself


def test_templates_load_only_tags_that_their_part_may_import():
    wrong = {}
    for template, library in loaded_tags():
        if not library.startswith("s4jr.") and not is_allowed(f"{part_of_template(template)}.templates", library):
            wrong.setdefault(template.relative_to(TEMPLATES).as_posix(), []).append(library)
    assert wrong == {}


@pytest.fixture
def little_graph(tmp_path, monkeypatch):
    """Three files, of which two import each other, one of them inside a function."""
    monkeypatch.setattr("tests.import_graph.ROOT", tmp_path)
    files = {
        "one.py": "import two\n",
        "two.py": "def late():\n    from one import name\n",
        "three.py": "import one, os\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    return ImportGraph([tmp_path / name for name in files])


def test_a_circle_through_a_function_is_found(little_graph):
    assert little_graph.circles() == [["one", "two"]]


def test_an_import_in_a_function_is_found(little_graph):
    assert little_graph.hidden == {"one": set(), "two": {"one"}, "three": set()}


def test_a_package_is_named_without_its_init():
    assert module_name(ROOT / "members" / "models" / "__init__.py") == "members.models"
