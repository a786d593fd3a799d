"""Leadership: of the processes of an installation, only the leader does some kinds of work."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

log = logging.getLogger(__name__)


class Leadership:
    """The leadership for one kind of work, as one process sees it."""

    def __init__(self, name: str, *, is_leader: bool = False) -> None:
        self.name = name
        self._gained = asyncio.Event()
        if is_leader:
            self._gained.set()

    @property
    def is_leader(self) -> bool:
        """Returns whether this process leads."""
        return self._gained.is_set()

    async def gained(self, timeout: float | None = None) -> None:
        """Waits until this process leads, at most `timeout` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self._gained.wait()

    def change(self, *, is_leader: bool) -> None:
        """Gains or loses the leadership."""
        if is_leader != self.is_leader:
            log.info("%s: %s", self.name, "takes the lead" if is_leader else "gives up the lead")
            (self._gained.set if is_leader else self._gained.clear)()
