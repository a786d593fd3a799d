"""What was taken from the outbox and is not noted yet: on its way, or arrived."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Sequence

from concierge_bot.desk.queues.deliveries import Outcome, OutgoingMessage
from concierge_bot.runtime.processes.tasks import Wake

MOST_UNNOTED = 48
"""How many messages of one chat may be on their way or have arrived without being noted, where it gets several in a
row: a process that is killed now sends those again."""
GATHER = 0.03
"""Seconds for which outcomes are gathered, so that one transaction notes several, unless somebody waits for that."""


class UnderWay:
    """Of one process."""

    def __init__(self) -> None:
        self._messages: Counter[int] = Counter()
        """How many, by chat."""
        self._arrived: list[Outcome] = []
        self._hurry = Wake()
        """Raised by a chat that waits until outcomes are noted."""
        self._progress = asyncio.Event()
        """Set, and another one put in its place, whenever outcomes were noted."""

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self._messages)

    @property
    def arrived(self) -> list[Outcome]:
        """What is to be noted, in the order in which it arrived."""
        return list(self._arrived)

    def chats_without(self, outcomes: Collection[Outcome]) -> set[int]:
        """The chats that have something under way, apart from these outcomes."""
        return set(self._messages - _by_chat(outcomes))

    def take(self, batch: Sequence[OutgoingMessage]) -> None:
        """Takes messages that are sent from now on."""
        self._messages[batch[0].chat_id] += len(batch)

    def leave(self, batch: Sequence[OutgoingMessage]) -> None:
        """Leaves messages for another time."""
        if batch:
            self._messages -= Counter({batch[0].chat_id: len(batch)})

    def arrive(self, outcome: Outcome) -> None:
        """One has arrived, or has not: what became of it is to be noted."""
        self._arrived.append(outcome)

    def noted(self, outcomes: Sequence[Outcome]) -> None:
        """These are noted: their chats may get the next."""
        done = set(map(id, outcomes))
        self._arrived = [outcome for outcome in self._arrived if id(outcome) not in done]
        self._messages -= _by_chat(outcomes)
        self.let_go()

    def let_go(self) -> None:
        """Has whoever waits look again."""
        self._progress.set()
        self._progress = asyncio.Event()

    async def gathered(self) -> None:
        """Waits a little, so that several outcomes are noted together."""
        if self._messages:
            await self._hurry.wait(GATHER)

    async def progress(self) -> None:
        """Waits until outcomes were noted, and lets that be soon."""
        self._hurry()
        await self._progress.wait()

    def has_room_for(self, group: Sequence[OutgoingMessage]) -> bool:
        """Whether these, too, may be on their way: too many are not noted otherwise."""
        return _by_chat(self._arrived)[group[0].chat_id] + len(group) <= MOST_UNNOTED


def _by_chat(outcomes: Collection[Outcome]) -> Counter[int]:
    return Counter(outcome.outgoing.chat_id for outcome in outcomes)
