"""The rate limiter that python-telegram-bot asks before each call: a flooded chat holds up no other."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from concierge_bot.desk.queues.outbox import THE_BOT_ITSELF
from concierge_bot.runtime.telegram.rate_limits import Pace

UNLIMITED = frozenset({"answercallbackquery", "sendchataction"})
OF_THE_BOT = frozenset({"setMyCommands", "deleteMyCommands", "setMyName", "setMyDescription", "setMyShortDescription"})
"""What is about the bot itself keeps a pace of its own: where Telegram holds that, no chat waits for it."""


def monotonic() -> float:
    """Returns the time of the pace in seconds. The event loop's time stands still for as long as the loop is busy."""
    return time.monotonic()


class Limiter(BaseRateLimiter[bool]):
    """Waits for the chat's turn. The rate limit argument says whether the message is urgent."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace

    async def initialize(self) -> None:
        """Does nothing: there is nothing to prepare."""

    async def shutdown(self) -> None:
        """Does nothing: there is nothing to close."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: bool | None,
    ) -> Any:
        """Makes the call in its turn. Raises the error that Telegram answers; holds a flooded chat first."""
        chat_id = THE_BOT_ITSELF if endpoint in OF_THE_BOT else data.get("chat_id")
        is_free = endpoint.lower() in UNLIMITED or (endpoint.startswith(("get", "set")) and endpoint not in OF_THE_BOT)
        if is_free or not isinstance(chat_id, int):
            return await callback(*args, **kwargs)
        urgent, count = bool(rate_limit_args), weight(data)
        while (pause := self.pace.pause(chat_id, monotonic(), urgent=urgent, count=count)) > 0:  # noqa: ASYNC110
            await asyncio.sleep(pause)  # the passing of time is what is waited for
        taken = monotonic()
        self.pace.take(chat_id, taken, count)
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as flood:
            self.pace.hold(chat_id, monotonic() + seconds(flood))
            raise
        finally:
            self.pace.arrived(chat_id, taken, monotonic(), count)


def weight(data: dict[str, Any]) -> int:
    """Returns how many messages a call counts for: an album counts for its parts."""
    media = data.get("media")
    return len(media) if isinstance(media, list) else 1


def seconds(flood: RetryAfter) -> float:
    """Returns the wait that Telegram asks for, in seconds."""
    wait = flood.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()
