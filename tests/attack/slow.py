"""Connections that take as long as the server lets them: they send or read one byte at a time."""

import socket
from contextlib import suppress

HEAD = b"Host: 127.0.0.1:%d\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\n"


class SlowConnections:
    """Opens `count` slow connections of one kind to a port; `with` closes them all.

    `kind`: "header" never ends its header, "body" announces 60 KB and sends a few bytes, "read" requests a large file
    and reads none of it, "silent" sends nothing.
    """

    def __init__(self, port, kind, count, tls=None):
        self.port, self.kind, self.count, self.tls, self.wires = port, kind, count, tls, []

    def __enter__(self):
        for _ in range(self.count):
            self.wires.append(self._connect())
        return self

    def __exit__(self, *error):
        for wire in self.wires:
            wire.close()

    def _connect(self):
        wire = socket.socket()
        if self.kind == "read":
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)  # the kernel uses its minimum instead
        wire.settimeout(10)
        wire.connect(("127.0.0.1", self.port))
        wire = self.tls.wrap_socket(wire) if self.tls else wire
        wire.sendall(self._opening_bytes())
        return wire

    def _opening_bytes(self):
        host = HEAD % self.port
        return {
            "header": b"GET / HTTP/1.1\r\n" + host + b"X-Slow: a",
            "body": b"POST /join/ HTTP/1.1\r\n" + host + FORM + b"name=",
            "read": b"GET /static/css/site.css HTTP/1.1\r\n" + host + b"\r\n",
            "silent": b"",
        }[self.kind]

    def go_on(self):
        """Sends one more byte on each open connection and returns how many are still open."""
        return sum(self._send_more(wire) for wire in self.wires)

    def _send_more(self, wire):
        if self.kind in ("header", "body"):
            with suppress(OSError):
                return wire.send(b"a")
        return 0
