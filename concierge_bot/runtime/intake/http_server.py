"""An HTTP server that strangers reach: it bounds the resources that any client may hold, known or not."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from concierge_bot.runtime.retries import place_of

MOST_CONNECTIONS = 200
"""The most open connections: more than Telegram and a proxy need, fewer than a process may have open files."""
FIRST_SECONDS = 10.0
"""Seconds from a new connection until the head of its first request."""
IDLE_SECONDS = 65.0
"""Seconds between two requests on a connection: more than a proxy keeps one, or the two would cross."""
LINGER_SECONDS = 2.0
"""Seconds for which the rest of a request is still read after its answer was sent."""
LAST_SECONDS = 1.0
"""Seconds that requests under way may take when the concierge stops."""

log = logging.getLogger(__name__)
silent = logging.getLogger(f"{__name__}.silent")
silent.setLevel(logging.CRITICAL + 1)
"""What the library would say: a traceback for each request that is no HTTP."""

Answer = Callable[[web.BaseRequest], Awaitable[web.Response]]


@dataclass
class Connection:
    """An open connection."""

    transport: asyncio.Transport
    deadline: asyncio.TimerHandle
    has_asked: bool = False
    is_busy: bool = False
    is_known: bool = False
    """Whether whoever is at its other end has proven an identity."""


class BoundedServer(web.Server):
    """A server with at most MOST_CONNECTIONS, where those that are silent make room for new ones.

    The connections are held in the order of their last request: the one that was silent longest goes first, and one
    whose other end is known only where there is no stranger.
    """

    def __init__(self, answer: Answer, cut_off: Callable[[str], None], **options: Any) -> None:
        """Makes a server; `cut_off` hears why a connection was cut off."""
        super().__init__(self._answered, **options)
        self._answer, self._tell = answer, cut_off
        self._open: dict[RequestHandler, Connection] = {}

    def connection_made(self, handler: RequestHandler, transport: asyncio.Transport) -> None:
        """Takes a connection; cuts off a silent one where there are too many, or this one where none is silent."""
        super().connection_made(handler, transport)
        loop = asyncio.get_running_loop()
        if len(self._open) >= MOST_CONNECTIONS and not self._make_room():
            self._tell("full")
            loop.call_soon(transport.abort)  # the library has still to begin with it
            return
        deadline = loop.call_later(FIRST_SECONDS, self._expect, handler)
        self._open[handler] = Connection(transport, deadline)

    def connection_lost(self, handler: RequestHandler, exc: BaseException | None = None) -> None:
        """Forgets a connection."""
        super().connection_lost(handler, exc)
        found = self._open.pop(handler, None)
        if found is not None:
            found.deadline.cancel()

    def know(self, request: web.BaseRequest) -> None:
        """Records that whoever sent the request has proven an identity."""
        found = self._open.get(request.protocol)
        if found is not None:
            found.is_known = True

    async def _answered(self, request: web.BaseRequest) -> web.Response:
        found = self._open.get(request.protocol)
        if found is None:
            return await self._answer(request)
        found.has_asked = found.is_busy = True
        try:
            return await self._answer(request)
        finally:
            found.is_busy = False
            if self._open.pop(request.protocol, None) is not None:
                self._open[request.protocol] = found

    def _make_room(self) -> bool:
        """Cuts off the connection that was silent longest. Returns False where all are at work."""
        silent = [(handler, found) for handler, found in self._open.items() if not found.is_busy]
        if not silent:
            return False
        self._cut_off(min(silent, key=lambda pair: pair[1].is_known)[0], "silent")
        return True

    def _expect(self, handler: RequestHandler) -> None:
        found = self._open.get(handler)
        if found is not None and not found.has_asked:
            self._cut_off(handler, "late")

    def _cut_off(self, handler: RequestHandler, reason: str) -> None:
        found = self._open.pop(handler)
        found.deadline.cancel()
        self._tell(reason)
        found.transport.abort()


class HttpServer:
    """A listener on one address that answers each request by one function."""

    def __init__(self, answer: Answer, cut_off: Callable[[str], None]) -> None:
        """Makes a listener; `cut_off` hears why a connection was cut off: one of CUT_OFF_REASONS."""
        self._answer, self._cut_off = answer, cut_off
        self._server: BoundedServer | None = None
        self._runner: web.ServerRunner | None = None

    async def open(self, host: str, port: int, *, shared: bool = False) -> None:
        """Listens; several processes of one machine may share the port. Raises OSError where the port is taken."""
        # Nothing is unpacked: a small body could become a large one before anybody asked for its secret.
        self._server = BoundedServer(
            self._answered,
            self._cut_off,
            logger=silent,
            access_log=None,
            keepalive_timeout=IDLE_SECONDS,
            lingering_time=LINGER_SECONDS,
            auto_decompress=False,
        )
        self._runner = web.ServerRunner(self._server, shutdown_timeout=LAST_SECONDS)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port, reuse_port=shared or None).start()

    def know(self, request: web.BaseRequest) -> None:
        """Records that whoever sent the request has proven an identity: strangers make room before them."""
        if self._server is not None:
            self._server.know(request)

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
