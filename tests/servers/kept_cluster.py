"""The PostgreSQL cluster of an earlier run, migrated and without a test's rows: copied in a second, made in six.

`./dev test <tests>` uses it; a run of everything makes its own.
"""

import hashlib
import os
import shutil
import subprocess

from tooling.static_files import ROOT

FOLDER = ROOT / ".cache" / "postgres"
#: How the name of a copy begins until it is whole.
UNFINISHED = "unfinished-"
#: What decides how `migrate` leaves a new database. The first rows come from these too.
MADE_FROM = (
    "requirements-dev.txt",
    "pages/seeds.py",
    "*/apps.py",
    "*/*/apps.py",
    "*/*/roles.py",
    "*/models.py",
    "*/*/models.py",
    "*/models/*.py",
    "*/migrations/*.py",
    "*/*/migrations/*.py",
    "*/content/**/*.*",
)


class KeptCluster:
    """The cluster for today's migrations and these binaries: `.exists()`, `.copy_to(data)`, `.keep(data)`."""

    def __init__(self, binaries):
        self.folder = FOLDER / _fingerprint(binaries)

    def exists(self):
        return self.folder.exists()

    def copy_to(self, data):
        _copy(self.folder, data)

    def keep(self, data):
        """`data` belongs to a server that was stopped. Clusters for earlier migrations are deleted."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        earlier = [folder for folder in FOLDER.iterdir() if not folder.name.startswith(UNFINISHED)]
        unfinished = FOLDER / f"{UNFINISHED}{os.getpid()}"
        _copy(data, unfinished)
        try:
            unfinished.rename(self.folder)
        except OSError:  # another run was faster
            shutil.rmtree(unfinished)
        for folder in {*earlier} - {self.folder}:
            shutil.rmtree(folder, ignore_errors=True)


def _fingerprint(binaries):
    content = hashlib.sha256(str(binaries).encode())
    for path in sorted({path for pattern in MADE_FROM for path in ROOT.glob(pattern) if _counts(path)}):
        content.update(str(path).encode() + path.read_bytes())
    return content.hexdigest()[:16]


def _counts(path):
    return path.is_file() and "__pycache__" not in path.parts


def _copy(source, target):
    """With the owner of each file, which PostgreSQL insists on."""
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)
