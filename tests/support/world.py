"""An estate for a test: the playground on loopback, the concierge wired as it really runs, and a clock to turn."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlmodel import Session, select

from concierge_bot.catalogue import model as catalogues
from concierge_bot.clocks import TurnableClock
from concierge_bot.commands.invite import Invited, owner, supervisor
from concierge_bot.desk.capabilities import CAPABILITIES
from concierge_bot.desk.context import Desk
from concierge_bot.desk.operations import estates
from concierge_bot.desk.people import invites
from concierge_bot.desk.requests import board_changes
from concierge_bot.playground import Group, Message, Person, Playground, TapAnswer
from concierge_bot.runtime.app import Concierge, build
from concierge_bot.runtime.installation import Installation
from concierge_bot.settings import SHIPPED_CATALOGUE, Settings
from storage.engine.unit import Storage
from storage.tables.menus import ToldMenu
from storage.tables.queues import OutboxMessage, OutboxState
from tests.support.databases import Contents, contents, counts, make_schema, put_in

NOON = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)
"""A Monday noon in Shanghai."""
CATALOGUE = catalogues.load(SHIPPED_CATALOGUE)
"""Loaded once: to prepare its phrases takes longer than many a test."""
LOOK = 0.01
"""Seconds between two looks whether the concierge has done something."""
NO_LIMITS = {"rate_overall": 100_000, "rate_group": 100_000, "rate_private": 100_000, "rate_burst": 100_000}


@dataclass
class World:
    """The estate, its Telegram and its concierge."""

    telegram: Playground
    clock: TurnableClock
    database_url: str
    settings: dict[str, Any] = field(default_factory=dict)
    catalogue: Path = SHIPPED_CATALOGUE
    concierge: Concierge | None = None
    now: datetime = NOON
    """The moment at which it was opened."""
    as_opened: tuple[object, ...] | None = None
    """The identity of the estate, for as long as no test has worked at its desk."""

    def house(self) -> Installation:
        """Returns the installation over the test's database, as `concierge run` opens it."""
        settings = Settings(
            _env_file=None,
            bot_token=self.telegram.token,
            api_url=self.telegram.api_url,
            database_url=self.database_url,
            catalogue=self.catalogue,
            **{**NO_LIMITS, **self.settings},
        )
        make_schema(settings.database_url)
        storage = Storage(settings.database_url)
        if storage.is_sqlite:
            event.listen(storage.engine, "connect", _leave_it_to_the_system)
        shipped = settings.catalogue == SHIPPED_CATALOGUE
        catalogue = CATALOGUE if shipped else catalogues.load(settings.catalogue)
        house = Installation(settings, catalogue, storage, self.clock)
        with house.desk() as desk:
            estates.ensure_first(desk)
        return house

    async def start(self) -> None:
        """Starts the concierge."""
        self.concierge = build(await asyncio.to_thread(self.house))
        await self.concierge.start()

    async def start_again(self) -> None:
        """Goes on duty on a new estate as if it had been there before: Telegram knows its commands.

        To tell them takes half of the time of a start; it is done once in each test process, on each engine, for each
        moment.
        """
        house = await asyncio.to_thread(self.house)
        with house.storage.unit() as session:
            before = counts(session)
        alike = (house.storage.engine.dialect.name, self.now, board_changes.note.__module__)
        found = _first_starts.get(alike)
        if found is not None and found.before == before:
            with house.storage.unit() as session:
                put_in(session, found.contents)
            self.telegram.load_state(found.saved)
            if self.clock.now() < found.at:
                self.clock.turn_to(found.at)
        opened_before = len(self.telegram.requests_of("deleteWebhook"))
        self.concierge = build(house)
        await self.concierge.start()
        await self.telegram.until(lambda: len(self.telegram.requests_of("deleteWebhook")) > opened_before)
        if found is None and self.telegram.is_untouched:
            while not await self.look(has_told_its_commands):
                await self.telegram.settled(quiet=LOOK)
            kept = await self.look(lambda desk: contents(desk.session))
            _first_starts[alike] = FirstStart(before, self.clock.now(), kept, self.telegram.save_state(None))

    async def stop(self) -> None:
        """Stops the concierge."""
        if self.concierge is not None:
            await self.concierge.stop()
            self.concierge = None

    async def restart(self) -> None:
        """Stops the concierge and starts it again."""
        await self.stop()
        await self.start()

    def turn(self, **by: float) -> None:
        """Turns the clock forward: `turn(minutes=10)`."""
        self.clock.turn(timedelta(**by))

    async def desk(self, work: Any) -> Any:
        """Runs a unit of work at the desk, to read the database or to prepare it. Returns its result."""
        self.as_opened = None
        return await self.look(work)

    async def look(self, work: Any) -> Any:
        """Runs a unit of work at the desk that leaves everything as it is. Returns its result."""
        assert self.concierge is not None

        def unit(session: Session) -> Any:
            return work(Desk(session, self.clock.now(), self.concierge.desks.catalogue, capabilities=CAPABILITIES))  # type: ignore[union-attr]

        return await self.concierge.desks.storage.run(unit)

    async def code(self, invited: Invited) -> str:
        """Returns the code of a new invitation."""
        return str(await self.desk(lambda desk: invites.invite(desk, invited(desk, estates.ensure_first(desk)))[0]))

    async def owner(self, name: str, *, language: str = "en", villa: str = "8", **facts: Any) -> Person:
        """Returns an owner who has joined and sees the menu. `name` is the surname."""
        facts.setdefault("title", "mr")
        person = self.telegram.person(name, language_code=language)
        await person.starts(await self.code(owner(villa=villa, surname=name, language=language, **facts)))
        await self.chooses_language(person, language)
        return person

    async def supervisor(self, name: str = "Chen", *, language: str = "en") -> Person:
        """Returns a supervisor who has joined."""
        person = self.telegram.person(name, language_code=language)
        await person.starts(await self.code(supervisor(name=name, language=language)))
        await self.chooses_language(person, language)
        return person

    async def chooses_language(self, person: Person, language: str) -> None:
        """Taps the language on the screen that follows an invitation."""
        await tap(self, person, f"lang:{language}")
        await self.telegram.until(lambda: newest(person, "lang:") is None)

    async def team(self, team: str, *members: Person, by: Person, **options: Any) -> Group:
        """Returns a group that a supervisor has made the staff chat of a team."""
        group = self.telegram.group(team.title(), by=by, members=list(members), **options)
        await group.add_bot(by=by, admin=True)
        await by.writes(f"/staffchat {team}", chat=group)
        await group.sees("staff chat for")
        return group


