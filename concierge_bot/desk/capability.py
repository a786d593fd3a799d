"""What a capability contributes to the rest of the program: plain data, listed in `capabilities.py`.

Whoever fires timers, plans the calendar or asks what is still owed reads it from here, and names no capability.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from concierge_bot.desk.bot_commands import BotCommand
    from concierge_bot.desk.context import Desk
    from concierge_bot.taps import Action
    from storage.tables.people import Estate
    from storage.tables.queues import Card, OutboxMessage, Timer
    from storage.tables.requests import Request


class Swept(Enum):
    """From when on nobody can come to set a timer again, so that it may be deleted once it has fired."""

    ONCE_FIRED = auto()
    """Its key is a day or a moment, or its subject lasts for hours only."""
    WITH_ITS_REQUEST = auto()
    """Its subject is a request: when that has been closed for long."""
    WITH_ITS_ANNOUNCEMENT = auto()
    """Its subject is an announcement: when that has been over for long."""


@dataclass(frozen=True)
class TimerType:
    """One kind of timer.

    Attributes:
        kind: how rows name it.
        fire: does what a timer of this kind is for, in the transaction that marks it as fired.
        says: what it will look at, in English, for the page of the demo.
        swept: when a fired one may be deleted.
    """

    kind: str
    fire: Callable[[Desk, Timer], None]
    says: str
    swept: Swept = Swept.ONCE_FIRED


@dataclass(frozen=True)
class CalendarEntry:
    """What every estate has a timer for, set at the start where it is missing.

    Attributes:
        plan: sets the next timer of an estate after a moment.
        late_by: how long ago it may have fallen due and is still done.
    """

    plan: Callable[[Desk, Estate, datetime], None]
    late_by: timedelta = timedelta()


@dataclass(frozen=True)
class CardType:
    """The cards about one kind of subject.

    Attributes:
        kind: of the subject, as rows name it.
        refresh: brings a card up to date; one without a message is sent.
        show_anew: the same for a card that is lost, with what belongs beneath it.
        show_all: shows what an estate's teams are to see in the chats that they have now.
        of_use: the condition for a row of cards that is shown again where it is lost.
        undelivered: tells somebody of a message about such a subject that cannot be delivered.
    """

    kind: str
    refresh: Callable[[Desk, Card], None]
    show_anew: Callable[[Desk, Card], None]
    show_all: Callable[[Desk, int], None]
    of_use: ColumnElement[bool]
    undelivered: Callable[[Desk, OutboxMessage], None]


@dataclass(frozen=True)
class Capability:
    """What one capability contributes; each field is empty where it has nothing to say.

    Attributes:
        name: of its package.
        commands: what people may type.
        taps: what the buttons that it shows carry.
        cards: the kinds of subjects that it shows on cards.
        timers: the kinds of timers that it sets.
        calendar: what every estate has a timer for.
        look_again: sets what is missing, at each start and each night.
        when_done: what follows once it is certain that a request is done.
        still_owes: tells whether a finished request must stay open.
        undelivered: by the reader of an outbox row (`greeting`, `followup`): whom to tell that it cannot be delivered,
            where that is not the same for all messages about its subject.
    """

    name: str
    commands: tuple[BotCommand, ...] = ()
    taps: tuple[Action, ...] = ()
    cards: tuple[CardType, ...] = ()
    timers: tuple[TimerType, ...] = ()
    calendar: tuple[CalendarEntry, ...] = ()
    look_again: tuple[Callable[[Desk], None], ...] = ()
    when_done: tuple[Callable[[Desk, Request], None], ...] = ()
    still_owes: tuple[Callable[[Desk, Request], bool], ...] = ()
    undelivered: tuple[tuple[str, Callable[[Desk, OutboxMessage], None]], ...] = ()


@dataclass(frozen=True)
class Capabilities:
    """All capabilities of the program, and what they contribute together. Raises ValueError where two are the same."""

    listed: tuple[Capability, ...] = ()

    def __post_init__(self) -> None:
        for what, names in (
            ("capabilities", [capability.name for capability in self.listed]),
            ("commands", [command.name for capability in self.listed for command in capability.commands]),
            ("taps", [tap.name for capability in self.listed for tap in capability.taps]),
            ("kinds of cards", [card.kind for capability in self.listed for card in capability.cards]),
            ("kinds of timers", [timer.kind for capability in self.listed for timer in capability.timers]),
            ("readers", [reader for capability in self.listed for reader, _ in capability.undelivered]),
        ):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"two {what} are called {', '.join(twice)}")

    @cached_property
    def commands(self) -> dict[str, BotCommand]:
        """Returns the commands by their names, in the order of the menus."""
        found = [command for capability in self.listed for command in capability.commands]
        return {command.name: command for command in sorted(found, key=lambda command: command.order)}

    @cached_property
    def taps(self) -> dict[str, Action]:
        """Returns the taps by their names."""
        return {tap.name: tap for capability in self.listed for tap in capability.taps}

    def name_of_tap(self, data: str | None) -> str | None:
        """Returns the name of the tap that the data is; None where it is none of ours."""
        action = self.taps.get((data or "").partition(":")[0])
        return None if action is None or action.read(data) is None else action.name

    @cached_property
    def cards(self) -> dict[str, CardType]:
        """Returns the kinds of cards by what they are about."""
        return {card.kind: card for capability in self.listed for card in capability.cards}

    @cached_property
    def timers(self) -> dict[str, TimerType]:
        """Returns the kinds of timers by their names."""
        return {timer.kind: timer for capability in self.listed for timer in capability.timers}

    @cached_property
    def undelivered(self) -> dict[str, Callable[[Desk, OutboxMessage], None]]:
        """Returns who sees to a message that cannot be delivered, by its reader."""
        return {reader: tell for capability in self.listed for reader, tell in capability.undelivered}

    def kinds(self, swept: Swept) -> frozenset[str]:
        """Returns the kinds of timers that are swept so."""
        return frozenset(kind for kind, timer in self.timers.items() if timer.swept is swept)

    def plan(self, desk: Desk, estate: Estate) -> None:
        """Sets the timers of an estate's calendar that are missing."""
        for capability in self.listed:
            for entry in capability.calendar:
                entry.plan(desk, estate, desk.now - entry.late_by)

    def look_again(self, desk: Desk) -> None:
        """Sets what else is missing."""
        for capability in self.listed:
            for look in capability.look_again:
                look(desk)

    def done(self, desk: Desk, request: Request) -> None:
        """Does what follows once it is certain that a request is done."""
        for capability in self.listed:
            for follow in capability.when_done:
                follow(desk, request)

    def still_owe(self, desk: Desk, request: Request) -> bool:
        """Tells whether anything is still owed for a request."""
        return any(owes(desk, request) for capability in self.listed for owes in capability.still_owes)
