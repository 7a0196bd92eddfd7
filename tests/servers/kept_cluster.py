"""The PostgreSQL cluster of an earlier run, migrated and without a test's rows: copied in a second, made in six.

`./dev test <tests>` uses it; a run of everything makes its own.
"""

import hashlib
import os
import shutil
import subprocess

from tooling.static_files import ROOT

FOLDER = ROOT / ".cache" / "postgres"
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
    """The cluster for today's migrations and these binaries: `.copy_to(data)`, `.keep(data)`."""

    def __init__(self, binaries):
        self.folder = FOLDER / _fingerprint(binaries)

    def copy_to(self, data):
        """Returns False if there is none yet."""
        if not self.folder.exists():
            return False
        _copy(self.folder, data)
        return True

    def keep(self, data):
        """`data` belongs to a server that was stopped. Clusters for earlier migrations are deleted."""
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir(parents=True)
        unfinished = FOLDER / f"{os.getpid()}"
        _copy(data, unfinished)
        unfinished.rename(self.folder)


def _fingerprint(binaries):
    content = hashlib.sha256(str(binaries).encode())
    for path in sorted({path for pattern in MADE_FROM for path in ROOT.glob(pattern) if path.is_file()}):
        content.update(str(path).encode() + path.read_bytes())
    return content.hexdigest()[:16]


def _copy(source, target):
    """With the owner of each file, which PostgreSQL insists on."""
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)
