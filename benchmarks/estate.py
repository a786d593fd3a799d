"""A large estate where everybody has joined: Telegram on loopback on one side, rows in the database on the other."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from aiohttp.test_utils import unused_port
from sqlalchemy import func, insert
from sqlmodel import SQLModel, col, select

from benchmarks.programs import NO_LIMITS, Program, program
from concierge_bot.catalogue import model as catalogues
from concierge_bot.desk.capabilities import CAPABILITIES
from concierge_bot.desk.context import Desk
from concierge_bot.desk.operations import estates
from concierge_bot.desk.ordering import questions
from concierge_bot.desk.ordering import taps as ordering_taps
from concierge_bot.playground import Fault, FaultKind, Group, Message, Person, Playground
from concierge_bot.settings import SHIPPED_CATALOGUE
from storage import schema
from storage.engine.unit import Storage
from storage.tables import people as tables
from storage.tables.queues import OutboxMessage, OutboxState, Urgency
from storage.tables.requests import Draft
from storage.tables.rows import row_id

SERVICE, QUESTION = "enquiry", "what"
"""A service that asks one question: the tap on Send that makes the request is the second tap of a conversation."""
UNSENT = select(func.count()).select_from(OutboxMessage).where(col(OutboxMessage.state) == OutboxState.WAITING)
LOOK = 0.002
PATIENCE = 60.0
KEPT_CALLS = 1000

Tap = tuple[Person, Message, str]
"""Who taps, beneath which message, and what the tap carries."""


async def until(condition: Callable[[], object], timeout: float = PATIENCE, look: float = LOOK) -> float:
    """Waits until the condition is true, and returns the moment in seconds. Raises TimeoutError."""
    deadline = time.perf_counter() + timeout
    while not condition():
        if time.perf_counter() > deadline:
            raise TimeoutError(f"not so within {timeout:g} s")
        await asyncio.sleep(look)
    return time.perf_counter()


@dataclass
class Estate:
    """Both sides of an estate, and the program between them."""

    telegram: Playground
    owners: list[Person]
    supervisor: Person
    group: Group
    folder: Path
    storage: Storage
    person_ids: dict[int, int] = field(default_factory=dict)
    """The rows' ids by those of Telegram's."""
    villa_id: int = 0
    estate_id: int = 0

    @property
    def url(self) -> str:
        """Returns the database's URL."""
        return self.storage.url.render_as_string(hide_password=False)

    @property
    def cards(self) -> int:
        """Returns the number of messages in the group."""
        return len(self.group.chat.messages)

    def slow(self, seconds: float) -> None:
        """Delays each answer of the server by so many seconds."""
        self.telegram.faults.clear()
        if seconds:
            self.telegram.faults.add(Fault(FaultKind.DELAY, seconds=seconds))

    def ready_to_send(self, rounds: int = 1) -> list[Tap]:
        """Prepares `rounds` requests of each owner in which only Send is missing. Returns the taps, in their order."""
        now = datetime.now(UTC)
        with self.storage.unit() as session:
            found: list[tuple[Person, Draft]] = []
            for number in range(rounds):
                for owner in self.owners:
                    answers = {QUESTION: {"text": f"wish {number} of {owner.name}", "message": 1}}
                    draft = Draft(
                        person_id=self.person_ids[owner.id],
                        service=SERVICE,
                        step=1,
                        answers=answers,
                        started_at=now,
                        in_hand_since=now,
                    )
                    session.add(draft)
                    found.append((owner, draft))
            session.flush()
            desk = Desk(session, now, catalogues.load(SHIPPED_CATALOGUE), capabilities=CAPABILITIES)
            drafts = [
                (owner, ordering_taps.SEND.data(row_id(draft), questions.version(desk, draft)))
                for owner, draft in found
            ]
        # The newest draft of an owner is the one that they are at, and closing it leaves them at the one before.
        return [
            (owner, self._shown(owner, "Is everything correct? Tap Send and I will pass it on at once."), data)
            for owner, data in reversed(drafts)
        ]

    def _shown(self, person: Person, text: str) -> Message:
        return self.telegram._world.post(person.chat, self.telegram.bot, {"text": text})

    def message(self, chat_id: int, text: str, urgency: Urgency = Urgency.ROUTINE) -> dict[str, Any]:
        """Returns the row of a message that waits in the outbox."""
        now = datetime.now(UTC)
        return {
            "chat_id": chat_id,
            "method": "sendMessage",
            "params": {"text": text},
            "urgency": urgency,
            "created_at": now,
            "not_before": now,
        }

    def write(self, table: type[SQLModel], rows: Iterable[dict[str, Any]]) -> None:
        """Inserts many rows."""
        with self.storage.unit() as session:
            session.execute(insert(table), list(rows))

    def delivered(self) -> int:
        """Returns the number of messages in private chats."""
        return sum(len(owner.chat.messages) for owner in self.owners)

    def unsent(self) -> int:
        """Returns how many messages still wait in the outbox, read beside whoever writes."""
        with self.storage.reading() as session:
            return int(session.scalar(UNSENT) or 0)

    @asynccontextmanager
    async def concierge(self, settings: Mapping[str, str] | None = None, *, only: str = "") -> AsyncIterator[Program]:
        """Runs `concierge run` over this estate, all of it or one part, once it is on duty."""
        wanted = {
            "BOT_TOKEN": self.telegram.token,
            "API_URL": self.telegram.api_url,
            "DATABASE_URL": self.url,
            **NO_LIMITS,
            **(settings or {}),
        }
        arguments, port = ("--only", only) if only else (), unused_port()
        if only:
            wanted["HEALTH_LISTEN"] = f"127.0.0.1:{port}"
        async with program("-m", "concierge_bot", "run", *arguments, settings=wanted, where=self.folder) as found:
            if only:
                await self._started(found, lambda: _answers(port))
            else:
                await self.asked(found)
            yield found
            await found.end()

    @asynccontextmanager
    async def bot(self, module: ModuleType) -> AsyncIterator[Program]:
        """Runs another bot instead of the concierge, with only the people and group of the estate."""
        arguments = ("-m", module.__name__, self.telegram.api_url, self.telegram.token, str(self.group.id))
        async with program(*arguments, where=self.folder) as found:
            await self.asked(found)
            yield found

    async def asked(self, found: Program) -> None:
        """Waits until the program asks for updates, or has had a webhook set."""
        queue = self.telegram._world.queue
        await self._started(found, lambda: queue._poll is not None or queue.webhook_active)

    async def _started(self, found: Program, condition: Callable[[], bool]) -> None:
        await until(lambda: condition() or not found.is_running, 60)
        if not found.is_running:
            raise RuntimeError(f"it did not start: see {self.folder / 'log'}")


