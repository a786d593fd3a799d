"""The commands that Telegram offers people: what changed in them with a new version, or with another bot."""

from __future__ import annotations

import asyncio
import logging

from concierge_bot.desk.menus import command_menus
from concierge_bot.runtime.retries import place_of
from concierge_bot.runtime.units import Desks

log = logging.getLogger(__name__)

ATTEMPTS = 5


async def tell_commands(desks: Desks, bot_id: int) -> None:
    """Has Telegram told what has changed. It is a courtesy: trouble is waited for a few times, then for the night."""
    for attempt in range(ATTEMPTS):
        try:
            await desks.run(lambda desk: command_menus.settle_all(desk, bot_id))
        except Exception as error:
            log.info("the commands could not be told: %s", place_of(error))
            await asyncio.sleep(2**attempt)
        else:
            return
