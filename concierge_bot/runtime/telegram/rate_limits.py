"""Telegram's limits as sliding windows: the wait before the next message into a chat. Pure; times in seconds."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from concierge_bot.desk.queues.outbox import THE_BOT_ITSELF

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
    """A limit of so many messages in any window of so many seconds."""

    count: int
    seconds: float


def limit(rate: float, seconds: float) -> Limit:
    """Builds the limit of `rate` messages in `seconds`; a rate below one is one message in a longer time."""
    return Limit(int(rate), seconds * int(rate) / rate) if rate >= 1 else Limit(1, seconds / rate)


@dataclass
class Window:
    """A sliding window of sent messages."""

    limit: Limit
    sent: int = 0
    """How many."""
    _moments: OrderedDict[float, int] = field(default_factory=OrderedDict)
    """How many at each moment, the earliest first."""

    def pause(self, now: float, *, urgent: bool, bulk: bool = False, count: int = 1, ahead: int = 0) -> float:
        """Returns the seconds until there is room for `count` more, behind `ahead` others that are about to go.

        Routine messages leave a few places free, and bulk leaves more.
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
        """Returns how many places there are for routine messages."""
        return _leaving(self.limit, RESERVED)

    def is_used(self, now: float) -> bool:
        """Returns whether any message was sent in the window."""
        self._forget(now)
        return self.sent > 0

    def free(self, now: float) -> int:
        """Returns how many places are free."""
        self._forget(now)
        return max(0, self.limit.count - self.sent)

    def take(self, now: float, count: int = 1) -> None:
        """Adds sent messages to the window."""
        self.sent += count
        self._moments[now] = self._moments.get(now, 0) + count

    def arrived(self, taken: float, now: float, count: int = 1) -> None:
        """Moves messages noted at `taken` to now: Telegram may have seen them as late as that."""
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
    """Returns the places of a window, less one in `one_in`, and at least one."""
    return max(1, limit.count - limit.count // one_in)


def bulk_rate(overall: Limit) -> float:
    """Returns the messages of an announcement a second where nothing else is sent."""
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
        """Registers a callback with the chat and the number of messages that this process sends."""
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
        """Returns the seconds until `count` messages may go into this chat, behind those ahead; 0 for at once."""
        window = self._chats.get(chat_id) or self._window(chat_id)
        return max(
            self._held.get(chat_id, now) - now,
            window.pause(now, urgent=urgent, count=count, ahead=ahead_here),
            self._overall.pause(now, urgent=urgent, bulk=bulk, count=count, ahead=ahead),
            0,
        )

    def overall_pause(self, now: float, *, urgent: bool, bulk: bool = False) -> float:
        """Returns the seconds until any message may go."""
        return max(0, self._overall.pause(now, urgent=urgent, bulk=bulk))

    def free(self, now: float) -> int:
        """Returns how many urgent messages may go at once over all chats."""
        return self._overall.free(now)

    def take(self, chat_id: int, now: float, count: int = 1) -> None:
        """Counts messages that this process sends into a chat, and calls the callback."""
        self.taken(chat_id, now, count)
        if self._on_take is not None:
            self._on_take(chat_id, count)

    def taken(self, chat_id: int, now: float, count: int) -> None:
        """Counts messages into a chat, of any process."""
        self._overall.take(now, count)
        self._of(chat_id).take(now, count)
        self._watch(chat_id, now)

    def arrived(self, chat_id: int, taken: float, now: float, count: int = 1) -> None:
        """Moves the messages taken at `taken` to now: Telegram may have seen them at any time during their call.

        Otherwise a slow one and a quick one after it would meet in one window of Telegram's.
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
        """Forgets the windows of chats that have been quiet."""
        self._forget_at = now + FORGET_EACH
        self._chats = {chat_id: window for chat_id, window in self._chats.items() if window.is_used(now)}

    def _window(self, chat_id: int) -> Window:
        """Returns the window of a chat; calls about the bot itself go into none, and have the limit over all alone."""
        if chat_id == THE_BOT_ITSELF:
            return Window(self._overall.limit)
        return Window(self._group if chat_id < 0 else self._private)

    def hold(self, chat_id: int, until: float) -> None:
        """Holds one chat until a moment, as Telegram asked; the others go on."""
        self._held[chat_id] = max(until, self._held.get(chat_id, until))

    def held(self, now: float, *, urgent: bool) -> dict[int, float]:
        """Returns the chats that must wait, and for how many seconds."""
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
