"""The updates that wait for their answers: while there are many, delivery lets intake go first."""

from __future__ import annotations

import asyncio

MANY = 8
"""From how many waiting updates on it is a burst."""


class Backlog:
    """The number of updates in intake's hands."""

    def __init__(self) -> None:
        self._waiting = 0
        self._is_small = asyncio.Event()
        self._is_small.set()

    def changed(self, waiting: int) -> None:
        """Takes the present number."""
        self._waiting = waiting
        if waiting < MANY:
            self._is_small.set()
        else:
            self._is_small.clear()

    async def small(self, within: float) -> None:
        """Waits until few updates wait for their answers, `within` seconds at most."""
        if self._is_small.is_set():
            return
        try:
            await asyncio.wait_for(self._is_small.wait(), within)
        except TimeoutError:
            return
