"""`./dev run`: the production code path on this machine alone, with keys and folders of its own.

In Python and not sh, because sh can neither give its children a process group of their own nor wait for the first of
several to end: both are needed to leave no process behind.
"""

import http.client
import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from tooling.compile_messages import compile_messages
from tooling.new_keys import as_lines, new_keys
from tooling.static_files import ROOT, collect_static

READY_WITHIN_SECONDS = 60
STOPPED_WITHIN_SECONDS = 10


def main():
    for number in (signal.SIGINT, signal.SIGTERM):  # SIGINT is ignored in what a script starts with `&`
        signal.signal(number, _interrupt)
    os.umask(0o077)
    try:
        port, var_dir = _port(), Path(os.environ.get("VAR_DIR") or ROOT / "var")
        _refuse_a_busy_port(port)
        _make_folders(var_dir)
        os.environ.update(_environment(port, var_dir))
        sign_in = _prepare()
        with Children(_commands(port)) as children:
            _wait_for_the_page(port, children)
            _say(_welcome(port, var_dir, sign_in))
            return children.wait_for_the_first_to_end()
    except KeyboardInterrupt:
        return 0
    except GiveUp as reason:
        _say(str(reason), to=sys.stderr)
        return 1


class GiveUp(Exception):
    """Carries one sentence for the user when the site cannot start."""


def _interrupt(signum, frame):
    raise KeyboardInterrupt


def _say(text, to=sys.stdout):
    to.write(f"{text}\n")
    to.flush()


def _port():
    given = os.environ.get("PORT") or "8000"
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise GiveUp(f"PORT must be a number from 1 to 65535, not {given!r}.")
    return int(given)


def _refuse_a_busy_port(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            reason = f"Port {port} cannot be used ({error.strerror})."
            raise GiveUp(f"{reason} Try another: PORT={port + 1} ./dev run") from None


def _make_folders(var_dir):
    """Folders and keys that only their owner can read; keys are written once, since without them the data is lost."""
    try:
        for folder in (var_dir, var_dir / "mail", var_dir / "broker", var_dir / "broker-control"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (var_dir / ".writable").touch()
        (var_dir / ".writable").unlink()
        if not (var_dir / "settings.env").exists():
            _write_keys(var_dir / "settings.env")
    except OSError as error:
        reason = f"The folder {var_dir} cannot be written to ({error.strerror})."
        raise GiveUp(f"{reason} Name another with VAR_DIR.") from None


def _write_keys(path):
    """Write to a temporary name first, so that an interrupted first run leaves no partial file."""
    aside = path.with_suffix(".new")
    aside.unlink(missing_ok=True)
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(as_lines({**new_keys(), "STAFF_SECOND_FACTOR": "off"}))
    aside.rename(path)


def _environment(port, var_dir):
    return {
        "DJANGO_SETTINGS_MODULE": "s4jr.settings",
        "DEBUG": "off",
        "PORT": str(port),
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser",  # minimal machines have only root
        "SITE_URL": f"http://127.0.0.1:{port}",
        "VAR_DIR": str(var_dir),
    }


def _prepare():
    """Update files and database; returns the first admin's sign-in, or "" if a user exists."""
    compile_messages()
    collecting = _InTheBackground(collect_static, dict(os.environ))
    sign_in = _prepare_the_database()
    collecting.result()
    return sign_in


def _prepare_the_database():
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError, call_command
    from django.db import DatabaseError, connections

    said = io.StringIO()
    try:
        django.setup()
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("invite_admin", first=True, stdout=said)
    except (ImproperlyConfigured, CommandError, DatabaseError) as error:
        raise GiveUp(f"The database could not be made ready: {error}") from None
    finally:
        connections.close_all()
    return said.getvalue().strip()


class _InTheBackground(threading.Thread):
    """One call in a thread of its own, whose error is raised when its result is requested."""

    def __init__(self, function, *args):
        super().__init__(daemon=True)
        self.function, self.args, self.error = function, args, None
        self.start()

    def run(self):
        try:
            self.function(*self.args)
        except (subprocess.CalledProcessError, OSError) as error:
            self.error = error

    def result(self):
        self.join()
        if self.error:
            raise GiveUp(f"The static files could not be collected: {getattr(self.error, 'stderr', self.error)}")


def _commands(port):
    """The same three that docker-compose.yml starts."""
    web = [sys.executable, "-m", "s4jr.server", "--interface", "wsgi", "s4jr.wsgi:application"]
    celery = ["celery", "-A", "s4jr", "--quiet"]
    return {
        "web": [*web, "--host", "127.0.0.1", "--port", str(port), "--blocking-threads", "2", "--log-level", "warning"],
        "worker": [*celery, "worker", "--pool", "solo", "--without-gossip", "--without-mingle"],
        # No schedule file: if stopped while opening it, celery opens it again, which fails.
        "beat": [*celery, "beat", "--scheduler", "celery.beat:Scheduler", "--pidfile="],
    }


class Children:
    """Processes in one group of their own: all are stopped on exit, together with their own children."""

    def __init__(self, commands):
        self.commands, self.processes, self.group = commands, {}, 0

    def __enter__(self):
        programs = Path(sys.executable).parent
        for name, (program, *arguments) in self.commands.items():
            process = subprocess.Popen([programs / program, *arguments], cwd=ROOT, process_group=self.group)
            self.group = self.group or process.pid
            self.processes[name] = process
        return self

    def __exit__(self, *error):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for process in self._running():
            process.terminate()
        deadline = time.monotonic() + STOPPED_WITHIN_SECONDS
        while self._running() and time.monotonic() < deadline:
            time.sleep(0.05)
        self._kill_what_is_left()

    def ended(self):
        """A sentence about a child that ended by itself; "" while all run."""
        for name, process in self.processes.items():
            if process.poll() is not None:
                return f"The {name} process ended (exit code {process.returncode}), so everything was stopped."
        return ""

    def wait_for_the_first_to_end(self):
        while not (sentence := self.ended()):
            time.sleep(0.2)
        raise GiveUp(sentence)

    def _running(self):
        return [process for process in self.processes.values() if process.poll() is None]

    def _kill_what_is_left(self):
        """A killed child leaves its own children behind, but they are in the group."""
        try:
            os.killpg(self.group, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):  # macOS says the latter of a group of zombies
            return


def _wait_for_the_page(port, children):
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while not _answers(port):
        if sentence := children.ended():
            raise GiveUp(sentence)
        if time.monotonic() > deadline:
            raise GiveUp(f"The home page did not answer within {READY_WITHIN_SECONDS} seconds.")
        time.sleep(0.1)


def _answers(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def _welcome(port, var_dir, sign_in):
    lines = [
        f"Ready: http://127.0.0.1:{port}/",
        f"Emails land in {var_dir / 'mail'}, one file each.",
        *([sign_in] if sign_in else []),
        "Signing in asks for no second step here, because only this machine can reach the site.",
        "Ctrl-C stops everything.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
