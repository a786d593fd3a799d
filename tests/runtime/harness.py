"""A full estate in one stroke, and access to its database from outside the concierge."""

from __future__ import annotations

import asyncio
import fcntl
import itertools
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import IO, Any, TypeVar

import pytest
from sqlalchemy import func
from sqlmodel import Session, SQLModel, select

from concierge_bot.catalogue import model as catalogues
from concierge_bot.catalogue.model import Catalogue
from concierge_bot.clocks import Clock
from concierge_bot.desk.capabilities import CAPABILITIES
from concierge_bot.desk.context import Desk
from concierge_bot.desk.operations import estates
from concierge_bot.desk.ordering import questions
from concierge_bot.desk.ordering import taps as ordering_taps
from concierge_bot.playground import Group, Message, Person, Playground, RateLimits
from concierge_bot.settings import SHIPPED_CATALOGUE
from storage.engine.unit import Storage
from storage.tables import people as tables
from storage.tables.queues import OutboxMessage, Urgency
from storage.tables.requests import Draft
from storage.tables.rows import row_id
from tests.support.roles import recorded
from tests.support.world import World

T = TypeVar("T")

LOOK = 0.02
"""Seconds between two looks at something that no event tells of."""
CATALOGUE = catalogues.load(SHIPPED_CATALOGUE)
SERVICE = "enquiry"
"""A service with one question, of the butlers."""


async def until(condition: Callable[[], T | None], timeout: float = 240.0, look: float = LOOK) -> T:
    """Waits for a condition that no event tells of, such as one about the database. Returns its value.

    Raises TimeoutError.
    """
    deadline = time.monotonic() + timeout
    while True:
        if found := condition():
            return found
        if time.monotonic() > deadline:
            raise TimeoutError(f"not so within {timeout} s")
        await asyncio.sleep(look)


PORT_RANGES = range(10_000, 30_000, 200)
"""The first ports of the ranges, below those that the system gives to clients."""


