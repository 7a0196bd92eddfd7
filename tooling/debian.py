"""What a bare Debian lacks, installed where we may."""

import os
import shutil
import subprocess


def apt_get_install(*packages):
    """As root on Debian and its kin; elsewhere it does nothing, and the caller says what is missing."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    quiet = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, "capture_output": True, "check": False}
    subprocess.run(["apt-get", "update"], **quiet)
    subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", *packages], **quiet)
