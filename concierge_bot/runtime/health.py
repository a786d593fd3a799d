"""A health endpoint on loopback: 200 while every part shows signs of life, 503 while one stands still."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from concierge_bot.desk import watchdog
from concierge_bot.runtime.desks import Desks


class Health:
    """Answers `GET /health` with the parts that stand still, and since when."""

    def __init__(self, desks: Desks) -> None:
        self._desks = desks
        application = web.Application()
        application.router.add_get("/health", self._answer)
        self._runner = web.AppRunner(application, access_log=None)

    async def start(self, host: str, port: int) -> None:
        """Listens. Raises OSError where the port is taken."""
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()

    async def stop(self) -> None:
        """Stops listening."""
        await self._runner.cleanup()

    async def _answer(self, _request: web.Request) -> web.Response:
        machine_now = self._desks.clock.machine()
        try:
            silent = await self._desks.run(lambda desk: watchdog.silent_parts(desk, machine_now))
        except SQLAlchemyError as error:
            return web.json_response({"well": False, "database": type(error).__name__}, status=503)
        since = {part: at.isoformat() for part, at in silent}
        return web.json_response({"well": not since, "silent_since": since}, status=503 if since else 200)
