"""Tasks of the event loop: started in one place, never forgotten, awaited at the end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger(__name__)


class Tasks:
    """The tasks of one part of the program."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Starts a task. Logs an error that it raises, by kind and place; the caller may also await it."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._finished)
        return task

    def cancel_all_but(self, *names: str) -> list[asyncio.Task[Any]]:
        """Cancels the tasks of other names and returns them."""
        others = [task for task in self._running if task.get_name() not in names]
        for task in others:
            task.cancel()
        return others

    async def finish(self, within: float) -> None:
        """Waits for the tasks under way, at most `within` seconds, then cancels the rest."""
        if self._running:
            await asyncio.wait(self._running, timeout=within)
        for task in list(self._running):
            task.cancel()
        if self._running:
            await asyncio.wait(self._running)

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("task %s failed: %s", task.get_name(), type(error).__name__, exc_info=error)


class Wake:
    """A flag that many may raise, for one that waits."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def __call__(self) -> None:
        """Raises the flag: ends the wait, or the next one at once."""
        self._event.set()

    def heed(self) -> None:
        """Lowers the flag, since all calls so far are heeded: only later ones end the next wait."""
        self._event.clear()

    async def wait(self, timeout: float | None) -> None:
        """Waits for the flag, at most `timeout` seconds, and lowers it."""
        try:
            async with asyncio.timeout(timeout):
                await self._event.wait()
        except TimeoutError:
            pass
        self._event.clear()
