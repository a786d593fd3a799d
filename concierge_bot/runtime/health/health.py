"""The health of this process: the database answers, its parts show heartbeats, and none of them hangs."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from concierge_bot.desk.operations import watchdog
from concierge_bot.parts import Part
from concierge_bot.runtime.units import Desks

ANSWER_WITHIN = 5.0
"""Seconds that the database may take."""


@dataclass(frozen=True)
class Verdict:
    """The state of this process and its database."""

    silent_since: dict[Part, datetime] = field(default_factory=dict)
    database: str = ""
    """What is the matter with the database."""

    @property
    def well(self) -> bool:
        """Returns whether nothing is the matter."""
        return not self.silent_since and not self.database


class Health:
    """The health check of this process's parts, and of the database."""

    def __init__(self, desks: Desks, parts: Collection[Part]) -> None:
        self._desks, self._parts = desks, parts
        self._since = desks.clock.machine()

    async def verdict(self) -> Verdict:
        """Checks the parts and the database."""
        machine_now = self._desks.clock.machine()
        hanging = self._desks.liveness.hanging(self._parts)
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                signs = await self._desks.look(watchdog.signs_of_life)
        except (SQLAlchemyError, TimeoutError) as error:
            return Verdict(database=type(error).__name__)
        silent = {
            part: at
            for part in sorted(self._parts)
            if machine_now - (at := signs.get(part, self._since)) > self._desks.catalogue.rules.standstill
        }
        return Verdict({part: machine_now - timedelta(seconds=away) for part, away in hanging.items()} | silent)
