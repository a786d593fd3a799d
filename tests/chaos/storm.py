"""The storm: everybody acts while processes die, Telegram fails and time jumps, by a schedule."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlmodel import col

from concierge_bot.playground import Fault, FaultKind
from storage.tables.queues import Card, InboxState, InboxUpdate, OutboxMessage, OutboxState, Timer, TimerState
from storage.tables.requests import Draft
from storage.tables.rows import row_id
from tests.chaos.people import Crowd
from tests.chaos.schedule import Act, Counted, Event, Kill, Migration, Redelivery, Schedule, Strike, Turn
from tests.runtime.harness import Ready, send_button, until
from tests.runtime.several import Installation

LULL = 120.0
"""Seconds within which all must have come to rest after the storm, on a slow machine."""
LEAPS = tuple(timedelta(minutes=minutes) for minutes in (16, 31, 61, 6 * 60, 24 * 60, 25 * 60, 49 * 60))
"""The turns of the clock after the storm, by which every promise falls due."""
LONGER_THAN_ANY_STORM = timedelta(days=30)
PATIENCE = 10.0
"""Seconds after which a kill waits no more for its count."""
OFTEN, SELDOM = 0.005, 20
"""Seconds between two looks at a count; the number of looks between two checks whether anything is left to do."""
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass
class Storm:
    """A storm under way, and its counts."""

    there: Installation
    schedule: Schedule
    crowd: Crowd
    kills: int = 0
    unnoted: int = 0
    """The cards that Telegram had taken when a process died or was cut off, before that was recorded."""
    looked_at: datetime = NEVER
    rested_at: datetime = NEVER
    """The moment at which all was at rest."""
    faults: list[Fault] = field(default_factory=list)

    async def rage(self) -> None:
        """Performs every event of the schedule, one after the other."""
        for event in self.schedule.events:
            await self._happens(event)

    async def calm_down(self) -> None:
        """Ends the faults, has everybody unblock and send, and lets days pass until all that is due is done."""
        self.there.telegram.faults.clear()
        await self.crowd.make_up()
        await self.crowd.send_the_rest()
        await self.rest()
        for leap in LEAPS:
            self.there.turn(leap)
            await self.rest()

    async def rest(self) -> None:
        """Waits until nothing waits any more, and records the moment.

        The clock runs on: what falls due from then on is no part of the storm. Raises AssertionError after LULL
        seconds.
        """
        try:
            await until(self._is_at_rest, LULL, look=0.1)
        except TimeoutError:
            raise AssertionError(f"all is calm, and for {LULL:.0f} s there still wait: {self._waiting()}") from None
        self.rested_at = self.looked_at

    def _is_at_rest(self) -> bool:
        self.looked_at = self.there.clock.now()
        return not self._waiting()

    def _waiting(self) -> dict[str, int]:
        """Counts what is left to do, by kind.

        Causes are counted before their effects: work that is done between two counts is seen by one of them.
        """
        books, now = self.there.books, self.looked_at
        found = {
            "updates at Telegram": self.there.telegram.waiting,
            "updates": books.count(InboxUpdate, InboxUpdate.state == InboxState.WAITING),
            "timers": books.count(Timer, Timer.state == TimerState.WAITING, col(Timer.due_at) <= now),
            "messages": books.count(OutboxMessage, OutboxMessage.state == OutboxState.WAITING),
        }
        return {name: number for name, number in found.items() if number}

    async def _happens(self, event: Event) -> None:
        match event:
            case Act():
                await self.crowd.act(event)
                await asyncio.sleep(event.pause / 1000)
            case Strike():
                self._strike(event)
            case Redelivery():
                with suppress(LookupError):  # nothing was handed out yet
                    self.there.telegram.redeliver()
            case Migration():
                await self.there.house.group.migrate()
            case Turn():
                self.there.turn(timedelta(minutes=event.minutes))
            case Kill():
                await self._kill(event)

    def _strike(self, event: Strike) -> None:
        if event.kind is FaultKind.DOWN:  # cuts off whoever waits for an answer
            self.unnoted += self._unnoted()
        fault = Fault(event.kind, event.method, after=event.after, times=event.times)
        if event.kind is FaultKind.DELAY:
            fault.seconds = event.milliseconds / 1000
        self.faults.append(self.there.telegram.faults.add(fault))

    async def _kill(self, event: Kill) -> None:
        """Kills processes once their count is reached, and starts them again."""
        await self._is_due(event)
        await asyncio.sleep(event.pause / 1000)
        doomed = [self.there.processes[number] for number in event.processes]
        for process in doomed:
            await process.kill()
            self.kills += 1
        with suppress(TimeoutError):  # what they had on its way arrives all the same
            await until(lambda: not self.there.telegram._server.active, PATIENCE, look=OFTEN)
        self.unnoted += self._unnoted()
        await asyncio.sleep(event.down / 1000)
        for process in doomed:
            await process.start()

    async def _is_due(self, event: Kill) -> None:
        """Waits until the count of a kill is reached, or nothing is left to do."""
        done = self._calls if event.counted is Counted.CALLS else self._updates
        wanted, looks = done() + event.count, count(1)

        def is_due() -> bool:
            return done() >= wanted or (next(looks) % SELDOM == 0 and self._is_at_rest())

        with suppress(TimeoutError):
            await until(is_due, PATIENCE, look=OFTEN)

    def _calls(self) -> int:
        return len(self.there.telegram.calls)

    def _updates(self) -> int:
        return self.there.books.count(InboxUpdate)

    def _unnoted(self) -> int:
        """Counts the cards in the group that the database does not know of."""
        group = self.there.house.group
        waiting = self.there.books.all(Card, Card.chat_id == group.id, col(Card.message_id).is_(None))
        firsts = {message.text.partition("\n")[0] for message in group.chat.messages.values()}
        return sum(any(f"#{card.subject_id} · " in first for first in firsts) for card in waiting)

    def struck(self) -> str:
        """Returns the number of strikes of each kind of fault."""
        times: Counter[str] = Counter()
        for fault in self.faults:
            times[fault.kind] += fault.struck
        return ", ".join(f"{number} × {kind}" for kind, number in times.most_common())


def prepare(there: Installation, ready: list[Ready]) -> list[Ready]:
    """Turns every other draft into a repair, which owes a follow-up. None gets too old to be sent while time jumps."""
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
        "kind": {"choice": "water" if row_id(draft) % 4 else "gas"},
        "urgency": {"choice": "minor" if row_id(draft) % 4 else "urgent"},
        "what": {"text": str(draft.answers["what"]["text"])},
        "files": {"skipped": True},
        "when": {"soon": True},
    }


def draft_of(data: str) -> int:
    """Returns the draft's id in the callback data of Send."""
    return int(data.split(":")[1])


async def storm(there: Installation, schedule: Schedule) -> Storm:
    """Runs a storm over an installation, and waits until all is calm."""
    passed = Storm(there, schedule, Crowd(there, prepare(there, there.ready())))
    await passed.rage()
    await passed.calm_down()
    return passed
