"""The schedule of a storm: every event of it, computed wholly from its seed before it begins.

Events strike at a step and after a count of calls or updates, not at a second: how fast a machine is decides nothing
here. People tap what they see, but which of it is drawn in advance: each act carries its draws.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import TypeVar

from concierge_bot.playground import FaultKind

T = TypeVar("T")

LEAST_KILLS = 8
"""The number of kills from which on a schedule has events of every kind."""
OWNERS_PER_KILL = 3
BUTLERS = 5
FIRST_SENDS = 3
"""The number of owners who have sent before anybody does anything else, so that there is something to tap."""


class Role(StrEnum):
    """The role of a person on the estate."""

    OWNER = "owner"
    BUTLER = "butler"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, order=True)
class Who:
    """One of the people of the estate, counted from 0."""

    role: Role
    number: int


class Deed(StrEnum):
    """The deeds of people."""

    SEND = "send"
    TAP_IN_GROUP = "tap in group"
    TAP_IN_PRIVATE = "tap in private"
    WRITE = "write"
    BLOCK = "block"
    UNBLOCK = "unblock"


class Counted(StrEnum):
    """The unit that is counted until a kill."""

    CALLS = "calls"
    UPDATES = "updates"


@dataclass(frozen=True)
class Draws:
    """Three numbers from 0 to 1 of a person's own generator: equally many for each act, whatever is on the screen."""

    first: float
    second: float
    third: float


@dataclass(frozen=True)
class Act:
    """An act of a person.

    Args:
        step: the step of the storm.
        who: the person.
        deed: the deed.
        draws: the choice among the things that they see.
        together_with: another person who taps the same button at the same time.
        pause: milliseconds until the next act.
    """

    step: int
    who: Who
    deed: Deed
    draws: Draws
    together_with: Who | None
    pause: int


@dataclass(frozen=True)
class Strike:
    """A failure of Telegram for some calls.

    Args:
        step: the step of the storm.
        kind: the kind of fault.
        method: the method of the calls; None for all.
        after: the number of such calls that pass first.
        times: the number of calls that are struck then.
        milliseconds: the delay of DELAY.
    """

    step: int
    kind: FaultKind
    method: str | None
    after: int
    times: int
    milliseconds: int


@dataclass(frozen=True)
class Redelivery:
    """A second delivery of Telegram's newest update."""

    step: int


@dataclass(frozen=True)
class Migration:
    """The migration of the staff's group to a supergroup, with another id."""

    step: int


@dataclass(frozen=True)
class Turn:
    """A turn of the clock."""

    step: int
    minutes: int


@dataclass(frozen=True)
class Kill:
    """A kill of processes, and their new start.

    Args:
        step: the step of the storm.
        processes: the processes, counted from 0.
        counted: the unit that is counted from the end of the event before.
        count: the number of those before the kill, which also comes when there is nothing more to do.
        pause: milliseconds from then on: commits lie between calls, and nobody counts them.
        down: milliseconds until they are started again.
    """

    step: int
    processes: tuple[int, ...]
    counted: Counted
    count: int
    pause: int
    down: int


Event = Act | Strike | Redelivery | Migration | Turn | Kill

DEEDS = (
    *[Deed.SEND] * 8,
    *[Deed.TAP_IN_GROUP] * 20,
    *[Deed.TAP_IN_PRIVATE] * 8,
    *[Deed.WRITE] * 2,
    *[Deed.BLOCK] * 2,
)
"""Forty deeds. Every other block is an unblock instead."""
ACTS = range(7, 14)
"""The number of acts in a step; so many at least that a storm of the fewest kills has every deed."""
STRIKES = 3
STRIKE_KINDS = (
    *[FaultKind.SERVER_ERROR] * 5,
    *[FaultKind.DROP_BEFORE] * 3,
    *[FaultKind.DROP_AFTER] * 2,
    FaultKind.TOO_MANY_REQUESTS,
    FaultKind.DELAY,
    FaultKind.GARBAGE,
    FaultKind.DOWN,
)
MOST_TIMES = {
    FaultKind.SERVER_ERROR: 5,
    FaultKind.DROP_BEFORE: 3,
    FaultKind.DROP_AFTER: 2,
    FaultKind.TOO_MANY_REQUESTS: 10,
    FaultKind.DELAY: 8,
    FaultKind.GARBAGE: 2,
    FaultKind.DOWN: 6,
}
METHODS = (None, None, "sendMessage", "editMessageText", "answerCallbackQuery")
MINUTES = (1, 4, 11, 47)
MISFORTUNES = (Turn, Turn, Redelivery, None)
AT_ONCE = (1, 1, 1, 2)
"""The number of processes that die together."""


@dataclass(frozen=True)
class Schedule:
    """All events of a storm, in order."""

    seed: int
    kills: int
    processes: int
    events: tuple[Event, ...]

    @property
    def fingerprint(self) -> str:
        """Returns eight digits of a hash that tell two schedules apart."""
        return sha256(repr(self.events).encode()).hexdigest()[:8]


def schedule(seed: int, *, kills: int, processes: int) -> Schedule:
    """Computes the schedule of a seed: a pure function.

    Args:
        seed: the seed of everything that is random.
        kills: the least number of kills.
        processes: the number of processes to be killed.
    """
    return Schedule(seed, kills, processes, tuple(_events(seed, kills, processes)))


