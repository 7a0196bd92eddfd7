"""Runs the site as docs/deploy.md describes it for several machines: web servers behind the proxy, over HTTPS."""

import sys
from contextlib import ExitStack

from tests.attack.proxy import Proxy
from tests.servers.process import WARNINGS, Program, free_ports, listens
from tooling.static_files import collect_static


class Web:
    """One of several web servers."""

    def __init__(self, folder, environment, port, threads=4):
        self.port, self.environment = port, {**environment, "PYTHONWARNINGS": WARNINGS}
        granian = [sys.executable, "-m", "s4jr.server", "--interface", "wsgi", "s4jr.wsgi:application"]
        address = ["--host", "127.0.0.1", "--port", str(port), "--blocking-threads", str(threads)]
        self.program = Program([*granian, *address], folder / f"web-{port}.log", self.environment)

    def start(self):
        collect_static(self.environment)
        self.program.start()
        self.program.wait_until(lambda: listens(self.port))


class Deployment:
    """Runs `webs` web servers behind one proxy, with one database.

    `url` is the URL of the site, `port` the port of the proxy.
    """

    def __init__(self, folder, environment, webs):
        ports = free_ports(webs)
        self.proxy = Proxy(folder / "proxy", ports)
        self.port, self.url = self.proxy.port, f"https://127.0.0.1:{self.proxy.port}"
        more = {"SITE_URL": self.url, "EMAIL_LINK_URL": self.url, "TRUSTED_PROXY_COUNT": "1"}
        self.environment = {**environment, **more}
        self.webs = [Web(folder, self.environment, port) for port in ports]

    def __enter__(self):
        with ExitStack() as started:
            for part in (*self.webs, self.proxy):
                started.callback(part.program.stop)
                part.start()
            self._started = started.pop_all()
        return self

    def __exit__(self, *error):
        self._started.close()
