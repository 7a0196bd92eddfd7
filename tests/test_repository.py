"""Rules for every file of the project."""

from tests import releases
from tooling.index_hosts import files_naming_an_index
from tooling.static_files import ROOT


def test_no_file_names_a_package_index():
    assert list(files_naming_an_index(ROOT)) == []


def test_a_file_that_names_a_package_index_is_found(tmp_path):
    (tmp_path / "folder").mkdir()
    named = tmp_path / "folder" / "notes.txt"
    named.write_text("fetched from https://" + "PyPI" + ".org/simple")
    (tmp_path / "other.txt").write_text("fetched from somewhere")

    assert list(files_naming_an_index(tmp_path)) == [named]


def test_this_release_has_a_dump_for_the_upgrade_test():
    """Create it with: python -m tooling.release_dump"""
    assert releases.current_version() in releases.versions()
