"""The canary: a regular check that calls reach Telegram, and that nothing is stuck on the way back."""

from __future__ import annotations

import asyncio
from datetime import datetime

from sqlalchemy import func
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from concierge_bot import logs
from concierge_bot.desk.context import Desk
from concierge_bot.desk.operations import service_alarms
from concierge_bot.desk.operations.service_alarms import Alarm
from concierge_bot.runtime.retries import place_of
from concierge_bot.runtime.telegram.bot_api import BotApi, BotApiError, WireError
from concierge_bot.runtime.telegram.clock_check import ClockCheck
from concierge_bot.runtime.units import Desks
from concierge_bot.settings import Settings
from storage.tables.queues import InboxUpdate

log = logs.get(__name__)

ANSWER_WITHIN = 15.0
REPLIES = 2
"""How many replies beside the one about the queue are compared with the machine's clock."""
TOO_OLD = 3
"""After so many periods without a check that went well it is an alarm."""


class StuckError(Exception):
    """Raised where updates wait at Telegram and none has come since the last check."""


class Canary:
    """The regular check of one process."""

    def __init__(self, desks: Desks, settings: Settings) -> None:
        self._desks, self._settings = desks, settings
        self._period = settings.canary_minutes * 60
        self._waited = False
        self._newest: datetime | None = None

    async def run(self) -> None:
        """Checks once a period until it is cancelled; never where the period is 0."""
        if not self._period:
            return
        self._desks.liveness.canary_succeeded()
        while True:
            await asyncio.sleep(self._period)
            try:
                await self.check()
            except SQLAlchemyError as error:
                log.warning("the canary could not use the database", error=place_of(error))

    async def check(self) -> None:
        """Checks both ways and the clock; raises alarms and calls them off."""
        clock = ClockCheck()
        try:
            await self._there_and_back(clock)
        except (BotApiError, WireError, StuckError) as error:
            log.warning("the canary did not come back", error=str(error))
            if (self._desks.liveness.canary_age() or 0.0) > TOO_OLD * self._period:
                await self._settle(Alarm.NO_WAY_THROUGH, rings=True)
        else:
            self._desks.liveness.canary_succeeded()
            await self._settle(Alarm.NO_WAY_THROUGH, rings=False)
        if clock.is_wrong or clock.is_right:
            await self._settle(Alarm.WRONG_CLOCK, rings=clock.is_wrong)

    async def _there_and_back(self, clock: ClockCheck) -> None:
        """Calls Telegram, and looks at what waits there. Raises BotApiError, WireError or StuckError."""
        async with BotApi(self._settings.token, self._settings.api_url, timeout=ANSWER_WITHIN) as api:
            api.on_date = clock.heard
            for _ in range(REPLIES):
                await api.call("getMe")
            info = await api.call("getWebhookInfo")
        waits = isinstance(info, dict) and bool(info.get("pending_update_count"))
        newest = await self._desks.look(_last_received) if waits else self._newest
        stuck = waits and self._waited and newest == self._newest
        self._waited, self._newest = waits, newest
        if stuck:
            raise StuckError("updates wait at Telegram, and none has come since the last check")

    async def _settle(self, alarm: Alarm, *, rings: bool) -> None:
        def unit(desk: Desk) -> None:
            (service_alarms.raise_alarm if rings else service_alarms.clear)(desk, alarm)

        await self._desks.run(unit)


def _last_received(desk: Desk) -> datetime | None:
    """Returns when the last update was received, by any process; None where none ever was."""
    return desk.session.exec(select(func.max(col(InboxUpdate.received_at)))).one()
