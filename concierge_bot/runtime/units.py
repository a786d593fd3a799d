"""Runs units of work: opens a desk for each, at the clock's current moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlmodel import Session

from concierge_bot.catalogue.model import Catalogue
from concierge_bot.clocks import Clock
from concierge_bot.desk.capabilities import CAPABILITIES
from concierge_bot.desk.context import Desk
from concierge_bot.desk.menus import command_menus
from concierge_bot.runtime.backlog import Backlog
from concierge_bot.runtime.observability.journal import Journal
from concierge_bot.runtime.observability.liveness import Liveness
from storage.engine.unit import Storage

T = TypeVar("T")


class Desks:
    """The entrance to the desk for all parts of the program: each unit of work is run here."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        catalogue: Catalogue,
        bulk_rate: float = 20.0,
    ) -> None:
        self.storage, self.clock, self.catalogue, self.bulk_rate = storage, clock, catalogue, bulk_rate
        self.capabilities = CAPABILITIES
        self.journal, self.liveness, self.backlog = Journal(), Liveness(), Backlog()
        self.journal.metrics.canary_age.set_function(lambda: self.liveness.canary_age() or 0.0)
        storage.on_notes(self.journal.heard)

    @property
    def is_shared(self) -> bool:
        """Returns whether other processes may work on the same updates at the same time: True on PostgreSQL."""
        return not self.storage.is_sqlite

    async def run(self, work: Callable[[Desk], T]) -> T:
        """Runs a unit of work as one transaction in a worker thread.

        Where it changed somebody's role, their menu of commands is updated in the same transaction. Any error of it
        rolls the transaction back, and is raised.
        """

        def unit(session: Session) -> T:
            desk = self.open(session)
            result = work(desk)
            command_menus.settle_changed(desk)
            return result

        return await self.storage.run(unit)

    async def look(self, work: Callable[[Desk], T]) -> T:
        """Runs a read-only unit of work beside the writer's; it holds nobody up."""

        def reading(session: Session) -> T:
            return work(self.open(session))

        return await self.storage.look(reading)

    def open(self, session: Session) -> Desk:
        """Returns a desk over an open session, at the clock's current moment."""
        return Desk(session, self.clock.now(), self.catalogue, self.bulk_rate, self.capabilities)
