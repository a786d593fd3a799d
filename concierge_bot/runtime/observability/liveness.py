"""The liveness of this process's parts: one that hangs is mended by a restart only."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection

from concierge_bot.parts import Part

HANGS_AFTER = 90.0
"""Seconds. The longest that a part stays away when all is well is a poll that Telegram leaves open, and a pause."""


class Liveness:
    """The last time that each part of this process came round its loop, whether or not it got anything done.

    A heartbeat in the database shows a part's progress, whichever process runs it; trouble at Telegram or the database
    silences it, too. Liveness shows a part that hangs, also where another process does its work.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Starts with all parts just come round; `now` is a clock that nobody turns, in seconds."""
        self._now = now
        self._came_round = dict.fromkeys(Part, now())
        self._canary_at: float | None = None

    def came_round(self, part: Part) -> None:
        """Notes that a part has come round its loop."""
        self._came_round[part] = self._now()

    def canary_succeeded(self) -> None:
        """Notes that the canary's check went well, or that it begins."""
        self._canary_at = self._now()

    def canary_age(self) -> float | None:
        """Returns the seconds since the canary's check went well; None where this process has none."""
        return None if self._canary_at is None else self._now() - self._canary_at

    def hanging(self, parts: Collection[Part]) -> dict[Part, float]:
        """Returns those of the parts that hang, and for how many seconds."""
        now = self._now()
        return {part: away for part in sorted(parts) if (away := now - self._came_round[part]) > HANGS_AFTER}
