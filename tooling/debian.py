"""Installs missing Debian packages if permitted."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path


def apt_get_install(*packages):
    """Install as root on Debian and its derivatives; elsewhere do nothing, and the caller reports what is missing."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    quiet = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, "capture_output": True, "check": False}
    with _one_at_a_time():
        subprocess.run(["apt-get", "update"], **quiet)
        subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", *packages], **quiet)


@contextmanager
def _one_at_a_time():
    """apt-get fails at once if another process holds its lists, as when two test processes need the same package."""
    with (Path(tempfile.gettempdir()) / "s4jr-apt-get.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
