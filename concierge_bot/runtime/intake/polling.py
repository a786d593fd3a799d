"""Long polling with raw answers: one update that the library cannot parse must not hold up the others."""

from __future__ import annotations

import asyncio
import logging

from concierge_bot.runtime.intake.batching import Burst
from concierge_bot.runtime.intake.conflicts import CONFLICT, Conflicts
from concierge_bot.runtime.intake.intake import Intake
from concierge_bot.runtime.processes.leadership import Leadership
from concierge_bot.runtime.retries import place_of
from concierge_bot.runtime.telegram.bot_api import BotApi, BotApiError, WireError
from concierge_bot.runtime.telegram.updates import ALLOWED_UPDATES, id_of

log = logging.getLogger(__name__)

LONG_POLL = 25
"""Seconds that Telegram holds a poll open while there are no updates."""
BATCH = 100
GATHER, ENOUGH = 0.15, 16
"""In a burst, the seconds until the next poll, unless an answer brought so many updates. Handled together, updates take
half of the processor's time that they take one by one; people, who wait for Telegram anyway, do not notice."""
PAUSES = (0.2, 0.5, 1, 2, 5, 10)
STAND_BY = 20.0
"""Seconds between two looks of an intake that stands by."""


class Polling:
    """A poller for updates. It polls for the next ones, which confirms the last, only once those are kept."""

    def __init__(self, intake: Intake, token: str, api_url: str, leadership: Leadership | None = None) -> None:
        """Makes a poller. Of several, Telegram answers one, the leader.

        Args:
            intake: the intake of the updates.
            token: the bot's token.
            api_url: the address of the Bot API.
            leadership: None where there is only this poller.
        """
        self._intake = intake
        self._leadership = leadership or Leadership("polling", is_leader=True)
        self._api = BotApi(token, api_url, timeout=LONG_POLL + 15)
        self._offset = 0
        self._failures = 0
        self._batching = Burst()
        self._conflicts = Conflicts(intake.desks)

    async def run(self) -> None:
        """Polls until it is cancelled. After an error of any kind it pauses, and goes on."""
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
                    await self._conflicts.quiet()
                except Exception as error:
                    has_webhook = has_webhook or (isinstance(error, BotApiError) and error.code == CONFLICT)
                    await self._conflicts.heed(error)
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
