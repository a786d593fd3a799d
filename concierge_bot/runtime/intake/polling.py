"""Long polling, with the answer taken raw: one update that a library does not know must not stop the others."""

from __future__ import annotations

import asyncio
import logging

from concierge_bot.runtime.intake.batching import Burst
from concierge_bot.runtime.intake.intake import Intake
from concierge_bot.runtime.processes.leadership import Leadership
from concierge_bot.runtime.retries import place_of
from concierge_bot.runtime.telegram.bot_api import BotApi, BotApiError, WireError
from concierge_bot.runtime.telegram.updates import ALLOWED_UPDATES, id_of

log = logging.getLogger(__name__)

LONG_POLL = 25
"""Seconds that Telegram keeps an empty question open."""
BATCH = 100
GATHER, ENOUGH = 0.15, 16
"""In a crowd, the seconds until the next question, unless an answer brought so many updates: what is done together
takes a half of the processor's time that it takes one by one, and who waits for Telegram anyway does not see it."""
PAUSES = (0.2, 0.5, 1, 2, 5, 10)
CONFLICT = 409
STAND_BY = 20.0
"""Seconds after which one that stands by comes round."""


class Polling:
    """Asks for updates; asks for the next ones, and so confirms, only once the last are kept."""

    def __init__(self, intake: Intake, token: str, api_url: str, leadership: Leadership | None = None) -> None:
        """Of several that poll Telegram answers one: the leader."""
        self._intake = intake
        self._leadership = leadership or Leadership("polling", is_leader=True)
        self._api = BotApi(token, api_url, timeout=LONG_POLL + 15)
        self._offset = 0
        self._failures = 0
        self._batching = Burst()

    async def run(self) -> None:
        """Polls until it is cancelled. Trouble of any kind is waited for: a deaf concierge would be worse."""
        has_webhook = True
        async with self._api:
            while True:
                self._intake.came_round()
                await self._leadership.gained(STAND_BY)
                if not self._leadership.is_leader:
                    continue
                try:
                    if has_webhook:  # one that is set makes every poll fail
                        await self._api.call("deleteWebhook")
                        has_webhook = False
                    await self._round()
                    self._failures = 0
                except Exception as error:
                    has_webhook = has_webhook or (isinstance(error, BotApiError) and error.code == CONFLICT)
                    await self._pause(error)

    async def _round(self) -> None:
        updates = await self._api.call(
            "getUpdates", offset=self._offset, limit=BATCH, timeout=LONG_POLL, allowed_updates=ALLOWED_UPDATES
        )
        if not isinstance(updates, list):
            raise WireError("getUpdates gave no list")
        chats = await self._intake.accept(updates)
        await self._intake.beat()
        ids = [update_id for update in updates if (update_id := id_of(update)) is not None]
        if updates and not ids:
            raise WireError("getUpdates gave updates without ids")
        # An answer without updates has confirmed all before; the next ids may be lower, since Telegram chooses them
        # anew after a week of silence.
        self._offset = max(ids) + 1 if ids else 0
        await self._gather(chats, len(updates))

    async def _gather(self, chats: set[int], count: int) -> None:
        now = asyncio.get_running_loop().time()
        self._batching.came(chats, now)
        if count < ENOUGH and self._batching.is_there(now):
            await asyncio.sleep(GATHER)

    async def _pause(self, error: Exception) -> None:
        pause = PAUSES[min(self._failures, len(PAUSES) - 1)]
        self._failures += 1
        self._intake.failed(error)
        said = str(error) if isinstance(error, BotApiError | WireError) else place_of(error)
        log.warning("no updates (%s), next try in %s s", said, pause)
        await asyncio.sleep(pause)
