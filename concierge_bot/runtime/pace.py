"""Telegram's limits as a plan: how long to wait before the next message into a chat. Pure; times in seconds."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

MARGIN = 0.02
"""The share by which a window is held longer: Telegram's clock and ours see the same messages at other moments."""
RESERVED = 5
"""One in so many places of a window is kept for what is urgent."""


@dataclass(frozen=True)
class Limit:
    """At most so many messages in any window of so many seconds."""

    count: int
    seconds: float


def limit(rate: float, seconds: float) -> Limit:
    """So many messages in so many seconds; where that is less than one, one in a longer time."""
    return Limit(int(rate), seconds * int(rate) / rate) if rate >= 1 else Limit(1, seconds / rate)


@dataclass
class Window:
    """The messages of the last window."""

    limit: Limit
    sent: deque[float] = field(default_factory=deque)

    def pause(self, now: float, *, urgent: bool, count: int = 1) -> float:
        """How long until there is room for so many more; what is not urgent leaves a few places free."""
        self._forget(now)
        room = self.limit.count if urgent else max(1, self.limit.count - self.limit.count // RESERVED)
        surplus = len(self.sent) + min(count, room) - room
        return self.sent[surplus - 1] + self._length - now if surplus > 0 else 0

    def take(self, now: float, count: int = 1) -> None:
        """Notes messages that were sent."""
        self.sent.extend([now] * count)

    @property
    def _length(self) -> float:
        return self.limit.seconds * (1 + MARGIN)

    def _forget(self, now: float) -> None:
        while self.sent and self.sent[0] <= now - self._length:
            self.sent.popleft()


class Pace:
    """All limits of one bot, and the chats that Telegram itself holds."""

    def __init__(self, overall: Limit, group: Limit, private: Limit) -> None:
        self._overall = Window(overall)
        self._group, self._private = group, private
        self._chats: dict[int, Window] = {}
        self._held: dict[int, float] = {}
        self._on_take: Callable[[int, int], None] | None = None

    def on_take(self, listener: Callable[[int, int], None]) -> None:
        """Has `listener` called with the chat and the number of messages that this process sends."""
        self._on_take = listener

    def pause(self, chat_id: int, now: float, *, urgent: bool, count: int = 1) -> float:
        """How long until so many messages may go into this chat; 0 for at once."""
        window = self._chats.get(chat_id)
        return max(
            self._held.get(chat_id, now) - now,
            window.pause(now, urgent=urgent, count=count) if window else 0,
            self._overall.pause(now, urgent=urgent, count=count),
            0,
        )

    def overall_pause(self, now: float, *, urgent: bool) -> float:
        """How long until any message may go."""
        return max(0, self._overall.pause(now, urgent=urgent))

    def take(self, chat_id: int, now: float, count: int = 1) -> None:
        """Notes messages that this process sends into a chat."""
        self.taken(chat_id, now, count)
        if self._on_take is not None:
            self._on_take(chat_id, count)

    def taken(self, chat_id: int, now: float, count: int) -> None:
        """Notes messages into a chat, whoever sends them."""
        self._overall.take(now, count)
        window = self._chats.get(chat_id)
        if window is None:
            window = self._chats[chat_id] = Window(self._group if chat_id < 0 else self._private)
        window.take(now, count)

    def hold(self, chat_id: int, until: float) -> None:
        """Telegram asked to leave this chat alone until a moment; the others go on."""
        self._held[chat_id] = max(until, self._held.get(chat_id, until))

    def held(self, now: float, *, urgent: bool) -> dict[int, float]:
        """The chats that must wait, and how long. Chats that need no watching any more are forgotten."""
        self._held = {chat_id: until for chat_id, until in self._held.items() if until > now}
        found: dict[int, float] = {}
        for chat_id, window in list(self._chats.items()):
            if (pause := window.pause(now, urgent=urgent)) > 0:
                found[chat_id] = pause
            elif not window.sent:
                del self._chats[chat_id]
        for chat_id, until in self._held.items():
            found[chat_id] = max(until - now, found.get(chat_id, 0))
        return found