def _events(seed: int, kills: int, processes: int) -> Iterator[Event]:
    crowd = _Acts(seed, kills * OWNERS_PER_KILL)
    strikes, misfortunes = _Strikes(seed), _Misfortunes(seed, kills)
    chance = _generator(seed, "kills")
    at_once, step, left = _dealt(AT_ONCE, chance), 0, kills
    while left > 0:
        yield from strikes.of(step)
        acts: list[Event] = [*crowd.of(step)]
        for misfortune in misfortunes.of(step):
            acts.insert(chance.randrange(len(acts) + 1), misfortune)
        yield from acts
        kill = _kill(step, min(processes, next(at_once)), processes, chance)
        yield kill
        left -= len(kill.processes)
        step += 1


def _kill(step: int, at_once: int, processes: int, chance: random.Random) -> Kill:
    doomed = tuple(chance.sample(range(processes), at_once))
    counted = chance.choice((Counted.CALLS, Counted.CALLS, Counted.UPDATES))
    count = chance.randrange(1, 30 if counted is Counted.CALLS else 6)
    return Kill(step, doomed, counted, count, chance.randrange(40), chance.randrange(300))


class _Acts:
    """The acts, by what people know of themselves: whether they have sent, and whether they block the bot."""

    def __init__(self, seed: int, owners: int) -> None:
        self._seed, self._chance = seed, _generator(seed, "acts")
        self._deeds = _dealt(DEEDS, self._chance)
        self._unsent = [Who(Role.OWNER, number) for number in range(owners)]
        self._chance.shuffle(self._unsent)
        self._sent: list[Who] = []
        self._blocked: list[Who] = []
        self._own: dict[Who, random.Random] = {}

    def of(self, step: int) -> Iterator[Act]:
        """Yields the acts of a step."""
        first = [Deed.SEND] * FIRST_SENDS if step == 0 else []
        deeds = [*first, *(next(self._deeds) for _ in range(self._chance.choice(ACTS)))]
        for deed in deeds:
            yield self._act(step, deed)

    def _act(self, step: int, wished: Deed) -> Act:
        who, deed = self._who_does(wished)
        both = deed is Deed.TAP_IN_GROUP and self._chance.random() < 0.5
        other = self._chance.choice([one for one in _butlers() if one != who]) if both else None
        return Act(step, who, deed, self._draws(who), other, self._chance.randrange(30))

    def _who_does(self, deed: Deed) -> tuple[Who, Deed]:
        if deed is Deed.SEND and self._unsent:
            self._sent.append(self._unsent.pop())
            return self._sent[-1], deed
        if deed is Deed.TAP_IN_GROUP:
            return self._chance.choice(_butlers()), deed
        if deed is Deed.BLOCK:
            return self._block_or_unblock()
        supervisor = Who(Role.SUPERVISOR, 0)
        talkative = [*(owner for owner in self._sent if owner not in self._blocked), supervisor, supervisor]
        return self._chance.choice(talkative), Deed.TAP_IN_PRIVATE if deed is Deed.SEND else deed

    def _block_or_unblock(self) -> tuple[Who, Deed]:
        if self._blocked:
            return self._blocked.pop(0), Deed.UNBLOCK
        self._blocked.append(self._chance.choice(self._sent))
        return self._blocked[-1], Deed.BLOCK

    def _draws(self, who: Who) -> Draws:
        own = self._own.setdefault(who, _generator(self._seed, f"{who.role} {who.number}"))
        return Draws(own.random(), own.random(), own.random())


class _Strikes:
    """The strikes: failures of Telegram."""

    def __init__(self, seed: int) -> None:
        self._chance = _generator(seed, "strikes")
        self._kinds = _dealt(STRIKE_KINDS, self._chance)

    def of(self, step: int) -> Iterator[Strike]:
        """Yields the strikes of a step."""
        for _ in range(STRIKES):
            kind, chance = next(self._kinds), self._chance
            method = "sendMessage" if kind is FaultKind.TOO_MANY_REQUESTS else chance.choice(METHODS)
            after, milliseconds = chance.randrange(12), chance.randrange(50, 400)
            if kind is FaultKind.DOWN:  # which is for everything, and cuts off at once
                method, after = None, 0
            yield Strike(step, kind, method, after, chance.randint(1, MOST_TIMES[kind]), milliseconds)


class _Misfortunes:
    """The misfortunes: at most one in a step, besides the one migration that a group can have."""

    def __init__(self, seed: int, kills: int) -> None:
        self._chance = _generator(seed, "misfortunes")
        self._kinds = _dealt(MISFORTUNES, self._chance)
        self._migration = self._chance.randrange(1, max(kills // 2, 2))

    def of(self, step: int) -> Iterator[Turn | Redelivery | Migration]:
        """Yields the misfortunes of a step."""
        if step == self._migration:
            yield Migration(step)
        kind = next(self._kinds)
        if kind is Turn:
            yield Turn(step, self._chance.choice(MINUTES))
        elif kind is Redelivery:
            yield Redelivery(step)


def _butlers() -> list[Who]:
    return [Who(Role.BUTLER, number) for number in range(BUTLERS)]


def _generator(seed: int, name: str) -> random.Random:
    """Returns a generator for one concern alone: none shifts the draws of another."""
    return random.Random(f"{seed} {name}")


def _dealt(cards: Sequence[T], chance: random.Random) -> Iterator[T]:
    """Yields a deck again and again, shuffled each time: at random, and each card comes once a deck."""
    while True:
        yield from chance.sample(cards, len(cards))
