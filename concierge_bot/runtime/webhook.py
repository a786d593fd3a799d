"""The webhook: Telegram brings updates itself, and proves with the secret that it is Telegram."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from itertools import chain, repeat
from urllib.parse import urlsplit

from aiohttp import web

from concierge_bot.runtime.bot_api import BotApi, BotApiError, WireError
from concierge_bot.runtime.intake import Intake
from concierge_bot.runtime.patience import place_of
from concierge_bot.runtime.updates import ALLOWED_UPDATES

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
LARGEST_BODY = 1 << 20
LAST_SECONDS = 1.0
"""How long requests under way may take when the concierge stops."""
PAUSES = (0.5, 1, 2, 5, 10, 30)
LOOK = 5.0
"""Seconds between two signs of life."""
LOOKS_PER_CHECK = 12
"""After so many of them Telegram is asked whether it still knows where the door is."""


class Webhook:
    """An HTTP server for Telegram, on the address of the settings."""

    def __init__(self, intake: Intake, url: str, secret: str) -> None:
        self._intake, self._url, self._secret = intake, url, secret
        application = web.Application(client_max_size=LARGEST_BODY)
        application.router.add_post(urlsplit(url).path or "/", self._receive)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=LAST_SECONDS)

    async def listen(self, host: str, port: int, *, shared: bool = False) -> None:
        """Opens the door; several intakes of one machine may share it. Raises OSError where the port is taken."""
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port, reuse_port=shared or None).start()

    async def keep_open(self, api: BotApi) -> None:
        """Tells Telegram where the door is, and sees to it now and then that Telegram still knows."""
        await self._announce(api)
        while True:
            for _ in range(LOOKS_PER_CHECK):
                await self._intake.beat()
                await asyncio.sleep(LOOK)
            try:
                known = await api.call("getWebhookInfo")
            except (BotApiError, WireError) as error:
                log.info("the webhook could not be checked: %s", error)
            else:
                if not isinstance(known, dict) or known.get("url") != self._url:
                    log.warning("the webhook was taken away: it is set again")
                    await self._announce(api)

    async def _announce(self, api: BotApi) -> None:
        for pause in chain(PAUSES, repeat(PAUSES[-1])):
            try:
                await api.call("setWebhook", url=self._url, secret_token=self._secret, allowed_updates=ALLOWED_UPDATES)
            except (BotApiError, WireError) as error:
                log.warning("the webhook is not set (%s), next try in %s s", error, pause)
                await asyncio.sleep(pause)
            else:
                return

    async def stop(self) -> None:
        """Stops listening; requests under way are answered first."""
        await self._runner.cleanup()

    async def _receive(self, request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            return web.Response(status=403)
        try:
            raw = json.loads(await request.read())
        except (ValueError, RecursionError):
            return web.Response(status=400)
        try:
            await self._intake.accept([raw])
        except Exception as error:
            log.warning("an update could not be kept: %s", place_of(error))
            return web.Response(status=503)
        return web.Response()
