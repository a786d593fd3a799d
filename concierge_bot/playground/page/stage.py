"""The page's interface to the program that runs the bot behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


class BotState(StrEnum):
    """The state of the bot's process."""

    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"


class Turn(StrEnum):
    """The ways of turning the clock; all go forward."""

    MINUTES = "minutes"  # five of them
    HOUR = "hour"
    DAY = "day"
    MORNING = "morning"  # the next one
    NEXT = "next"  # to the moment of the next timer


@dataclass(frozen=True, slots=True)
class Role:
    """The role of somebody on the estate, in words for the page's reader.

    Attributes:
        key: "owner", "butler", "engineer", "supervisor" or "guest".
        title: a few words to show under the name.
    """

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Counter:
    """One figure that shows that nothing gets lost.

    Attributes:
        key: its name in the page.
        label: the things counted.
        value: their number.
        detail: their breakdown.
        alarm: whether somebody should look at it.
    """

    key: str
    label: str
    value: int
    detail: str = ""
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class Status:
    """The status of the clock, the bot and the database.

    Attributes:
        offset: the lead of the estate's clock over this machine's.
        zone: the estate's time zone, "Asia/Shanghai" say.
        bot: the state of the bot's process.
        next_at: the moment of the next timer, None for none.
        next_what: the subject of the next timer.
        counters: figures from the database.
        is_busy: whether the bot has something to do that is due, so that turning the clock again would go past it.
    """

    offset: timedelta
    zone: str
    bot: BotState
    next_at: datetime | None
    next_what: str
    counters: tuple[Counter, ...]
    is_busy: bool = False


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation of an owner of a villa, or of a supervisor if `villa` is None."""

    surname: str
    villa: str | None = None
    title: str | None = None


class Stage(Protocol):
    """The interface to the demonstration, for all that only it knows."""

    async def status(self) -> Status:
        """Returns the status; asked several times a second."""
        ...

    async def turn(self, how: Turn) -> None:
        """Turns the estate's clock forward."""
        ...

    async def kill_bot(self) -> None:
        """Kills the bot's process without warning."""
        ...

    async def start_bot(self) -> None:
        """Starts the bot's process."""
        ...

    async def invite(self, invitation: Invitation) -> str:
        """Writes down an invitation and returns its code.

        Raises:
            ValueError: with what is wrong with it.
        """
        ...

    def role(self, person_id: int) -> Role:
        """Returns the role of a person."""
        ...
