"""News of each change, for tests, the terminal, a web page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

if TYPE_CHECKING:
    from concierge_bot.playground.model.messages import Message

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Event:
    """One change.

    Attributes:
        kind: "message", "edited", "deleted", "reaction", "tap", "answer", "action", "member",
            "update" (one is waiting for the bot) or "call" (the bot was answered).
        chat_id: the chat it happened in, if any.
        message: the message concerned, if any.
        detail: further facts, as plain JSON values.
    """

    kind: str
    chat_id: int | None = None
    message: Message | None = None
    detail: dict[str, Any] = field(default_factory=dict)


class Subscription:
    """A stream of events since its creation: `async for event in subscription`.

    Close it (or use it as an asynchronous context manager) when done; the stream then ends.
    """

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue()

    def put(self, event: Event | None) -> None:
        """Hands over an event; None ends the stream."""
        self._queue.put_nowait(event)

    def close(self) -> None:
        """Takes no more events and ends the stream."""
        self._changes.drop(self)
        self.put(None)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        event = await self._queue.get()
        if event is None:
            raise StopAsyncIteration
        return event

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Changes:
    """A publisher of every change of state, to waiters and subscribers."""

    def __init__(self) -> None:
        self._waiters: set[asyncio.Future[None]] = set()
        self._subscriptions: set[Subscription] = set()

    def publish(self, event: Event) -> None:
        """Wakes all waiters, and hands the event to the subscribers."""
        waiters, self._waiters = self._waiters, set()
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)
        for subscription in self._subscriptions:
            subscription.put(event)

    @property
    def watched(self) -> bool:
        """Returns whether somebody has subscribed."""
        return bool(self._subscriptions)

    def subscribe(self) -> Subscription:
        """Opens a new stream of events, from now on."""
        subscription = Subscription(self)
        self._subscriptions.add(subscription)
        return subscription

    def drop(self, subscription: Subscription) -> None:
        """Removes a subscription."""
        self._subscriptions.discard(subscription)

    def close(self) -> None:
        """Ends all streams."""
        for subscription in list(self._subscriptions):
            subscription.close()

    async def next(self, timeout: float | None) -> bool:
        """Waits for the next change, at most `timeout` seconds. Returns whether there was one."""
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            async with asyncio.timeout(timeout):
                await waiter
        except TimeoutError:
            return False
        finally:
            self._waiters.discard(waiter)
        return True

    async def until(self, condition: Callable[[], T | None], timeout: float) -> T:
        """Waits for the first true value of `condition`, called again on every change, and returns it.

        Raises:
            TimeoutError: if `timeout` seconds go by without one.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        while True:
            value = condition()
            if value:
                return value
            if not await self.next(deadline - loop.time()) and loop.time() >= deadline:
                raise TimeoutError(f"nothing of the kind within {timeout} s")
