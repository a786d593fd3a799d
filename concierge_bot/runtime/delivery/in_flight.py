"""Messages taken from the outbox whose outcomes are not recorded yet: in flight, or arrived."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Sequence

from concierge_bot.desk.queues.deliveries import Outcome, OutgoingMessage
from concierge_bot.runtime.processes.tasks import Wake

MOST_UNNOTED = 48
"""The most messages of one chat, sent in a row, that may be in flight or unrecorded: a process that is killed sends
those again."""
GATHER = 0.03
"""Seconds for which outcomes are gathered, so that one transaction records several, unless somebody waits for that."""


class UnderWay:
    """The messages under way of one process."""

    def __init__(self) -> None:
        self._messages: Counter[int] = Counter()
        """The number of messages under way, by chat."""
        self._arrived: list[Outcome] = []
        self._hurry = Wake()
        """Raised by a chat that waits until outcomes are noted."""
        self._progress = asyncio.Event()
        """Set, and replaced by a new one, whenever outcomes were recorded."""

    def __bool__(self) -> bool:
        """Returns whether any message is under way."""
        return bool(self._messages)

    @property
    def arrived(self) -> list[Outcome]:
        """Returns the outcomes to record, in order of arrival."""
        return list(self._arrived)

    def chats_without(self, outcomes: Collection[Outcome]) -> set[int]:
        """Returns the chats that have messages under way besides those of these outcomes."""
        return set(self._messages - _by_chat(outcomes))

    def take(self, batch: Sequence[OutgoingMessage]) -> None:
        """Counts the messages of a batch, which is not empty, as under way."""
        self._messages[batch[0].chat_id] += len(batch)

    def leave(self, batch: Sequence[OutgoingMessage]) -> None:
        """Counts the messages of a batch as not under way any more: they are sent another time."""
        if batch:
            self._messages -= Counter({batch[0].chat_id: len(batch)})

    def arrive(self, outcome: Outcome) -> None:
        """Adds the outcome of an attempt, to be recorded."""
        self._arrived.append(outcome)

    def noted(self, outcomes: Sequence[Outcome]) -> None:
        """Removes recorded outcomes, and wakes the tasks that wait for progress."""
        done = set(map(id, outcomes))
        self._arrived = [outcome for outcome in self._arrived if id(outcome) not in done]
        self._messages -= _by_chat(outcomes)
        self.let_go()

    def let_go(self) -> None:
        """Wakes the tasks that wait for progress."""
        self._progress.set()
        self._progress = asyncio.Event()

    async def gathered(self) -> None:
        """Waits up to GATHER seconds, so that several outcomes are recorded together."""
        if self._messages:
            await self._hurry.wait(GATHER)

    async def progress(self) -> None:
        """Waits until outcomes were recorded, and cuts `gathered` short."""
        self._hurry()
        await self._progress.wait()

    def has_room_for(self, group: Sequence[OutgoingMessage]) -> bool:
        """Returns whether a group may be sent, too: False where too many messages of its chat would be unrecorded."""
        return _by_chat(self._arrived)[group[0].chat_id] + len(group) <= MOST_UNNOTED


def _by_chat(outcomes: Collection[Outcome]) -> Counter[int]:
    return Counter(outcome.outgoing.chat_id for outcome in outcomes)
