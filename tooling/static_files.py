"""Collects static files for the served site, only if they changed: it takes seconds."""

import fcntl
import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = ROOT / ".static" / "staticfiles.json"
STAMP = ROOT / ".cache" / "static-files"


def collect_static(environment):
    """Run `collectstatic` in this environment unless nothing changed. Raises CalledProcessError with its output."""
    STAMP.parent.mkdir(exist_ok=True)
    with STAMP.open("a+") as stamp:
        fcntl.flock(stamp, fcntl.LOCK_EX)
        state = _state_of_the_sources()
        stamp.seek(0)
        if not MANIFEST.exists() or stamp.read() != state:
            command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
            subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
            stamp.truncate(0)
            stamp.write(state)


def _state_of_the_sources():
    """Changes with our own files and, through requirements.txt, with the packages that bring theirs."""
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in sorted([*ROOT.glob("static/**/*"), *ROOT.glob("*/static/**/*"), *ROOT.glob("s4jr/*/static/**/*")]):
        if path.is_file():
            digest.update(str(path).encode() + path.read_bytes())
    return digest.hexdigest()
