"""The storm: everybody acts at random while processes die, Telegram falters and time jumps."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlmodel import col

from concierge_bot.playground import Fault, FaultKind
from storage.tables.queues import Card, InboxState, InboxUpdate, OutboxMessage, OutboxState, Timer, TimerState
from storage.tables.requests import Draft
from tests.chaos.people import Crowd
from tests.runtime.harness import Ready, send_button, until
from tests.runtime.several import Installation

FAULTS = (
    (FaultKind.SERVER_ERROR, 0.10),
    (FaultKind.DROP_BEFORE, 0.05),
    (FaultKind.DROP_AFTER, 0.02),
)
LULL = 120.0
"""Seconds within which all must have come to rest after the storm, on a slow machine."""
LEAPS = tuple(timedelta(minutes=minutes) for minutes in (16, 31, 61, 6 * 60, 24 * 60, 25 * 60, 49 * 60))
"""After the storm the clock goes on: what was promised falls due."""
LONGER_THAN_ANY_STORM = timedelta(days=30)


NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass
class Storm:
    """What happened."""

    there: Installation
    chance: random.Random
    crowd: Crowd
    kills: int = 0
    unnoted: int = 0
    """Cards that Telegram had taken when a process died, before that could be noted: their answers are lost."""
    storms: int = 0
    looked_at: datetime = NEVER
    rested_at: datetime = NEVER
    """The moment at which all was at rest."""
    faults: list[Fault] = field(default_factory=list)

    async def rage(self, kills: int) -> None:
        """Everybody acts until so many processes were killed at random instants and started again."""
        for kind, probability in FAULTS:
            self.faults.append(self.there.telegram.faults.add(Fault(kind, probability=probability)))
        while self.kills < kills:
            for _ in range(self.chance.randrange(4, 16)):
                await self.crowd.act()
                await asyncio.sleep(self.chance.uniform(0, 0.03))
            await self._misfortune()
            await self._kill()

    async def calm_down(self) -> None:
        """The faults end, everybody makes up, and all that is due is worked off, for days."""
        self.there.telegram.faults.clear()
        await self.crowd.make_up()
        await self.crowd.send_the_rest()
        await self.rest()
        for leap in LEAPS:
            self.there.turn(leap)
            await self.rest()

    async def rest(self) -> None:
        """Until nothing waits any more. The clock runs on: what falls due from then on is no part of the storm."""
        await until(self._is_at_rest, LULL, look=0.1)
        self.rested_at = self.looked_at

    def _is_at_rest(self) -> bool:
        books = self.there.books
        self.looked_at = now = self.there.clock.now()
        return not (
            self.there.telegram.waiting
            or books.count(InboxUpdate, InboxUpdate.state == InboxState.WAITING)
            or books.count(OutboxMessage, OutboxMessage.state == OutboxState.WAITING)
            or books.count(Timer, Timer.state == TimerState.WAITING, col(Timer.due_at) <= now)
        )

    async def _kill(self) -> None:
        """A process dies at a random instant; now and then two at once."""
        await asyncio.sleep(self.chance.uniform(0, 0.4))
        processes = self.there.processes
        doomed = self.chance.sample(processes, min(len(processes), self.chance.choice((1, 1, 1, 2))))
        for process in doomed:
            await process.kill()
            self.kills += 1
        self.unnoted += self._unnoted()
        await asyncio.sleep(self.chance.uniform(0, 0.3))
        for process in doomed:
            await process.start()

    def _unnoted(self) -> int:
        """The cards that stand in the group, and of which the database does not know."""
        group = self.there.house.group
        waiting = self.there.books.all(Card, Card.chat_id == group.id, col(Card.message_id).is_(None))
        firsts = {message.text.partition("\n")[0] for message in group.chat.messages.values()}
        return sum(any(f"#{card.subject_id} · " in first for first in firsts) for card in waiting)

    async def _misfortune(self) -> None:
        """One more thing goes wrong, or time goes by."""
        telegram, group = self.there.telegram, self.there.house.group
        match self.chance.randrange(5):
            case 0:
                storm = telegram.faults.add(Fault(FaultKind.TOO_MANY_REQUESTS, method="sendMessage"))
                await asyncio.sleep(0.3)
                telegram.faults.remove(storm)
                self.storms += 1
            case 1 if telegram.calls:
                with suppress(LookupError):
                    telegram.redeliver()
            case 2 if group.chat.kind == "group" and self.kills >= 3:
                await group.migrate()
            case 3 | 4:
                self.there.turn(timedelta(minutes=self.chance.choice((1, 4, 11, 47))))


def prepare(there: Installation, ready: list[Ready]) -> list[Ready]:
    """Turns every other draft into a repair: those owe a follow-up. None gets too old to be sent while time jumps."""
    prepared: list[Ready] = []
    with there.books.desk(there.clock) as desk:
        for number, (owner, summary, data) in enumerate(ready):
            draft = desk.session.get_one(Draft, draft_of(data))
            draft.started_at += LONGER_THAN_ANY_STORM
            draft.in_hand_since = draft.started_at
            if number % 2 == 0:
                _becomes_a_repair(draft)
            prepared.append((owner, summary, send_button(desk, draft)))
    return prepared


def _becomes_a_repair(draft: Draft) -> None:
    draft.service, draft.step = "repair", 5
    draft.answers = {
        "kind": {"choice": "water" if (draft.id or 0) % 4 else "gas"},
        "urgency": {"choice": "minor" if (draft.id or 0) % 4 else "urgent"},
        "what": {"text": str(draft.answers["what"]["text"])},
        "files": {"skipped": True},
        "when": {"soon": True},
    }


def draft_of(data: str) -> int:
    """The draft that a tap on Send is for."""
    return int(data.split(":")[1])


async def storm(there: Installation, *, kills: int, seed: int) -> Storm:
    """Has a storm pass over an installation, and waits until all is calm."""
    chance = random.Random(seed)
    ready = prepare(there, there.ready())
    passed = Storm(there, chance, Crowd(there, ready, chance))
    await passed.rage(kills)
    await passed.calm_down()
    return passed
