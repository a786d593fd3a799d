"""Conflicts over the token: another program that polls with it, or that sets a webhook of its own."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from concierge_bot import logs
from concierge_bot.desk.context import Desk
from concierge_bot.desk.operations import service_alarms
from concierge_bot.desk.operations.service_alarms import Alarm
from concierge_bot.runtime.retries import place_of
from concierge_bot.runtime.telegram.bot_api import BotApiError
from concierge_bot.runtime.units import Desks

log = logs.get(__name__)

CONFLICT = 409
OTHER_POLL, WEBHOOK = "other getupdates", ("webhook is active", "terminated by setwebhook")
"""Words of Telegram's, in lower case."""
SO_OFTEN, WITHIN = 3, 120.0
"""How many polls within so many seconds make it an alarm: one or two are a process of ours that took over."""
QUIET_FOR = timedelta(minutes=5)
"""How long there must be no conflict until the alarm is called off."""


class Conflicts:
    """The conflicts seen so far, with the alarms about them."""

    def __init__(self, desks: Desks) -> None:
        """Expects alarms of an earlier process, too, to be called off after a while."""
        self._desks = desks
        self._polls = deque[float](maxlen=SO_OFTEN)
        self._lasting: dict[Alarm, datetime] = dict.fromkeys((Alarm.TWO_POLLERS, Alarm.OTHER_WEBHOOK), self._now())

    def _now(self) -> datetime:
        return self._desks.clock.now()

    async def heed(self, error: Exception) -> None:
        """Looks at an error of a poll. Raises the alarm where another program is behind it."""
        if not isinstance(error, BotApiError) or error.code != CONFLICT:
            return
        said = error.description.lower()
        if any(words in said for words in WEBHOOK):
            await self.other_webhook()
        elif OTHER_POLL in said:
            now = asyncio.get_running_loop().time()
            self._polls.append(now)
            if len(self._polls) == SO_OFTEN and now - self._polls[0] <= WITHIN:
                await self._ring(Alarm.TWO_POLLERS)

    async def other_webhook(self) -> None:
        """Raises the alarm that the webhook is not the one that was set."""
        await self._ring(Alarm.OTHER_WEBHOOK)

    async def quiet(self) -> None:
        """Takes note that all went well. Calls off what was not seen for a while."""
        for alarm, seen_at in list(self._lasting.items()):
            if self._now() - seen_at >= QUIET_FOR and await self._unit(partial(service_alarms.clear, alarm=alarm)):
                del self._lasting[alarm]

    async def _ring(self, alarm: Alarm) -> None:
        self._lasting[alarm] = self._now()
        await self._unit(partial(service_alarms.raise_alarm, alarm=alarm))

    async def _unit(self, work: Callable[[Desk], None]) -> bool:
        """Runs a unit of work. Returns False where the database cannot now; the next occasion comes."""
        try:
            await self._desks.run(work)
        except SQLAlchemyError as error:
            log.warning("an alarm could not be kept", error=place_of(error))
            return False
        return True
