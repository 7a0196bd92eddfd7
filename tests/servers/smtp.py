"""A real SMTP server that keeps every email it accepts and can be told to misbehave."""

import asyncio
import email
import email.policy
import time
from collections import defaultdict, deque
from dataclasses import dataclass

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

HANG_UP = "hang up"
SILENCE = "silence"


@dataclass(frozen=True)
class Delivery:
    """One accepted message: the envelope's addresses and the bytes between DATA and the final dot."""

    sender: str
    recipients: list[str]
    raw: bytes

    @property
    def email(self):
        return email.message_from_bytes(self.raw, policy=email.policy.default)


class SmtpSink:
    """Listens on loopback in a thread of this process.

    `answer("rcpt" | "data", reply)` sets what the next such command gets, once per call, in order: a reply such as
    "450 4.2.0 later", HANG_UP (the connection drops without a reply) or SILENCE (no reply until `clear()`). A "data"
    answer is given after the final dot. With `keep=True` the email is kept although the sender is told otherwise.
    `seconds` is how long it takes over each email, between having it and saying so. `takes_utf8`: whether it offers
    SMTPUTF8.
    """

    def __init__(self, port):
        self.port = port
        self.deliveries = []
        self.connections = 0
        self.seconds = 0
        self.takes_utf8 = True
        self.planned = defaultdict(deque)
        self.silence_over = None
        self.controller = None

    def _connected(self):
        self.connections += 1
        return SMTP(self, hostname="sink.invalid", enable_SMTPUTF8=self.takes_utf8, decode_data=False)

    def start(self):
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.factory = self._connected
        self.controller.start()

    def stop(self):
        self.clear()
        self.controller.stop(no_assert=True)

    @property
    def emails(self):
        """Every email kept, as `email.message.EmailMessage`, oldest first."""
        return [delivery.email for delivery in self.deliveries]

    def emails_to(self, address):
        return [delivery.email for delivery in self.deliveries if address in delivery.recipients]

    def wait_for(self, count, seconds=20):
        """The emails, once there are `count` of them. Raises TimeoutError, saying how many came."""
        deadline = time.monotonic() + seconds
        while len(self.deliveries) < count:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(self.deliveries)} of {count} letters arrived in {seconds} seconds")
            time.sleep(0.02)
        return self.emails

    def answer(self, command, reply, keep=False):
        self.planned[command].append((reply, keep))

    def clear(self):
        """Forget emails and plans, and end every silence."""
        self.deliveries.clear()
        self.connections = self.seconds = 0
        self.takes_utf8 = True
        self.planned.clear()
        if self.silence_over is not None:
            self.controller.loop.call_soon_threadsafe(self.silence_over.set)

    async def handle_RCPT(self, server, session, envelope, address, options):
        reply, _ = self._next("rcpt", "250 OK")
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
        return await self._give(reply, server)

    async def handle_DATA(self, server, session, envelope):
        reply, keep = self._next("data", "250 OK")
        if keep or reply.startswith("2"):
            self.deliveries.append(Delivery(envelope.mail_from, list(envelope.rcpt_tos), envelope.original_content))
        await asyncio.sleep(self.seconds)
        return await self._give(reply, server)

    def _next(self, command, usual):
        return self.planned[command].popleft() if self.planned[command] else (usual, False)

    async def _give(self, reply, server):
        if reply == SILENCE:
            self.silence_over = self.silence_over or asyncio.Event()
            await self.silence_over.wait()
            self.silence_over = None
        if reply in (SILENCE, HANG_UP):
            server.transport.abort()
            return "421 gone"
        return reply
