"""The webhook: Telegram posts updates, and proves its identity with the secret."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Mapping
from itertools import chain, repeat
from urllib.parse import urlsplit

from aiohttp import web

from concierge_bot.runtime.installation import ConciergeError
from concierge_bot.runtime.intake.conflicts import Conflicts
from concierge_bot.runtime.intake.http_server import HttpServer
from concierge_bot.runtime.intake.intake import Intake
from concierge_bot.runtime.retries import place_of
from concierge_bot.runtime.telegram.bot_api import BotApi, BotApiError, WireError
from concierge_bot.runtime.telegram.updates import ALLOWED_UPDATES
from storage.engine.json_text import read

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
LARGEST_BODY = 1 << 20
BODY_SECONDS = 10.0
"""Seconds that a body may take to come in."""
PAUSES = (0.5, 1, 2, 5, 10, 30)
LOOK = 5.0
"""Seconds between two heartbeats."""
LOOKS_PER_CHECK = 12
"""The number of heartbeats between two checks of the webhook's address with Telegram."""


class Webhook:
    """An HTTP server for Telegram, on the address of the settings."""

    def __init__(self, intake: Intake, url: str, secret: str) -> None:
        self._intake, self._url, self._secret = intake, url, secret
        self._path = urlsplit(url).path or "/"
        self._conflicts = Conflicts(intake.desks)
        self._server = HttpServer(self._receive, intake.cut_off)

    async def listen(self, host: str, port: int, *, shared: bool = False) -> None:
        """Listens; several intakes of one machine may share the port. Raises ConciergeError where it cannot."""
        try:
            await self._server.open(host, port, shared=shared)
        except OSError as error:
            said = f"The concierge cannot listen on CONCIERGE_WEBHOOK_LISTEN: {error.strerror}."
            raise ConciergeError(said) from None

    async def keep_open(self, api: BotApi) -> None:
        """Sets the webhook with Telegram, then checks it about every minute and sets it again where it is gone."""
        await self._announce(api)
        while True:
            for _ in range(LOOKS_PER_CHECK):
                self._intake.came_round()
                await self._intake.beat()
                await asyncio.sleep(LOOK)
            try:
                known = await api.call("getWebhookInfo")
            except (BotApiError, WireError) as error:
                log.info("the webhook could not be checked: %s", str(error))
            else:
                if not isinstance(known, dict) or known.get("url") != self._url:
                    log.warning("the webhook was taken away: it is set again")
                    await self._conflicts.other_webhook()
                    await self._announce(api)
                else:
                    await self._conflicts.quiet()

    async def _announce(self, api: BotApi) -> None:
        for pause in chain(PAUSES, repeat(PAUSES[-1])):
            self._intake.came_round()
            try:
                await api.call("setWebhook", url=self._url, secret_token=self._secret, allowed_updates=ALLOWED_UPDATES)
            except (BotApiError, WireError) as error:
                log.warning("the webhook is not set (%s), next try in %s s", str(error), pause)
                self._intake.failed(error)
                await asyncio.sleep(pause)
            else:
                return

    async def stop(self) -> None:
        """Stops listening; requests under way are answered first."""
        await self._server.close()

    async def _receive(self, request: web.BaseRequest) -> web.Response:
        if request.path != self._path:
            return self._turned_away(404)
        if request.method != "POST":
            return self._turned_away(405, {"Allow": "POST"})
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), self._secret.encode()):
            return self._turned_away(403)
        self._server.know(request)
        if (request.content_length or 0) > LARGEST_BODY:
            return web.Response(status=413)
        return await self._take(request)

    def _turned_away(self, status: int, headers: Mapping[str, str] | None = None) -> web.Response:
        """Answers a stranger. It is counted and nothing else, so that no sender of many fills a disk."""
        self._intake.forged()
        return web.Response(status=status, headers=headers)

    async def _take(self, request: web.BaseRequest) -> web.Response:
        try:
            async with asyncio.timeout(BODY_SECONDS):
                raw = read(await request.read())
        except TimeoutError:
            return web.Response(status=408)
        except (ValueError, RecursionError):
            return web.Response(status=400)
        try:
            await self._intake.accept([raw])
        except Exception as error:
            log.warning("an update could not be kept: %s", place_of(error))
            self._intake.failed(error)
            return web.Response(status=503)
        return web.Response()
