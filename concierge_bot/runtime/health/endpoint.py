"""The endpoints for supervision: `GET /health` for restarts, `GET /metrics` for Prometheus."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from concierge_bot.desk.operations import gauges
from concierge_bot.desk.operations.gauges import Gauges
from concierge_bot.runtime.health.health import ANSWER_WITHIN, Health
from concierge_bot.runtime.installation import ConciergeError
from concierge_bot.runtime.units import Desks

FRESH_FOR = 1.0
"""Seconds for which one look into the database serves everybody who asks."""
OWN_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
LAST_SECONDS = 1.0
"""How long an answer under way may take when the concierge stops."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Status:
    """A small HTTP server beside the parts."""

    def __init__(self, desks: Desks, health: Health, *, public: bool = False) -> None:
        """Sets up the server; unless `public`, it refuses requests under a host name other than loopback's."""
        self._desks, self._health = desks, health
        self._gauges: Gauges | None = None
        self._looked_at = float("-inf")
        self._looking = asyncio.Lock()
        application = web.Application(middlewares=[] if public else [_refuse_strangers])
        application.router.add_get("/health", self._answer_health)
        application.router.add_get("/metrics", self._answer_metrics)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=LAST_SECONDS)

    async def start(self, host: str, port: int) -> None:
        """Listens on a host and port. Raises ConciergeError where it cannot."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            raise ConciergeError(f"The concierge cannot listen on CONCIERGE_HEALTH_LISTEN: {error.strerror}.") from None

    async def stop(self) -> None:
        """Stops listening."""
        await self._runner.cleanup()

    async def _answer_health(self, _request: web.Request) -> web.Response:
        verdict = await self._health.verdict()
        status = 200 if verdict.well else 503
        if verdict.database:
            return web.json_response({"well": False, "database": verdict.database}, status=status)
        since = {part: at.isoformat() for part, at in verdict.silent_since.items()}
        age = self._desks.liveness.canary_age()
        canary = {} if age is None else {"canary_age_seconds": round(age, 1)}
        return web.json_response({"well": verdict.well, "silent_since": since} | canary, status=status)

    async def _answer_metrics(self, request: web.Request) -> web.Response:
        found = await self._look()
        body, media_type = self._desks.journal.metrics.page(request.headers.get("Accept", ""), found)
        return web.Response(body=body, headers={"Content-Type": media_type})

    async def _look(self) -> Gauges | None:
        """Returns the gauges from the database, at most `FRESH_FOR` seconds old; None where it cannot be read."""
        async with self._looking:
            now = asyncio.get_running_loop().time()
            if now - self._looked_at >= FRESH_FOR:
                self._gauges = await self._look_anew()
                self._looked_at = now
            return self._gauges

    async def _look_anew(self) -> Gauges | None:
        machine_now = self._desks.clock.machine()
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                return await self._desks.look(lambda desk: gauges.read(desk, machine_now))
        except (SQLAlchemyError, TimeoutError):
            return None


@web.middleware
async def _refuse_strangers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuses requests under other host names, against DNS rebinding from a page in this machine's browser."""
    name = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    if name not in OWN_NAMES:
        return web.Response(status=403, text="This is answered on loopback only.\n")
    return await handler(request)
