"""The site as deployments serve it: granian, DEBUG off, collected files."""

import sys

from tests.servers.process import WARNINGS, Program, listens
from tooling.static_files import collect_static


class Site:
    def __init__(self, folder, environment):
        self.environment = {**environment, "PYTHONWARNINGS": WARNINGS}
        self.url = environment["SITE_URL"]
        self.port = int(environment["PORT"])
        granian = [sys.executable, "-m", "s4jr.server", "--interface", "wsgi", "s4jr.wsgi:application"]
        address = ["--host", "127.0.0.1", "--port", str(self.port), "--blocking-threads", "2"]
        self.program = Program([*granian, *address], folder / "web.log", self.environment)

    def start(self):
        collect_static(self.environment)
        self.program.start()
        self.program.wait_until(lambda: listens(self.port))

    def stop(self):
        self.program.stop()

    def restart(self, **more):
        """Serve again from the same files, with these settings besides its own."""
        self.program.stop()
        self.program.environment = {**self.environment, **more}
        self.program.start()
        self.program.wait_until(lambda: listens(self.port))