def _answers(port: int) -> bool:
    with socket.socket() as found:
        return found.connect_ex(("127.0.0.1", port)) == 0


@asynccontextmanager
async def estate(folder: Path, *, owners: int, butlers: int = 1, url: str = "") -> AsyncIterator[Estate]:
    """Yields an estate with so many owners, one group for all teams and one supervisor.

    Its database is the empty one of `url`, or else a file in the folder.
    """
    storage = Storage(url or f"sqlite:///{folder / 'concierge.sqlite'}")
    schema.upgrade(storage)
    async with Playground(keep_calls=KEPT_CALLS, tap_lifetime=600) as telegram:
        found = Estate(
            telegram,
            owners=[telegram.person(f"Owner{number}") for number in range(owners)],
            supervisor=telegram.person("Chief"),
            group=telegram.group("Butlers", by=telegram.person("Founder")),
            folder=folder,
            storage=storage,
        )
        members = [telegram.person(f"Butler{number}") for number in range(butlers)]
        for person in [*members, found.supervisor]:
            await found.group.add(person)
        await found.group.add_bot(admin=True)
        for person in [*found.owners, *members, found.supervisor]:
            person.chat.started = True
        telegram._world.queue.clear()
        _move_in(found, members)
        try:
            yield found
        finally:
            storage.close()


def _move_in(found: Estate, members: list[Person]) -> None:
    now = datetime.now(UTC)
    with found.storage.unit() as session:
        desk = Desk(session, now, catalogues.load(SHIPPED_CATALOGUE), capabilities=CAPABILITIES)
        estate_id = row_id(estates.ensure_first(desk))
        villa = tables.Villa(estate_id=estate_id, name="8")
        session.add(villa)
        chat = tables.StaffChat(
            estate_id=estate_id, team="butlers", chat_id=found.group.id, title="Butlers", language="en"
        )
        session.add(chat)
        session.flush()
        people = {}
        for person in [*found.owners, *members, found.supervisor]:
            people[person.id] = tables.Person(
                estate_id=estate_id,
                telegram_id=person.id,
                surname=person.name,
                joined_at=now,
                opened_at=now,
                villa_id=villa.id if person in found.owners else None,
                form="m" if person in found.owners else None,
                language="en",
                supervises=person is found.supervisor,
            )
            session.add(people[person.id])
        session.flush()
        for member in [*members, found.supervisor]:
            person_id = row_id(people[member.id])
            session.add(tables.Membership(chat_id=found.group.id, person_id=person_id, since=now))
        found.person_ids = {telegram_id: row_id(row) for telegram_id, row in people.items()}
        found.villa_id, found.estate_id = row_id(villa), estate_id