@dataclass(frozen=True)
class FirstStart:
    """An estate just after Telegram was told all commands.

    Attributes:
        before: how many rows each table had before.
        at: the moment by its clock.
        contents: what stands in its database.
        saved: what happened in its Telegram.
    """

    before: dict[str, int]
    at: datetime
    contents: Contents
    saved: bytes


_first_starts: dict[tuple[object, ...], FirstStart] = {}


def has_told_its_commands(desk: Desk) -> bool:
    """Tells whether Telegram has been told all commands."""
    unsent = select(OutboxMessage.id).where(OutboxMessage.state != OutboxState.SENT).limit(1)
    return desk.session.exec(select(ToldMenu).limit(1)).first() is not None and not desk.session.exec(unsent).all()


def _leave_it_to_the_system(connection: sqlite3.Connection, _record: Any) -> None:
    """Turns off waiting for the disk: only a machine that falls over would need it."""
    connection.execute("PRAGMA synchronous = OFF")


def newest(screen: Any, button: str) -> tuple[Message, str] | None:
    """Returns the newest message with a button whose data begins (or, written `…end`, ends) so, and that data."""
    for message in reversed(screen.screen()):
        for row in message.buttons:
            for data in (found.data or "" for found in row):
                if data.endswith(button[1:]) if button.startswith("…") else data.startswith(button):
                    return message, data
    return None


async def tap(world: World, person: Person, button: str, screen: Any = None) -> TapAnswer:
    """Taps the newest button whose data begins (or, written `…end`, ends) so, once it is there."""
    shown = screen or person
    message, data = await world.telegram.until(lambda: newest(shown, button))
    return await person.taps(message, data)


def forged_tap(person: Person, message: Message, data: str) -> dict[str, Any]:
    """Returns a tap as a raw update, also of somebody whose app would not let them tap."""
    chat = {"id": message.chat.id, "type": "private" if message.chat.id > 0 else "supergroup"}
    shown = {"message_id": message.id, "date": int(message.date.timestamp()), "chat": chat, "text": message.text}
    user = {"id": person.id, "is_bot": False, "first_name": person.name}
    return {"callback_query": {"id": "forged", "from": user, "chat_instance": "1", "message": shown, "data": data}}


def _is_asked(owner: Person, step: int) -> bool:
    """Returns whether the newest question on the screen is this one (from 0), in whichever language."""
    found = newest(owner, "back:")
    return found is not None and found[1].endswith(f":{step}")


async def order_repair(world: World, owner: Person, text: str = "The tap drips", *, kind: str = "water") -> int:
    """Orders a repair, as soon as possible. Returns its number.

    `flood`, `gas` and `lockout` are urgent; of those the owner writes only where it is: words of danger would be asked
    about before the next question.
    """
    await owner.writes("/menu")
    await tap(world, owner, "service:repair")
    await tap(world, owner, f"…:{kind}")
    urgent = kind in {"flood", "gas", "lockout"}
    if not urgent:
        await tap(world, owner, "…:minor")
    await world.telegram.until(lambda: _is_asked(owner, 2))
    await owner.writes("In the kitchen" if urgent else text)
    await world.telegram.until(lambda: _is_asked(owner, 3))
    await tap(world, owner, "…:skip")
    if not urgent:
        await tap(world, owner, "…:soon")
    await world.telegram.until(lambda: _is_asked(owner, 5))  # the summary: what is urgent could be sent before
    answer = await tap(world, owner, "send:")
    return int("".join(letter for letter in str(answer.text) if letter.isdigit()))


@asynccontextmanager
async def opened(database_url: str, *, now: datetime = NOON, **options: Any) -> AsyncIterator[World]:
    """Yields an estate on duty."""
    is_usual = not options
    clock = options.pop("clock", None) or TurnableClock(now)
    settings, catalogue = options.pop("settings", {}), options.pop("catalogue", SHIPPED_CATALOGUE)
    async with Playground(now=clock.now, **options) as telegram:
        world = World(telegram, clock, database_url, settings, catalogue, now=now)
        if is_usual:
            await world.start_again()
            world.as_opened = (now, clock.offset(), world.concierge)
        else:
            await world.start()
        try:
            yield world
        finally:
            await world.stop()
