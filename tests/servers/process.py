"""Starting, watching and stopping one program."""

import contextlib
import os
import signal
import socket
import subprocess
import time

from tests.servers.reaper import REAPER

#: Warnings are errors in the programs too; `./dev newest` says otherwise. Celery warns root, which CI is, and may here.
WARNINGS = os.environ.get("TEST_WARNINGS", "error") + ",ignore:You're running the worker with superuser"


class MissingPart(Exception):
    """Something the tests need is not on this machine. Its message names the one command that installs it."""


class Program:
    """A program in a process group of its own, whose output goes to a file. Stopping it stops all it started."""

    def __init__(self, command, log, environment=None, **popen):
        self.command, self.log, self.environment, self.popen = command, log, environment, popen
        self.process = None

    def start(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.environment,
                start_new_session=True,
                **self.popen,
            )
        REAPER.watch(self.process.pid)

    def wait_until(self, question, seconds=30):
        """Wait until `question()` is true. Raises RuntimeError with the program's last words when it never is."""
        deadline = time.monotonic() + seconds
        while not question():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self.command[0]} did not become ready.\n{self.output()[-4000:]}")
            time.sleep(0.02)

    def output(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def stop(self, number=signal.SIGTERM, seconds=10):
        """End it politely, then surely. Does nothing when it has ended or never ran."""
        if self.process is None:
            return
        self._signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        self._signal(signal.SIGKILL)
        self.process.wait()
        REAPER.forget(self.process.pid)
        self.process = None

    def kill(self):
        self.stop(signal.SIGKILL)

    def _signal(self, number):
        try:
            os.killpg(self.process.pid, number)
        except (ProcessLookupError, PermissionError):
            return


def free_port():
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def free_ports(count):
    """So many ports, no two the same."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def listens(port):
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0
