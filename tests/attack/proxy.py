"""Runs nginx with the configuration file that compose ships, in front of the site; installs nginx if it is missing."""

import os
import re
import shutil
import ssl

from tests.servers.browser import apt_get_install
from tests.servers.certificate import write_certificate
from tests.servers.process import MissingPart, Program, free_ports, listens
from tooling.static_files import ROOT


class Proxy:
    """Runs nginx on `port` in front of the web servers on `ports`, all on loopback.

    It serves TLS with a self-signed certificate.
    """

    def __init__(self, folder, ports):
        self.folder, self.ports = folder, free_ports(3)
        self.port = self.ports[0]
        folder.mkdir()
        write_certificate(folder)
        (folder / "nginx.conf").write_text(self._configuration(ports))
        # As root, nginx runs its workers as a user who can't read a test's folder.
        rights = "user root;" if os.geteuid() == 0 else ""
        command = [find_or_install_nginx(), "-p", folder, "-c", folder / "nginx.conf", "-g", f"daemon off; {rights}"]
        self.program = Program(command, folder / "nginx.log")

    def start(self):
        self.program.start()
        self.program.wait_until(lambda: listens(self.port))

    def stop(self):
        self.program.stop()

    def _configuration(self, ports):
        """Returns the shipped file, with only the paths and names of this machine replaced."""
        here, plain, inside = self.ports
        servers = "\n".join(f"server 127.0.0.1:{port} max_fails=2 fail_timeout=5s;" for port in ports)
        put = {
            " /tmp/": f" {self.folder}/",
            r"server web:8000 .*;": servers,
            "listen 8443": f"listen 127.0.0.1:{here}",
            "listen 8080": f"listen 127.0.0.1:{plain}",
            "listen 127.0.0.1:8081": f"listen 127.0.0.1:{inside}",
            "example.org emails.example.net": "127.0.0.1",
            # A client of an IP address sends no server name in its handshake; nginx still selects by the Host header.
            "ssl_reject_handshake on;": "ssl_certificate /etc/s4jr/tls/fullchain.pem;"
            "ssl_certificate_key /etc/s4jr/tls/privkey.pem;",
            # Browsers omit only port 443 from the Host header; this port is part of the site's origin.
            r"Host \$host;": "Host $host:$server_port;",
            "/etc/s4jr/tls": str(self.folder),
        }
        text = (ROOT / "deploy" / "nginx.conf").read_text()
        for old, new in put.items():
            text, count = re.subn(old, new, text)
            assert count, f"deploy/nginx.conf holds no {old}"
        return text


def trusting():
    """Returns a TLS context for clients of this proxy that doesn't verify the certificate."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def find_or_install_nginx():
    for install in (lambda: None, lambda: apt_get_install("nginx-light")):
        install()
        if found := shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin:/opt/homebrew/bin"):
            return found
    raise MissingPart("No nginx was found. Install one with: apt-get install nginx-light")
