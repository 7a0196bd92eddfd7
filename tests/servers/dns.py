"""A small authoritative DNS server on loopback, over UDP and TCP, that can be told to misbehave."""

import contextlib
import socket
import struct
import threading

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

SERVFAIL, SILENCE = "SERVFAIL", "silence"
LARGEST_UDP = 1232


class DnsServer:
    """Answers from `records`, a dict such as {"emails.example TXT": ["v=spf1 -all"], "slow.example": SILENCE}.

    A value is a list of the records' texts (TXT without quotation marks; a tuple is one record of several strings), or
    SERVFAIL or SILENCE, also for every type of a name. CNAMEs are followed. `queries` has each "name TYPE"
    but those of the root. With `is_closed` there is no root, as in networks that lead nowhere.
    """

    def __init__(self):
        self.records, self.queries = {}, []
        self.is_closed = False
        self._udp, self._tcp = self._bind()
        self._is_over = False
        self._threads = [threading.Thread(target=each, daemon=True) for each in (self._serve_udp, self._serve_tcp)]

    @property
    def where(self):
        """For DNS_SERVER: address and port."""
        return f"127.0.0.1:{self._udp.getsockname()[1]}"

    def start(self):
        for thread in self._threads:
            thread.start()

    def stop(self):
        self._is_over = True
        port = self._udp.getsockname()[1]
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waker:
            waker.sendto(b"", ("127.0.0.1", port))
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            pass
        for thread in self._threads:
            thread.join(5)
        self._udp.close()
        self._tcp.close()

    def _bind(self):
        """One port for both; another try if TCP's is taken."""
        while True:
            udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            udp.bind(("127.0.0.1", 0))
            tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tcp.bind(udp.getsockname())
            except OSError:
                udp.close()
                tcp.close()
            else:
                tcp.listen()
                return udp, tcp

    def _serve_udp(self):
        while True:
            raw, peer = self._udp.recvfrom(65535)
            if self._is_over:
                return
            response = self._answer(raw)
            if response is None:
                continue
            try:
                wire = response.to_wire(max_size=LARGEST_UDP)
            except dns.exception.TooBig:
                response.answer, response.flags = [], response.flags | dns.flags.TC
                wire = response.to_wire()
            self._udp.sendto(wire, peer)

    def _serve_tcp(self):
        while True:
            connection, _peer = self._tcp.accept()
            with connection:
                if self._is_over:
                    return
                connection.settimeout(2)
                with contextlib.suppress(OSError, struct.error):
                    (length,) = struct.unpack("!H", connection.recv(2))
                    response = self._answer(connection.recv(length))
                    if response is not None:
                        wire = response.to_wire()
                        connection.sendall(struct.pack("!H", len(wire)) + wire)

    def _answer(self, raw):
        query = dns.message.from_wire(raw)
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        if question.name == dns.name.root:
            response.set_rcode(dns.rcode.NXDOMAIN if self.is_closed else dns.rcode.NOERROR)
            return response
        self.queries.append(f"{name} {kind}")
        trouble = {str(self.records.get(key)) for key in (name, f"{name} {kind}")}
        if SILENCE in trouble:
            return None
        if SERVFAIL in trouble:
            response.set_rcode(dns.rcode.SERVFAIL)
            return response
        self._fill(response, name, kind)
        return response

    def _fill(self, response, name, kind):
        seen = set()
        while f"{name} CNAME" in self.records and kind != "CNAME" and name not in seen:
            seen.add(name)
            [target] = self.records[f"{name} CNAME"]
            response.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "CNAME", f"{target}."))
            name = target
        values = self.records.get(f"{name} {kind}")
        if values:
            texts = [_as_zone_text(kind, value) for value in values]
            response.answer.append(dns.rrset.from_text_list(f"{name}.", 60, "IN", kind, texts))
        elif not any(key.startswith(f"{name} ") for key in self.records):
            response.set_rcode(dns.rcode.NXDOMAIN)


def _as_zone_text(kind, value):
    if kind != "TXT":
        return value
    strings = value if isinstance(value, tuple) else [value[at : at + 255] for at in range(0, len(value), 255)] or [""]
    return " ".join('"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in strings)
