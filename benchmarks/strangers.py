"""Strangers at the webhook, as a program of their own: `python -m benchmarks.strangers silent|forged PORT COUNT`."""

from __future__ import annotations

import asyncio
import resource
import sys
from contextlib import suppress

AGAIN = 1.0
"""Seconds after which a connection that was cut off is opened anew."""
LINES = 50
"""How many connections bring forged calls at the same time."""
HEAD = "POST /hook HTTP/1.1\r\nHost: x\r\nX-Telegram-Bot-Api-Secret-Token: {secret}\r\nContent-Length: {length}\r\n\r\n"
BODY = b'{"update_id": 1}'
FORGED = HEAD.format(secret="of-somebody-else-altogether", length=len(BODY)).encode() + BODY


async def be_silent(port: int, count: int) -> None:
    """Holds so many connections open and says nothing on them, until the process is killed."""
    await asyncio.gather(*(_stay(port) for _ in range(count)))


async def _stay(port: int) -> None:
    while True:
        with suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            await reader.read()
            writer.close()
        await asyncio.sleep(AGAIN)


async def forge(port: int, count: int) -> None:
    """Makes so many calls with a wrong secret, as fast as they are answered."""
    await asyncio.gather(*(_forge(port, count // LINES) for _ in range(LINES)))


async def _forge(port: int, count: int) -> None:
    while count > 0:
        with suppress(OSError, asyncio.IncompleteReadError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            while count > 0:
                writer.write(FORGED)
                await reader.readuntil(b"\r\n\r\n")
                count -= 1
            writer.close()


if __name__ == "__main__":
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run({"silent": be_silent, "forged": forge}[sys.argv[1]](int(sys.argv[2]), int(sys.argv[3])))
