"""The contributions of a capability to the rest of the program: plain data, listed in `capabilities.py`.

The code that fires timers, plans the calendar or asks what is still owed reads them from here, and names no capability.
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
    from storage.tables.people import Estate, Person
    from storage.tables.queues import Card, OutboxMessage, Timer
    from storage.tables.requests import Request
    from storage.tables.roles import Role


class Swept(Enum):
    """The age from which a fired timer may be deleted, because nothing can set it again."""

    ONCE_FIRED = auto()
    """For a timer whose key is a day or a moment, or whose subject lasts for hours only."""
    WITH_ITS_REQUEST = auto()
    """For a timer about a request: deleted once that has been closed for long."""
    WITH_ITS_ANNOUNCEMENT = auto()
    """For a timer about an announcement: deleted once that has been over for long."""


@dataclass(frozen=True)
class TimerDefinition:
    """One kind of timer.

    Attributes:
        kind: its name in rows.
        fire: handles a timer of this kind, in the transaction that marks it as fired.
        says: the subject that it will look at, in English, for the page of the demo.
        swept: the age at which a fired one may be deleted.
    """

    kind: str
    fire: Callable[[Desk, Timer], None]
    says: str
    swept: Swept = Swept.ONCE_FIRED


@dataclass(frozen=True)
class CalendarEntry:
    """A recurring timer of every estate, set at the start where it is missing.

    Attributes:
        kind: the kind of the timer.
        plan: sets the next timer of an estate after a moment.
        late_by: the longest delay after the due time with which it is still fired.
    """

    kind: str
    plan: Callable[[Desk, Estate, datetime], None]
    late_by: timedelta = timedelta()


@dataclass(frozen=True)
class CardDefinition:
    """The cards about one kind of subject.

    Attributes:
        kind: the kind of subject, by its name in rows.
        refresh: updates a card; one without a message is sent.
        show_anew: the same for a card that is lost, with the messages beneath it.
        show_all: shows an estate's teams their cards in the chats that they have now.
        of_use: the condition for rows of cards that are shown again where they are lost.
        undelivered: tells somebody of an undeliverable message about such a subject.
    """

    kind: str
    refresh: Callable[[Desk, Card], None]
    show_anew: Callable[[Desk, Card], None]
    show_all: Callable[[Desk, int], None]
    of_use: ColumnElement[bool]
    undelivered: Callable[[Desk, OutboxMessage], None]


@dataclass(frozen=True)
class Capability:
    """The contributions of one capability; each field is empty by default.

    Attributes:
        name: the name of its package.
        commands: the commands of the bot.
        taps: the actions of its buttons.
        cards: the kinds of subjects that it shows on cards.
        timers: the kinds of timers that it sets.
        calendar: the recurring timers of every estate.
        look_again: sets missing timers, at each start and each night.
        when_done: runs once it is certain that a request is done.
        still_owes: tells whether a finished request must stay open.
        when_role_ended: runs once a superior or the operator has ended a role; with who did it, None for the operator.
        undelivered: by the reader of an outbox row (`greeting`, `followup`): tells somebody of an undeliverable
            message, where that is not the same for all messages about its subject.
    """

    name: str
    commands: tuple[BotCommand, ...] = ()
    taps: tuple[Action, ...] = ()
    cards: tuple[CardDefinition, ...] = ()
    timers: tuple[TimerDefinition, ...] = ()
    calendar: tuple[CalendarEntry, ...] = ()
    look_again: tuple[Callable[[Desk], None], ...] = ()
    when_done: tuple[Callable[[Desk, Request], None], ...] = ()
    still_owes: tuple[Callable[[Desk, Request], bool], ...] = ()
    when_role_ended: tuple[Callable[[Desk, Role, Person | None], None], ...] = ()
    undelivered: tuple[tuple[str, Callable[[Desk, OutboxMessage], None]], ...] = ()


@dataclass(frozen=True)
class Capabilities:
    """All capabilities of the program, and their contributions together. Raises ValueError for a name used twice."""

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
        """Returns the name of a tap's action by its callback data; None where the data is none of ours."""
        action = self.taps.get((data or "").partition(":")[0])
        return None if action is None or action.read(data) is None else action.name

    @cached_property
    def cards(self) -> dict[str, CardDefinition]:
        """Returns the kinds of cards by the kind of their subjects."""
        return {card.kind: card for capability in self.listed for card in capability.cards}

    @cached_property
    def timers(self) -> dict[str, TimerDefinition]:
        """Returns the kinds of timers by their names."""
        return {timer.kind: timer for capability in self.listed for timer in capability.timers}

    @cached_property
    def undelivered(self) -> dict[str, Callable[[Desk, OutboxMessage], None]]:
        """Returns the handlers of undeliverable messages, by the reader in the outbox row."""
        return {reader: tell for capability in self.listed for reader, tell in capability.undelivered}

    def kinds(self, swept: Swept) -> frozenset[str]:
        """Returns the kinds of timers that are swept so."""
        return frozenset(kind for kind, timer in self.timers.items() if timer.swept is swept)

    @cached_property
    def calendar_kinds(self) -> frozenset[str]:
        """Returns the kinds of the timers of every estate's calendar."""
        return frozenset(entry.kind for capability in self.listed for entry in capability.calendar)

    def plan(self, desk: Desk, estate: Estate) -> None:
        """Sets the timers of an estate's calendar that are missing."""
        for capability in self.listed:
            for entry in capability.calendar:
                entry.plan(desk, estate, desk.now - entry.late_by)

    def look_again(self, desk: Desk) -> None:
        """Runs `look_again` of all capabilities: sets missing timers outside the calendar."""
        for capability in self.listed:
            for look in capability.look_again:
                look(desk)

    def done(self, desk: Desk, request: Request) -> None:
        """Runs `when_done` of all capabilities, once it is certain that a request is done."""
        for capability in self.listed:
            for follow in capability.when_done:
                follow(desk, request)

    def role_ended(self, desk: Desk, role: Role, by: Person | None) -> None:
        """Runs `when_role_ended` of all capabilities, once a superior or the operator has ended a role."""
        for capability in self.listed:
            for follow in capability.when_role_ended:
                follow(desk, role, by)

    def still_owe(self, desk: Desk, request: Request) -> bool:
        """Tells whether anything is still owed for a request."""
        return any(owes(desk, request) for capability in self.listed for owes in capability.still_owes)
