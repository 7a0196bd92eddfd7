"""What a bare Debian lacks, installed where we may."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path


def apt_get_install(*packages):
    """As root on Debian and its kin; elsewhere it does nothing, and the caller says what is missing."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    quiet = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, "capture_output": True, "check": False}
    with _one_at_a_time():
        subprocess.run(["apt-get", "update"], **quiet)
        subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", *packages], **quiet)


@contextmanager
def _one_at_a_time():
    """apt-get gives up at once where another one holds its lists, as when two test processes want the same part."""
    with (Path(tempfile.gettempdir()) / "s4jr-apt-get.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
