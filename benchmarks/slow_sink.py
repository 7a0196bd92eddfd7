"""A mail server that delays each email, as those of providers do; for `python -m aiosmtpd -c`."""

import asyncio

from aiosmtpd.handlers import Sink

SECONDS = 0.02


class SlowSink(Sink):
    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(SECONDS)
        return "250 OK"
