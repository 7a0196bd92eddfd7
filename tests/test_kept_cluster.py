"""`./dev test <tests>` copies the cluster of an earlier run while it is what `migrate` would make today."""

from pathlib import Path

import pytest

from tests.servers import kept_cluster
from tests.servers.kept_cluster import KeptCluster

BINARIES = Path("/somewhere/bin")


@pytest.fixture
def source(tmp_path, monkeypatch):
    """A checkout with one migration."""
    monkeypatch.setattr(kept_cluster, "ROOT", tmp_path)
    monkeypatch.setattr(kept_cluster, "FOLDER", tmp_path / ".cache" / "postgres")
    migration = tmp_path / "members" / "migrations" / "0001_first.py"
    migration.parent.mkdir(parents=True)
    migration.write_text("first")
    return migration


@pytest.fixture
def data(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "PG_VERSION").write_text("17")
    return data


def test_there_is_none_before_the_first_run(source):
    assert not KeptCluster(BINARIES).exists()


def test_the_next_run_gets_a_copy(source, data, tmp_path):
    KeptCluster(BINARIES).keep(data)
    assert KeptCluster(BINARIES).exists()
    KeptCluster(BINARIES).copy_to(tmp_path / "new")
    assert (tmp_path / "new" / "PG_VERSION").read_text() == "17"


def test_after_a_change_of_a_migration_it_is_not_used_and_the_next_one_replaces_it(source, data):
    KeptCluster(BINARIES).keep(data)
    source.write_text("changed")
    assert not KeptCluster(BINARIES).exists()
    KeptCluster(BINARIES).keep(data)
    assert len([*kept_cluster.FOLDER.iterdir()]) == 1


def test_of_two_runs_at_once_both_keep_the_same(source, data):
    for _run in range(2):
        KeptCluster(BINARIES).keep(data)
    assert [folder.name for folder in kept_cluster.FOLDER.iterdir()] == [KeptCluster(BINARIES).folder.name]


def test_what_python_compiled_does_not_count(source, data, tmp_path):
    KeptCluster(BINARIES).keep(data)
    compiled = tmp_path / "s4jr" / "content" / "__pycache__" / "files.pyc"
    compiled.parent.mkdir(parents=True)
    compiled.write_text("compiled")
    assert KeptCluster(BINARIES).exists()


def test_another_postgresql_makes_its_own(source, data):
    KeptCluster(BINARIES).keep(data)
    assert not KeptCluster(Path("/elsewhere/bin")).exists()


@pytest.mark.parametrize(
    "path", ["chapters/models/meeting.py", "s4jr/mail/models.py", "pages/seeds.py", "s4jr/accounts/roles.py"]
)
def test_what_decides_the_first_rows_counts_too(source, data, tmp_path, path):
    assert (Path(__file__).parents[1] / path).exists()
    KeptCluster(BINARIES).keep(data)
    added = tmp_path / path
    added.parent.mkdir(parents=True, exist_ok=True)
    added.write_text("changed")
    assert not KeptCluster(BINARIES).exists()
