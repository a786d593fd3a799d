"""Posts: what only one process of an installation does at a time."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

log = logging.getLogger(__name__)


class Post:
    """Something that only one process of an installation does at a time."""

    def __init__(self, name: str, *, is_held: bool = False) -> None:
        self.name = name
        self._held = asyncio.Event()
        if is_held:
            self._held.set()

    @property
    def is_held(self) -> bool:
        """Whether this process stands on the post."""
        return self._held.is_set()

    async def taken(self, timeout: float | None = None) -> None:
        """Until this process stands on the post, at most so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self._held.wait()

    def change(self, *, is_held: bool) -> None:
        """Takes the post up, or leaves it."""
        if is_held != self.is_held:
            log.info("%s: %s", self.name, "on post" if is_held else "off post")
            (self._held.set if is_held else self._held.clear)()
