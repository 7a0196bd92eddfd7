"""A mail server that fails at random from a seed, and records what it accepted."""

import asyncio
import random
import re
import time
from collections import Counter
from dataclasses import dataclass

from aiosmtpd.smtp import SMTP

from tests.servers.smtp import HANG_UP, SmtpSink

#: Probabilities in percent. "takes" and "not" say whether the server has the email when the sender gets the reply.
AT_CONNECT = {"refuses": 6, "listens": 94}
AT_RCPT = {"drops at RCPT": 3, "450 4.2.0 later": 5, "250 OK": 92}
AFTER_DOT = {
    "421 4.3.2 closing": 3, "451 4.3.0 later": 4, "550 5.7.1 no": 2, "554 5.6.0 no": 2,
    "takes and hangs": 4, "takes and drops": 5, "drops, not taken": 3, "hangs, not taken": 2, "250 OK": 75,
}  # fmt: skip
ODDS = [AT_CONNECT, AT_RCPT, AFTER_DOT]
USUAL = ("listens", "250 OK")
#: Maximum delay in seconds between accepting an email and confirming it, so that a kill leaves its state unknown.
THINKS = 0.06
ID = re.compile(rb"^Message-ID: <([^@>]+)@", re.MULTILINE | re.IGNORECASE)
SUBJECT = re.compile(rb"^Subject: (.*)\r$", re.MULTILINE)


@dataclass(frozen=True)
class Taken:
    """A recorded email: time (`time.time()`), Message-ID, recipient and subject."""

    at: float
    number: str
    to: str
    subject: str


class Refusing(asyncio.Protocol):
    def connection_made(self, transport):
        transport.abort()


class WildSink(SmtpSink):
    """Records emails in `taken`.

    Between `rage()` and `calm()` it fails at random: `did` counts the failures, `met` the emails.
    """

    def __init__(self, port, seed, hangs_for):
        super().__init__(port)
        self.hangs_for, self.is_wild = hangs_for, False
        self.random = [random.Random(f"{seed} {odds}") for odds in ODDS]
        self.taken, self.did, self.met = [], Counter(), 0

    def rage(self):
        self.is_wild = True

    def calm(self):
        self.is_wild = False

    def stop_listening(self):
        """Stops listening, so that the kernel refuses connections as when no server runs; open connections continue."""
        self._in_loop(self._close())

    def listen_again(self):
        self._in_loop(self._open())

    def _in_loop(self, coroutine):
        asyncio.run_coroutine_threadsafe(coroutine, self.controller.loop).result(5)

    async def _close(self):
        self.controller.server.close()

    async def _open(self):
        make = self.controller._factory_invoker
        self.controller.server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", self.port)

    def _draw(self, odds):
        """Draws what happens now.

        Unless the sink is calm, the n-th connection, RCPT or email of a seed always gets the same result.
        """
        [drawn] = self.random[ODDS.index(odds)].choices(list(odds), list(odds.values()))
        if not self.is_wild or drawn in USUAL:
            return next(word for word in odds if word in USUAL)
        self.did[drawn] += 1
        return drawn

    def _connected(self):
        if self._draw(AT_CONNECT) == "refuses":
            return Refusing()
        return SMTP(self, hostname="sink.invalid", enable_SMTPUTF8=True, decode_data=False)

    async def handle_RCPT(self, server, session, envelope, address, options):
        drawn = self._draw(AT_RCPT)
        if drawn == "250 OK":
            envelope.rcpt_tos.append(address)
        return await self._give(HANG_UP if drawn.startswith("drops") else drawn, server)

    async def handle_DATA(self, server, session, envelope):
        self.met += self.is_wild
        drawn = self._draw(AFTER_DOT)
        if drawn.startswith(("250", "takes")):
            self.taken.append(self._record(envelope))
        await asyncio.sleep(self.hangs_for if "hangs" in drawn else THINKS * random.random())
        return await self._give(drawn if drawn[0].isdigit() else HANG_UP, server)

    def _record(self, envelope):
        raw = envelope.original_content
        number, subject = ID.search(raw)[1].decode(), SUBJECT.search(raw)[1].decode()
        return Taken(time.time(), number, envelope.rcpt_tos[0], subject)
