"""A real Celery worker and a real beat, each a program of its own, as every deployment has them."""

import sys
from pathlib import Path

from tests.servers.process import WARNINGS, Program

CELERY = [str(Path(sys.executable).parent / "celery"), "-A", "s4jr"]


class CeleryProcesses:
    def __init__(self, folder, environment):
        environment = {**environment, "PYTHONWARNINGS": WARNINGS}
        log = "--loglevel=INFO"
        worker = [*CELERY, "worker", "--concurrency=1", "--without-gossip", "--without-mingle", log]
        beat = [*CELERY, "beat", "-s", str(folder / "beat"), "--pidfile=", log]
        self.worker = Program(worker, folder / "worker.log", environment)
        self.beat = Program(beat, folder / "beat.log", environment)

    def start(self):
        self.worker.log.unlink(missing_ok=True)
        self.worker.start()
        self.beat.start()
        self.worker.wait_until(lambda: " ready." in self.worker.output())

    def stop(self):
        self.beat.stop()
        self.worker.stop()
