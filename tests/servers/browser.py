"""Finds a Chromium for the end-to-end tests, or installs one. A missing browser is an error, never a skip."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.servers.process import MissingPart
from tooling.debian import apt_get_install

ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
#: Chromium without a window or a cache of pages for Back: most tests take half the time in it.
HEADLESS_SHELL = "chromium-headless-shell"
ON_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "msedge")
FONTS = "fonts-dejavu-core"
MAC_APPS = ("Google Chrome", "Chromium", "Microsoft Edge")


def find_or_install_browser(playwrights_own):
    """The path of a browser. Raises MissingPart when there is none and none can be installed."""
    chosen = os.environ.get("TEST_BROWSER")
    if chosen and not shutil.which(chosen):
        raise MissingPart(f"TEST_BROWSER is {chosen}, which is not a program. Unset it, or name a Chromium.")
    return chosen or _installed(playwrights_own) or _from_playwright(playwrights_own) or _from_debian()


def find_or_install_headless_shell(playwrights_own):
    """The path of Chromium's headless shell; of a whole browser when one was chosen, or when there is no shell."""
    if os.environ.get("TEST_BROWSER"):
        return find_or_install_browser(playwrights_own)
    if not shutil.which(HEADLESS_SHELL):
        apt_get_install(HEADLESS_SHELL, FONTS)
    return shutil.which(HEADLESS_SHELL) or find_or_install_browser(playwrights_own)


def _installed(playwrights_own):
    apps = [f"/Applications/{name}.app/Contents/MacOS/{name}" for name in MAC_APPS]
    return next(filter(None, map(shutil.which, (playwrights_own, *ON_PATH, *apps))), None)


def _from_playwright(playwrights_own):
    # A closed network drops the connection without a word: do not wait long for it.
    environment = {**os.environ, "PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "5000"}
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    subprocess.run(command, env=environment, capture_output=True, check=False)
    return shutil.which(playwrights_own)


def _from_debian():
    apt_get_install("chromium", FONTS)
    found = shutil.which("chromium")
    if not found:
        raise MissingPart("No browser was found. Install one with: .venv/bin/playwright install --with-deps chromium")
    return found


def ready_playwright():
    """Playwright brings its own node, which slim images cannot start without libatomic1."""
    node = Path(importlib.util.find_spec("playwright").origin).parent / "driver" / "node"
    if _starts(node):
        return
    apt_get_install("libatomic1")
    if not _starts(node):
        raise MissingPart("Playwright cannot start. Install what it lacks with: apt-get install libatomic1")


def _starts(program):
    return subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0
