"""The queue of updates that wait for the bot, and long polling."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

from concierge_bot.playground.errors import conflict
from concierge_bot.playground.schema import schema

NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
MAX_BATCH = 100
MAX_POLL_SECONDS = 50
KEPT = ("_next_id", "_waiting", "_repeats", "_seen", "chosen", "allowed")
REMEMBERED = 10_000  # updates that can still be redelivered


class UpdateQueue:
    """A queue of updates in order, each kept until the bot confirms it.

    Args:
        chance: gives the first `update_id`, which is somewhere high, as Telegram's.
        on_waiting: called with each update that comes to wait (a webhook delivers it).
    """

    def __init__(self, chance: random.Random, on_waiting: Callable[[Any], None]) -> None:
        self._kinds = frozenset(schema().fields("Update")) - {"update_id"}
        self._next_id = chance.randrange(100_000_000, 900_000_000)
        self._waiting: dict[int, Any] = {}
        self._repeats: list[Any] = []
        self._seen: dict[int, Any] = {}
        self._poll: asyncio.Future[str] | None = None
        self._on_waiting = on_waiting
        self.webhook_active = False
        self.chosen: list[str] | None = None
        self.allowed = self._kinds - NOT_BY_DEFAULT

    @property
    def waiting(self) -> int:
        """Returns how many updates are not yet confirmed."""
        return len(self._waiting) + len(self._repeats)

    @property
    def was_used(self) -> bool:
        """Returns whether there ever was an update."""
        return bool(self.waiting or self._seen)

    def choose(self, kinds: Sequence[str] | None) -> None:
        """Sets `allowed_updates`; an empty list means the default, None leaves it as it was."""
        if kinds is None:
            return
        self.chosen = [kind for kind in kinds if kind in self._kinds] or None
        self.allowed = frozenset(self.chosen) if self.chosen else self._kinds - NOT_BY_DEFAULT

    def put(self, kind: str, payload: dict[str, Any]) -> None:
        """Queues an update of `kind` unless the bot does not want that kind."""
        if kind in self.allowed:
            self.inject({kind: payload})

    def inject(self, raw: Any) -> int:
        """Queues any JSON value as an update; an object without `update_id` gets the next one."""
        number = self._next_id
        if isinstance(raw, dict):
            raw = {"update_id": number, **raw}
            if isinstance(raw["update_id"], int):
                number = raw["update_id"]
        self._next_id = max(self._next_id, number + 1)
        self._waiting[number] = raw
        self._announce(raw)
        return number

    def redeliver(self, update_id: int | None) -> int:
        """Queues once more an update that the bot already got, the newest by default.

        Raises:
            LookupError: if the bot never got such an update.
        """
        if update_id is None:
            update_id = next(reversed(self._seen), None)
        if update_id is None or update_id not in self._seen:
            raise LookupError(f"no update {update_id} was handed out yet")
        self._repeats.append(self._seen[update_id])
        self._announce(self._seen[update_id])
        return update_id

    def confirm(self, update: Any) -> None:
        """Removes one update that a webhook took."""
        for number, waiting in self._waiting.items():
            if waiting is update:
                self._remember({number: self._waiting.pop(number)})
                return
        self._repeats = [repeat for repeat in self._repeats if repeat is not update]

    def clear(self) -> None:
        """Removes everything that waits."""
        self._waiting.clear()
        self._repeats.clear()

    def pending(self) -> list[Any]:
        """Returns the waiting updates, in order."""
        return [*self._repeats, *self._waiting.values()]

    def kept(self) -> dict[str, Any]:
        """Returns the queue's part of a saved state: all but the poll in progress."""
        return {name: getattr(self, name) for name in KEPT}

    def take_up(self, kept: dict[str, Any]) -> None:
        """Restores the queue's part of a saved state, and hands out the waiting updates."""
        for name, value in kept.items():
            setattr(self, name, value)
        if self.waiting:
            self.interrupt("")

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Any]:
        """Answers `getUpdates`.

        Args:
            offset: confirms all updates before it; a negative one confirms all but the last ones.
            limit: at most so many, 1 to 100.
            timeout: seconds to wait for the first update.

        Raises:
            ApiError: 409 when a webhook is set, or when another poll takes over.
        """
        if self.webhook_active:
            raise conflict(WEBHOOK_ACTIVE)
        self.interrupt(OTHER_POLL)
        self._confirm_before(offset)
        if not self.waiting and timeout > 0:
            await self._wait(min(timeout, MAX_POLL_SECONDS))
        return self._batch(limit)

    def interrupt(self, reason: str) -> None:
        """Ends the poll that waits, if any: with 409 and `reason`, or empty-handed if that is ""."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(reason)

    def _announce(self, update: Any) -> None:
        self.interrupt("")
        self._on_waiting(update)

    async def _wait(self, timeout: float) -> None:
        poll = self._poll = asyncio.get_running_loop().create_future()
        await asyncio.wait({poll}, timeout=timeout)
        if self._poll is poll:
            self._poll = None
        if poll.done() and poll.result():
            raise conflict(poll.result())

    def _confirm_before(self, offset: int) -> None:
        if offset < 0:
            kept = list(self._waiting)[offset:]
            offset = kept[0] if kept else 0
        if offset > 0:
            for number in [number for number in self._waiting if number < offset]:
                self._remember({number: self._waiting.pop(number)})

    def _batch(self, limit: int) -> list[Any]:
        limit = min(limit, MAX_BATCH) if limit > 0 else MAX_BATCH
        repeats, self._repeats = self._repeats[:limit], self._repeats[limit:]
        batch = dict(islice(self._waiting.items(), limit - len(repeats)))
        self._remember(batch)
        return [*repeats, *batch.values()]

    def _remember(self, updates: dict[int, Any]) -> None:
        self._seen |= updates
        while len(self._seen) > REMEMBERED:
            del self._seen[next(iter(self._seen))]
