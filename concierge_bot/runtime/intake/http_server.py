"""An HTTP server that strangers reach: it bounds the resources that any client may hold, known or not."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from concierge_bot.runtime.retries import place_of

MOST_CONNECTIONS = 200
"""The most open connections: more than Telegram and a proxy need, fewer than a process may have open files."""
IDLE_SECONDS = 65.0
"""Seconds that a connection may stay without a whole request: more than a proxy keeps one, or the two would cross."""
LINGER_SECONDS = 2.0
"""Seconds for which the rest of a request is still read after its answer was sent."""
LAST_SECONDS = 1.0
"""Seconds that requests under way may take when the concierge stops."""

log = logging.getLogger(__name__)
silent = logging.getLogger(f"{__name__}.silent")
silent.setLevel(logging.CRITICAL + 1)
"""What the library would say: a traceback for each request that is no HTTP."""

Answer = Callable[[web.BaseRequest], Awaitable[web.Response]]


class BoundedServer(web.Server):
    """A server that aborts connections beyond MOST_CONNECTIONS."""

    open_connections = 0

    def connection_made(self, handler: RequestHandler, transport: asyncio.Transport) -> None:
        """Counts a new connection, and aborts it where there are too many."""
        super().connection_made(handler, transport)
        self.open_connections += 1
        if self.open_connections > MOST_CONNECTIONS:
            transport.abort()

    def connection_lost(self, handler: RequestHandler, exc: BaseException | None = None) -> None:
        """Counts a closed connection off."""
        super().connection_lost(handler, exc)
        self.open_connections -= 1


class HttpServer:
    """A listener on one address that answers each request by one function."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._runner: web.ServerRunner | None = None

    async def open(self, host: str, port: int, *, shared: bool = False) -> None:
        """Listens; several processes of one machine may share the port. Raises OSError where the port is taken."""
        # Nothing is unpacked: a small body could become a large one before anybody asked for its secret.
        server = BoundedServer(
            self._answered,
            logger=silent,
            access_log=None,
            keepalive_timeout=IDLE_SECONDS,
            lingering_time=LINGER_SECONDS,
            auto_decompress=False,
        )
        self._runner = web.ServerRunner(server, shutdown_timeout=LAST_SECONDS)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port, reuse_port=shared or None).start()

    async def _answered(self, request: web.BaseRequest) -> web.Response:
        try:
            return await self._answer(request)
        except web.HTTPException as answer:
            return web.Response(status=answer.status)
        except Exception as error:
            log.error("a request was not answered: %s", place_of(error))
            return web.Response(status=500)

    async def close(self) -> None:
        """Stops listening; requests under way are answered first."""
        if self._runner is not None:
            await self._runner.cleanup()
