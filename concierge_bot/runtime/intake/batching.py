"""Whether many write at the same time: then their updates are gathered, and done together. Pure; times in seconds."""

from __future__ import annotations

from collections.abc import Iterable

MANY = 3
"""From so many chats on it is a burst."""
LATELY = 0.2
"""Seconds for which a chat counts."""


class Burst:
    """The chats that updates came from lately."""

    def __init__(self) -> None:
        self._last: dict[int, float] = {}

    def came(self, chats: Iterable[int], now: float) -> None:
        """Notes that something came from these chats."""
        recent = {chat: at for chat, at in self._last.items() if at > now - LATELY}
        self._last = recent | dict.fromkeys(chats, now)

    def is_there(self, now: float) -> bool:
        """Whether so many chats write that waiting for the next pays. Who is alone, or two, never wait."""
        return sum(at > now - LATELY for at in self._last.values()) >= MANY
