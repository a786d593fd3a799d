"""Telegram's limits as a plan: how long to wait before the next message into a chat. Pure; times in seconds."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

MARGIN = 0.02
"""The share by which a window is held longer: Telegram's clock and ours see the same messages at other moments."""
RESERVED = 5
"""One in so many places of a window is kept for what is urgent."""
FORGET_EACH = 60.0
"""Seconds between two looks for chats that need no watching any more."""
KEPT_FROM_BULK = 3
"""One in so many places of the window over all chats is kept from announcements: for everything else."""


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
    sent: int = 0
    """How many."""
    _moments: OrderedDict[float, int] = field(default_factory=OrderedDict)
    """How many at each moment, the earliest first."""

    def pause(self, now: float, *, urgent: bool, bulk: bool = False, count: int = 1, ahead: int = 0) -> float:
        """How long until there is room for so many more, behind others that are about to go.

        What is not urgent leaves a few places free, and bulk leaves more.
        """
        self._forget(now)
        room = self.limit.count if urgent else _leaving(self.limit, KEPT_FROM_BULK if bulk else RESERVED)
        surplus = self.sent + ahead + min(count, room) - room
        if surplus <= 0:
            return 0
        for moment, number in self._moments.items():
            surplus -= number
            if surplus <= 0:
                return moment + self._length - now
        return self._length

    @property
    def routine_room(self) -> int:
        """How many places there are for what is not urgent."""
        return _leaving(self.limit, RESERVED)

    def is_used(self, now: float) -> bool:
        """Whether any message was sent in the last window."""
        self._forget(now)
        return self.sent > 0

    def free(self, now: float) -> int:
        """How many places there are."""
        self._forget(now)
        return max(0, self.limit.count - self.sent)

    def take(self, now: float, count: int = 1) -> None:
        """Notes messages that were sent."""
        self.sent += count
        self._moments[now] = self._moments.get(now, 0) + count

    def arrived(self, taken: float, now: float, count: int = 1) -> None:
        """Counts what was noted at `taken` as sent now: Telegram may have seen it as late as that."""
        there = self._moments.get(taken, 0)
        if there > count:
            self._moments[taken] = there - count
        else:
            self._moments.pop(taken, None)
        self.sent -= min(there, count)
        self.take(now, count)

    @property
    def _length(self) -> float:
        return self.limit.seconds * (1 + MARGIN)

    def _forget(self, now: float) -> None:
        end = now - self._length
        while self._moments and next(iter(self._moments)) <= end:
            self.sent -= self._moments.popitem(last=False)[1]


def _leaving(limit: Limit, one_in: int) -> int:
    """The places of a window without one in so many."""
    return max(1, limit.count - limit.count // one_in)


def bulk_rate(overall: Limit) -> float:
    """How many messages of an announcement go out in a second where nothing else does."""
    return _leaving(overall, KEPT_FROM_BULK) / (overall.seconds * (1 + MARGIN))


class Pace:
    """All limits of one bot, and the chats that Telegram itself holds."""

    def __init__(self, overall: Limit, group: Limit, private: Limit) -> None:
        self._overall = Window(overall)
        self._group, self._private = group, private
        self._chats: dict[int, Window] = {}
        self._full: set[int] = set()
        """The chats of which some message might have to wait: few of many."""
        self._forget_at = 0.0
        self._held: dict[int, float] = {}
        self._on_take: Callable[[int, int], None] | None = None

    def on_take(self, listener: Callable[[int, int], None]) -> None:
        """Has `listener` called with the chat and the number of messages that this process sends."""
        self._on_take = listener

    def pause(
        self,
        chat_id: int,
        now: float,
        *,
        urgent: bool,
        bulk: bool = False,
        count: int = 1,
        ahead: int = 0,
        ahead_here: int = 0,
    ) -> float:
        """How long until so many messages may go into this chat, behind so many (and so many here); 0 for at once."""
        window = self._chats.get(chat_id) or self._window(chat_id)
        return max(
            self._held.get(chat_id, now) - now,
            window.pause(now, urgent=urgent, count=count, ahead=ahead_here),
            self._overall.pause(now, urgent=urgent, bulk=bulk, count=count, ahead=ahead),
            0,
        )

    def overall_pause(self, now: float, *, urgent: bool, bulk: bool = False) -> float:
        """How long until any message may go."""
        return max(0, self._overall.pause(now, urgent=urgent, bulk=bulk))

    def free(self, now: float) -> int:
        """How many messages may go at once over all chats, if they are urgent."""
        return self._overall.free(now)

    def take(self, chat_id: int, now: float, count: int = 1) -> None:
        """Notes messages that this process sends into a chat."""
        self.taken(chat_id, now, count)
        if self._on_take is not None:
            self._on_take(chat_id, count)

    def taken(self, chat_id: int, now: float, count: int) -> None:
        """Notes messages into a chat, whoever sends them."""
        self._overall.take(now, count)
        self._of(chat_id).take(now, count)
        self._watch(chat_id, now)

    def arrived(self, chat_id: int, taken: float, now: float, count: int = 1) -> None:
        """Has the messages taken at `taken` count from now on: their call is over, and nobody knows when it was seen.

        Otherwise one that was slow on its way and one that was quick after it would meet in one window of Telegram's.
        """
        self._overall.arrived(taken, now, count)
        self._of(chat_id).arrived(taken, now, count)
        self._watch(chat_id, now)

    def _of(self, chat_id: int) -> Window:
        window = self._chats.get(chat_id)
        if window is None:
            window = self._chats[chat_id] = self._window(chat_id)
        return window

    def _watch(self, chat_id: int, now: float) -> None:
        window = self._chats[chat_id]
        if window.sent >= window.routine_room:
            self._full.add(chat_id)
        if now >= self._forget_at:
            self._forget(now)

    def _forget(self, now: float) -> None:
        """Chats that need no watching any more are forgotten, now and then."""
        self._forget_at = now + FORGET_EACH
        self._chats = {chat_id: window for chat_id, window in self._chats.items() if window.is_used(now)}

    def _window(self, chat_id: int) -> Window:
        return Window(self._group if chat_id < 0 else self._private)

    def hold(self, chat_id: int, until: float) -> None:
        """Telegram asked to leave this chat alone until a moment; the others go on."""
        self._held[chat_id] = max(until, self._held.get(chat_id, until))

    def held(self, now: float, *, urgent: bool) -> dict[int, float]:
        """The chats that must wait, and how long."""
        self._held = {chat_id: until for chat_id, until in self._held.items() if until > now}
        found: dict[int, float] = {}
        for chat_id in list(self._full):
            window = self._chats.get(chat_id)
            if window is None or window.pause(now, urgent=False) == 0:
                self._full.discard(chat_id)
            elif (pause := window.pause(now, urgent=urgent)) > 0:
                found[chat_id] = pause
        for chat_id, until in self._held.items():
            found[chat_id] = max(until - now, found.get(chat_id, 0))
        return found
