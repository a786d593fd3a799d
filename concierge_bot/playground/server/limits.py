"""Telegram's limits on how much a bot may send, as far as they are known."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from concierge_bot.playground.errors import ApiError


@dataclass(frozen=True, slots=True)
class RateLimits:
    """Limits to enforce.

    Args:
        overall_per_second: messages a second over all chats.
        group_per_minute: messages within any minute into one group.
        private_per_second: messages a second into one private chat, in the long run.
        burst: messages that one private chat takes at once before that.
        window_scale: the length of a second (and a minute) for these limits, 1.0 for real ones.
    """

    overall_per_second: float = 30
    group_per_minute: int = 20
    private_per_second: float = 1
    burst: int = 5
    window_scale: float = 1.0


class Bucket:
    """A token bucket of up to `size` tokens that gains `rate` a second."""

    __slots__ = ("_at", "_rate", "_size", "_tokens")

    def __init__(self, size: float, rate: float, now: float) -> None:
        self._size = self._tokens = size
        self._rate = rate
        self._at = now

    def wait(self, count: int, now: float) -> float:
        """Returns the seconds until `count` tokens are there, 0.0 if they are."""
        self._tokens = min(self._size, self._tokens + (now - self._at) * self._rate)
        self._at = now
        # More than the bucket holds (an album) passes when it is full, and leaves a debt.
        missing = min(count, self._size) - self._tokens
        return missing / self._rate if missing > 1e-9 else 0.0

    def take(self, count: int) -> None:
        """Uses up `count` tokens."""
        self._tokens -= count


class Window:
    """A sliding window that lets `size` pass within any `seconds`."""

    __slots__ = ("_passed", "_seconds", "_size")

    def __init__(self, size: int, seconds: float) -> None:
        self._size = size
        self._seconds = seconds
        self._passed: deque[float] = deque()

    def wait(self, count: int, now: float) -> float:
        """Returns the seconds until `count` more may pass, 0.0 if they may now."""
        while self._passed and self._passed[0] <= now - self._seconds:
            self._passed.popleft()
        surplus = len(self._passed) + min(count, self._size) - self._size
        return self._passed[surplus - 1] + self._seconds - now if surplus > 0 else 0.0

    def take(self, count: int, now: float) -> None:
        """Records that `count` passed."""
        self._passed.extend([now] * count)


class RateLimiter:
    """A rate limiter that counts a bot's messages against `limits`.

    Args:
        limits: the limits to enforce.
        now: a clock in seconds that never goes back. The real one by default, since what is
            limited is real traffic, whatever the time of day in the story.
    """

    def __init__(self, limits: RateLimits, now: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._now = now
        rate = limits.overall_per_second / limits.window_scale
        self._overall = Bucket(limits.overall_per_second, rate, now())
        self._groups: dict[int | str, Window] = {}
        self._private: dict[int | str, Bucket] = {}

    def take(self, chat_id: int | str, count: int = 1) -> None:
        """Lets `count` messages into a chat pass.

        Raises:
            ApiError: 429 with `retry_after` in whole seconds, at least 1; nothing is used up then.
        """
        now = self._now()
        group = isinstance(chat_id, str) or chat_id < 0
        chat = self._group(chat_id) if group else self._person(chat_id, now)
        wait = max(self._overall.wait(count, now), chat.wait(count, now))
        if wait > 0:
            seconds = max(1, math.ceil(wait))
            text = f"Too Many Requests: retry after {seconds}"
            raise ApiError(429, text, {"retry_after": seconds})
        self._overall.take(count)
        if isinstance(chat, Window):
            chat.take(count, now)
        else:
            chat.take(count)

    def _group(self, chat_id: int | str) -> Window:
        limits = self._limits
        return self._groups.setdefault(chat_id, Window(limits.group_per_minute, 60 * limits.window_scale))

    def _person(self, chat_id: int | str, now: float) -> Bucket:
        limits = self._limits
        rate = limits.private_per_second / limits.window_scale
        return self._private.setdefault(chat_id, Bucket(limits.burst, rate, now))
