"""Requests as bytes on a socket: no client here puts right what is meant to be wrong."""

import socket
import ssl
from contextlib import suppress

#: No answer at all: the connection was closed, which is an answer to bytes that are no request.
CLOSED = 0


def ask(port, request, *, hang_up=False, seconds=30, tls=None):
    """The status of the answer to these bytes; CLOSED where there was none. Raises TimeoutError when nothing comes.

    `hang_up`: say that no more will come, for a request that promises more than it holds.
    """
    return answer(port, request, hang_up=hang_up, seconds=seconds, tls=tls)[0]


def answer(port, request, *, hang_up=False, seconds=30, tls=None):
    """(status, all that came) of the answer to these bytes, which say `Connection: close` themselves."""
    with _connect(port, seconds, tls) as wire:
        # A server that has read enough may hang up while the rest is on its way.
        with suppress(OSError):
            wire.sendall(request)
            if hang_up:
                wire.shutdown(socket.SHUT_WR)
        came = b"".join(_pieces(wire))
    return status_in(came), came


def status_in(came):
    """The status of an answer in bytes, past any "100 Continue" before it."""
    if came.startswith(b"HTTP/1.1 100 "):
        came = came.partition(b"\r\n\r\n")[2]
    first = came.partition(b"\r\n")[0].split(b" ")
    return int(first[1]) if len(first) > 1 and first[1].isdigit() else CLOSED


def _connect(port, seconds, tls):
    wire = socket.create_connection(("127.0.0.1", port), timeout=seconds)
    return tls.wrap_socket(wire) if tls else wire


def _pieces(wire):
    with suppress(ConnectionResetError, ssl.SSLEOFError):
        while piece := wire.recv(65536):
            yield piece


def request(method, target, headers, body=b""):
    """One request of HTTP/1.1; `headers` are (name, value) in bytes, in the order and number they are given."""
    lines = [b"%s %s HTTP/1.1" % (method, target), *(b"%s: %s" % header for header in headers), b"", b""]
    return b"\r\n".join(lines) + body
