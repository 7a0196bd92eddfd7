"""A mail server that misbehaves on a seed and keeps its own record of what it took."""

import asyncio
import random
import re
import time
from collections import Counter
from dataclasses import dataclass

from aiosmtpd.smtp import SMTP

from tests.servers.smtp import HANG_UP, SmtpSink

#: How often out of a hundred it does what. "takes" and "not" say whether it has the email when the sender is told.
AT_CONNECT = {"refuses": 6, "listens": 94}
AT_RCPT = {"drops at RCPT": 3, "450 4.2.0 later": 5, "250 OK": 92}
AFTER_DOT = {
    "421 4.3.2 closing": 3, "451 4.3.0 later": 4, "550 5.7.1 no": 2, "554 5.6.0 no": 2,
    "takes and hangs": 4, "takes and drops": 5, "drops, not taken": 3, "hangs, not taken": 2, "250 OK": 75,
}  # fmt: skip
ODDS = [AT_CONNECT, AT_RCPT, AFTER_DOT]
USUAL = ("listens", "250 OK")
#: Seconds it thinks at most between having an email and saying so: what a kill then leaves is the doubt itself.
THINKS = 0.06
ID = re.compile(rb"^Message-ID: <([^@>]+)@", re.MULTILINE | re.IGNORECASE)
SUBJECT = re.compile(rb"^Subject: (.*)\r$", re.MULTILINE)


@dataclass(frozen=True)
class Taken:
    """One email in its record: when (`time.time()`), the number it bears, to whom and under which subject."""

    at: float
    number: str
    to: str
    subject: str


class Refusing(asyncio.Protocol):
    def connection_made(self, transport):
        transport.abort()


class WildSink(SmtpSink):
    """`taken` is its record. From `rage()` to `calm()` it is wild: `did` counts misdeeds, `met` emails."""

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
        """Connections are refused by the machine itself, as when no server runs; those that are open go on."""
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
        """What happens now: the n-th connection, RCPT or email of a seed always meets the same, unless it is calm."""
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
