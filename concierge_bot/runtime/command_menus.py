"""The command menus in Telegram: brought up to date after an upgrade, or for another bot."""

from __future__ import annotations

import asyncio
import logging

from concierge_bot.desk.menus import command_menus
from concierge_bot.runtime.retries import place_of
from concierge_bot.runtime.units import Desks

log = logging.getLogger(__name__)

ATTEMPTS = 5


async def tell_commands(desks: Desks, bot_id: int) -> None:
    """Tells Telegram the changed command menus, with a few attempts; as a courtesy they can wait until the night."""
    for attempt in range(ATTEMPTS):
        try:
            await desks.run(lambda desk: command_menus.settle_all(desk, bot_id))
        except Exception as error:
            log.info("the commands could not be told: %s", place_of(error))
            await asyncio.sleep(2**attempt)
        else:
            return
