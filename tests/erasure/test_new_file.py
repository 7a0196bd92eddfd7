"""A new file appears only when it is whole, never replaces anything, and leaves nothing when it is interrupted."""

import os
import signal
import subprocess
import sys

import pytest

from s4jr.erasure import new_file as this
from s4jr.erasure.new_file import new_file
from tooling.static_files import ROOT

#: What may have the name already. Each leaves it as it was.
TAKEN = {
    "file": lambda path: path.write_bytes(b"older"),
    "folder": lambda path: path.mkdir(),
    "pipe": os.mkfifo,
    "link": lambda path: path.symlink_to(path.with_name("elsewhere")),
    "link to a device": lambda path: path.symlink_to("/dev/null"),
}
WRITES = """
import sys
from pathlib import Path
from s4jr.erasure import new_file as this
if sys.argv[2] == "named":
    this._open_unnamed = lambda folder: None
with this.new_file(Path(sys.argv[1])) as file:
    file.write(b"half")
    file.flush()
    print("writing", flush=True)
    input()
"""


#: Only Linux makes a file without a name.
UNNAMED = ["unnamed"] if hasattr(os, "O_TMPFILE") else []


@pytest.fixture(params=[*UNNAMED, "named"])
def way(request, monkeypatch):
    """Both ways to write: a file without a name, and one with another name where the system can't make such a file."""
    if request.param == "named":
        monkeypatch.setattr(this, "_open_unnamed", lambda folder: None)
    return request.param


def write(path, then=lambda: None):
    with new_file(path) as file:
        file.write(b"newer")
        then()


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_it_has_its_name_when_it_is_whole(way, tmp_path):
    with new_file(tmp_path / "all.age") as file:
        file.write(b"whole")
        assert "all.age" not in contents(tmp_path)
    assert contents(tmp_path) == {"all.age": b"whole"}
    assert (tmp_path / "all.age").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("make", TAKEN.values(), ids=TAKEN)
def test_it_replaces_nothing(way, tmp_path, make):
    path = tmp_path / "all.age"
    make(path)
    before = os.lstat(path)
    with pytest.raises(FileExistsError):
        write(path)
    assert (os.listdir(tmp_path), os.lstat(path)) == (["all.age"], before)


def test_it_replaces_nothing_that_appeared_while_it_was_written(way, tmp_path):
    path = tmp_path / "all.age"
    with pytest.raises(FileExistsError):
        write(path, then=lambda: path.write_bytes(b"older"))
    assert contents(tmp_path) == {"all.age": b"older"}


def test_an_error_leaves_nothing(way, tmp_path):
    with pytest.raises(ZeroDivisionError):
        write(tmp_path / "all.age", then=lambda: 1 / 0)
    assert contents(tmp_path) == {}


def test_a_file_system_that_gives_no_second_name_works_too(tmp_path, monkeypatch):
    monkeypatch.setattr(this, "_open_unnamed", lambda folder: None)
    monkeypatch.setattr(os, "link", refuse)
    with new_file(tmp_path / "all.age") as file:
        file.write(b"whole")
    assert contents(tmp_path) == {"all.age": b"whole"}


def refuse(*_arguments):
    raise PermissionError(1, "Operation not permitted")


@pytest.mark.parametrize(
    ("way", "sent"),
    [*((way, signal.SIGKILL) for way in UNNAMED), *((way, signal.SIGTERM) for way in [*UNNAMED, "named"])],
)
def test_a_kill_leaves_nothing(tmp_path, way, sent):
    command = [sys.executable, "-c", WRITES, tmp_path / "all.age", way]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout.readline() == b"writing\n"
        child.send_signal(sent)
        child.wait()
    assert contents(tmp_path) == {}
