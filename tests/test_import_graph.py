"""Files have no import cycles, functions have no imports, and templates load no tags of a higher part.

A view gets data of another part through a provider (`s4jr.providers`).
"""

import pytest

from tests.import_graph import PARTS, ROOT, ImportGraph, loaded_tags, module_name, source_files
from tests.test_architecture import is_allowed

TEMPLATES = ROOT / "templates"


@pytest.fixture(scope="module")
def graph():
    return ImportGraph(source_files(*PARTS))


def part_of_template(template):
    """Return `chapters` for chapters/place.html and admin/chapters/…; `s4jr` for a folder that no app owns."""
    folders = template.relative_to(TEMPLATES).parts[:-1]
    return next((folder for folder in folders if folder in PARTS), "s4jr")


def test_no_files_import_each_other(graph):
    assert graph.circles() == []


def test_no_function_imports_our_own_files(graph):
    hidden = {name: sorted(found) for name, found in graph.hidden.items() if found and not name.endswith(".apps")}
    assert hidden == {}  # Django asks apps to import in `AppConfig.ready`


def test_templates_load_only_tags_that_their_part_may_import():
    wrong = {}
    for template, library in loaded_tags():
        if not library.startswith("s4jr.") and not is_allowed(f"{part_of_template(template)}.templates", library):
            wrong.setdefault(template.relative_to(TEMPLATES).as_posix(), []).append(library)
    assert wrong == {}


@pytest.fixture
def small_graph(tmp_path, monkeypatch):
    """Three files. Two import each other, one of them inside a function; one imports the third only for its types."""
    monkeypatch.setattr("tests.import_graph.ROOT", tmp_path)
    files = {
        "one.py": "import two\nif TYPE_CHECKING:\n    import three\n",
        "two.py": "def late():\n    from one import name\n",
        "three.py": "import one, os\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    return ImportGraph([tmp_path / name for name in files])


def test_a_cycle_through_a_function_is_found(small_graph):
    assert small_graph.circles() == [["one", "two"]]


def test_an_import_in_a_function_is_found(small_graph):
    assert small_graph.hidden == {"one": set(), "two": {"one"}, "three": set()}


def test_a_package_name_has_no_init():
    assert module_name(ROOT / "members" / "models" / "__init__.py") == "members.models"