def _own_range() -> tuple[int, IO[str]]:
    """Locks the first range of ports that no other process on this machine has, until this process ends."""
    for first in PORT_RANGES:
        lock = (Path(tempfile.gettempdir()) / f"concierge-test-ports-{first}.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            continue
        return first, lock
    raise AssertionError("as many tests run at once as there are ranges of ports")


@cache
def _ports() -> tuple[Iterator[int], IO[str]]:
    """Returns this process's ports in turn, and the lock on their range."""
    first, lock = _own_range()
    return itertools.cycle(range(first, first + PORT_RANGES.step)), lock


def free_port() -> int:
    """Returns a port of this machine that nobody listens on, and that nobody else gets."""
    for port in _ports()[0]:
        with socket.socket() as found:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                found.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("the ports never end")


def in_trouble(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str, errors: Sequence[BaseException]
) -> list[BaseException]:
    """Patches a module's function to raise these errors, the last first, one a call, then to work again.

    Returns the list of those that are left.
    """
    left, works = list(errors), getattr(module, name)

    def function(*arguments: Any) -> Any:
        if left:
            raise left.pop()
        return works(*arguments)

    monkeypatch.setattr(module, name, function)
    return left


WIDER = 0.1
"""The margin of a window where its minute is seconds long: how long a busy machine lets a message wait does not shrink
with it, and two hundredths of a real minute are more than a second."""


def limits(minute: float) -> tuple[RateLimits, dict[str, float]]:
    """Returns Telegram's limits with a minute of so many seconds: for the playground, and as settings of ours."""
    settings = {"rate_overall": 30, "rate_group": 20, "rate_minute": minute, "rate_private": 1, "rate_burst": 5}
    return RateLimits(window_scale=minute / 60), settings


class Books:
    """The database, read and written beside the concierge; reads hold nobody up."""

    def __init__(self, database_url: str) -> None:
        self._storage = Storage(database_url)

    def close(self) -> None:
        """Closes the database."""
        self._storage.close()

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Yields the session of one transaction."""
        with self._storage.unit() as session:
            yield session

    @contextmanager
    def desk(self, clock: Clock, catalogue: Catalogue = CATALOGUE) -> Iterator[Desk]:
        """Yields a desk for one transaction."""
        with self._storage.unit() as session:
            yield Desk(session, clock.now(), catalogue, capabilities=CAPABILITIES)

    def all(self, table: type[T], *conditions: Any) -> list[T]:
        """Returns the rows of a table, oldest first."""
        with self._storage.reading() as session:
            found = select(table).where(*conditions)
            key = getattr(table, "id", None) or getattr(table, "update_id")  # noqa: B009 - the inbox has no id
            return list(session.exec(found.order_by(key)))

    def one(self, table: type[T], *conditions: Any) -> T:
        """Returns the only row. Raises ValueError where there is none, or more than one."""
        (row,) = self.all(table, *conditions)
        return row

    def count(self, table: type[SQLModel], *conditions: Any) -> int:
        """Counts rows."""
        with self._storage.reading() as session:
            return session.exec(select(func.count()).select_from(table).where(*conditions)).one()

    def add(self, *rows: SQLModel) -> None:
        """Adds rows."""
        with self._storage.unit() as session:
            session.add_all(rows)


@dataclass
class Household:
    """The people of an estate, and their group."""

    owners: list[Person]
    butlers: list[Person]
    supervisors: list[Person]
    group: Group


async def move_in(
    telegram: Playground,
    books: Books,
    now: datetime,
    *,
    owners: int = 1,
    butlers: int = 1,
    supervisors: int = 1,
    language: str = "en",
    forum: bool = False,
    admin: bool = True,
    kind: str = "supergroup",
) -> Household:
    """Makes an estate where everybody has joined already, and the butlers' group is the staff chat of all teams."""
    house = Household(
        owners=[_opened(telegram.person(f"Owner{number}")) for number in range(owners)],
        butlers=[_opened(telegram.person(f"Butler{number}")) for number in range(butlers)],
        supervisors=[_opened(telegram.person(f"Chief{number}")) for number in range(supervisors)],
        group=telegram.group("Butlers", by=telegram.person("Founder"), forum=forum, kind=kind),
    )
    for person in [*house.butlers, *house.supervisors]:
        await house.group.add(person)
    await house.group.add_bot(admin=admin)
    thread_id = await house.group.open_topic("Requests") if forum else None
    with books.session() as session:
        estate = session.exec(select(tables.Estate)).one()
        villa = tables.Villa(estate_id=row_id(estate), name="8")
        session.add(villa)
        session.flush()
        session.add(
            tables.StaffChat(
                estate_id=row_id(estate),
                team="butlers",
                chat_id=house.group.id,
                thread_id=thread_id,
                title="Butlers",
                language="en",
            )
        )
        for owner in house.owners:
            session.add(_known(owner, estate, now, villa_id=villa.id, form="m", language=language))
        for person in [*house.butlers, *house.supervisors]:
            known = _known(person, estate, now, supervises=person in house.supervisors)
            session.add(known)
            session.flush()
            session.add(tables.Membership(chat_id=house.group.id, person_id=row_id(known), since=now))
        recorded(session, now)
    return house


async def moved_in(world: World, books: Books, **options: Any) -> Household:
    """Makes the same for a concierge on duty in this process, and waits until it knows of the group."""
    house = await move_in(world.telegram, books, world.clock.now(), **options)
    await world.telegram.settled()
    return house


def _opened(person: Person) -> Person:
    person.chat.started = True
    return person


def _known(person: Person, estate: tables.Estate, now: datetime, **facts: Any) -> tables.Person:
    return tables.Person(
        estate_id=row_id(estate),
        telegram_id=person.id,
        surname=person.name,
        joined_at=now,
        opened_at=now,
        **facts,
    )


Ready = tuple[Person, Message, str]
"""The owner who taps Send, the summary, and the callback data."""


def ready_to_send(telegram: Playground, books: Books, now: datetime, owners: list[Person]) -> list[Ready]:
    """Makes each owner a draft whose every question is answered: one tap on Send makes one request."""
    with books.session() as session:
        ids = {row.telegram_id: row_id(row) for row in session.exec(select(tables.Person))}
        drafts = [
            Draft(
                person_id=ids[owner.id],
                service=SERVICE,
                step=1,
                answers={"what": {"text": f"wish of {owner.name}", "message": 1}},
                started_at=now,
                in_hand_since=now,
            )
            for owner in owners
        ]
        session.add_all(drafts)
        session.flush()
        desk = Desk(session, now, CATALOGUE, capabilities=CAPABILITIES)
        kept = [send_button(desk, draft) for draft in drafts]
    found: list[Ready] = []
    for owner, data in zip(owners, kept, strict=True):
        summary = telegram._world.post(owner.chat, telegram.bot, {"text": "Is this right?"})
        found.append((owner, summary, data))
    return found


def send_button(desk: Desk, draft: Draft) -> str:
    """Returns the callback data of Send beneath the summary of a draft."""
    return ordering_taps.SEND.data(row_id(draft), questions.version(desk, draft))


async def send_all(ready: list[Ready]) -> None:
    """Taps Send for all owners at once."""
    for owner, summary, data in ready:
        await owner.taps_data(summary, data, wait=False)


def routine(chat_id: int, now: datetime, text: str, **facts: Any) -> OutboxMessage:
    """Returns a message that waits to be delivered."""
    params = {"text": text}
    facts = {"urgency": Urgency.ROUTINE, **facts}
    return OutboxMessage(chat_id=chat_id, method="sendMessage", params=params, created_at=now, not_before=now, **facts)


def nudge(world: World) -> None:
    """Wakes delivery to look at rows written beside it."""
    world.clock.turned()


def places_taken(world: World) -> list[tuple[float, int]]:
    """Records, from now on, when and into which chat each message was let go, however late it arrives."""
    assert world.concierge is not None
    pace, taken = world.concierge.delivery._pace, list[tuple[float, int]]()
    take = pace.take

    def noted(chat_id: int, now: float, count: int = 1) -> None:
        taken.append((now, chat_id))
        take(chat_id, now, count)

    pace.take = noted  # type: ignore[method-assign]
    return taken


def texts(telegram: Playground, chat_id: int) -> list[str]:
    """Returns the texts of the bot's messages that stand in a chat now, oldest first."""
    chat = telegram._world.chats[chat_id]
    return [message.text for message in chat.messages.values() if message.sender is telegram.bot]


def first_estate(books: Books, clock: Clock) -> None:
    """Makes the estate that a new installation starts with."""
    with books.desk(clock) as desk:
        estates.ensure_first(desk)


only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For tests that have nothing to do with the database."""
