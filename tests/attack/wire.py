"""Sends requests as bytes over a socket, because HTTP clients correct what these tests send wrong on purpose."""

import socket
import ssl
from contextlib import suppress

#: No response: the server closed the connection, which is a valid answer to bytes that are no request.
CLOSED = 0


def ask(port, request, *, hang_up=False, seconds=30, tls=None):
    """Returns the status of the response to these bytes, or CLOSED if there is none.

    Raises TimeoutError if the server sends nothing. `hang_up`: shut down our side, for a request that announces more
    bytes than it sends.
    """
    return answer(port, request, hang_up=hang_up, seconds=seconds, tls=tls)[0]


def answer(port, request, *, hang_up=False, seconds=30, tls=None):
    """Returns (status, all bytes) of the response to these bytes, which include `Connection: close`."""
    with _connect(port, seconds, tls) as wire:
        # The server may hang up after it has read enough, while we still send.
        with suppress(OSError):
            wire.sendall(request)
            if hang_up:
                wire.shutdown(socket.SHUT_WR)
        came = b"".join(_pieces(wire))
    return status_in(came), came


def status_in(came):
    """Returns the status of a raw response, after any "100 Continue"."""
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
    """Builds an HTTP/1.1 request; `headers` are (name, value) in bytes, in the given order, duplicates included."""
    lines = [b"%s %s HTTP/1.1" % (method, target), *(b"%s: %s" % header for header in headers), b"", b""]
    return b"\r\n".join(lines) + body
