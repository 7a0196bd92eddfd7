"""A mail server that follows a script: at each step of the conversation it gives the reply that a test names.

Unlike the sink it speaks TLS, from the start or by STARTTLS, asks for a sign-in, and can fail before any recipient.
"""

import socketserver
import ssl
import threading
from collections import defaultdict, deque

#: Replies that are none: the connection drops; nothing comes until the client gives up.
HANGS_UP, SILENCE = "hangs up", "silence"
#: What EHLO does not offer if the script says so.
NO_STARTTLS, NO_AUTH = "no STARTTLS", "no AUTH"
USUALLY = {
    "banner": "220 mail.example", "EHLO": "250 mail.example", "STARTTLS": "220 go ahead", "AUTH": "235 2.7.0 welcome",
    "MAIL FROM": "250 2.1.0 OK", "RCPT TO": "250 2.1.5 OK", "DATA": "354 go on", "final dot": "250 2.0.0 taken",
}  # fmt: skip
STEP_OF = {"EHLO": "EHLO", "HELO": "EHLO", "STARTTLS": "STARTTLS", "AUTH": "AUTH", "MAIL": "MAIL FROM",
           "RCPT": "RCPT TO", "DATA": "DATA"}  # fmt: skip


class ScriptedSmtp(socketserver.ThreadingTCPServer):
    """Listens on loopback. `say(step, reply)` plans the next reply at a step; `messages` are those it accepted."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, certificate=None, implicit_tls=False):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.port = self.server_address[1]
        self.planned, self.messages, self.commands, self.lacks = defaultdict(deque), [], [], set()
        self.implicit_tls, self.tls = implicit_tls, None
        self.over = threading.Event()
        if certificate:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(certificate)

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *exc_info):
        self.over.set()
        self.shutdown()
        self.server_close()

    def say(self, step, *replies):
        self.planned[step].extend(replies)

    def handle_error(self, request, client_address):
        """A client that hangs up, or refuses our certificate, is what some tests want."""


class Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        if self.server.implicit_tls:
            self.encrypt()
        self.reply("banner")
        while line := self.rfile.readline():
            words = line.decode().strip()
            self.server.commands.append(words)
            self.follow(words.partition(" ")[0].upper())

    def follow(self, verb):
        if verb == "QUIT":
            self.send("221 2.0.0 bye")
        elif verb not in STEP_OF:
            self.send("250 2.0.0 OK")
        elif self.reply(STEP_OF[verb]) and verb == "STARTTLS":
            self.encrypt()
        elif self.was_good and verb == "DATA":
            self.take_message()

    def take_message(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        self.reply("final dot")
        if self.words.startswith("250"):
            self.server.messages.append(b"".join(lines))

    def reply(self, step):
        """Give the planned or the usual reply to a step. Returns whether it is a good one."""
        planned = self.server.planned[step]
        words = planned.popleft() if planned else USUALLY[step]
        if words == SILENCE:
            self.server.over.wait(10)
        if words in (SILENCE, HANGS_UP):
            raise ConnectionAbortedError
        self.words, self.was_good = words, words[0] in "23"
        self.send(self.with_offers(words) if step == "EHLO" and self.was_good else words)
        return self.was_good

    def with_offers(self, words):
        encrypted = isinstance(self.connection, ssl.SSLSocket)
        offers = {NO_STARTTLS: "STARTTLS"} if self.server.tls and not encrypted else {NO_AUTH: "AUTH PLAIN"}
        lines = [words[4:], *(offer for lack, offer in offers.items() if lack not in self.server.lacks), "SMTPUTF8"]
        return "\r\n".join([*(f"250-{line}" for line in lines[:-1]), f"250 {lines[-1]}"])

    def send(self, words):
        self.wfile.write(f"{words}\r\n".encode())

    def encrypt(self):
        super().finish()
        self.connection = self.request = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.setup()

    def finish(self):
        super().finish()
        self.connection.close()
