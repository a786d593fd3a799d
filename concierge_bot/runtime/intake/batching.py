"""Detects bursts, in which updates are gathered and handled together. Pure; times in seconds."""

from __future__ import annotations

from collections.abc import Iterable

MANY = 3
"""The number of chats from which on it is a burst."""
LATELY = 0.2
"""Seconds for which a chat counts after its last update."""


class Burst:
    """The chats of recent updates."""

    def __init__(self) -> None:
        self._last: dict[int, float] = {}

    def came(self, chats: Iterable[int], now: float) -> None:
        """Records that updates came from these chats."""
        recent = {chat: at for chat, at in self._last.items() if at > now - LATELY}
        self._last = recent | dict.fromkeys(chats, now)

    def is_there(self, now: float) -> bool:
        """Returns whether MANY chats write, so that waiting for more updates pays. Fewer chats never wait."""
        return sum(at > now - LATELY for at in self._last.values()) >= MANY
