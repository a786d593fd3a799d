"""Group commit on SQLite: units that wait together become durable together, and each is still whole or nothing."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session, col, select

from concierge_bot.catalogue import model as catalogues
from concierge_bot.desk.context import Desk
from concierge_bot.settings import SHIPPED_CATALOGUE
from storage import schema
from storage.engine.notices import Queue, note, wake
from storage.engine.unit import Storage
from storage.tables.people import Estate
from storage.tables.registry import METADATA
from tests.support.databases import sqlite_url


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    """A file of SQLite's; whoever has to wait for it gives up soon."""
    found = Storage(f"{sqlite_url(tmp_path)}?timeout=0.1")
    schema.upgrade(found)
    yield found
    found.close()


class Held:
    """Keeps the writer's thread busy, so that what comes meanwhile waits together."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._begun, self._free = threading.Event(), threading.Event()

    async def __aenter__(self) -> None:
        self._task = asyncio.ensure_future(self._storage.run(self._hold))
        await asyncio.to_thread(self._begun.wait, 10)

    async def __aexit__(self, *_: object) -> None:
        await asyncio.sleep(0)  # the tasks of the block ask for their units
        self._free.set()
        await self._task

    def _hold(self, session: Session) -> None:
        session.connection()
        self._begun.set()
        assert self._free.wait(10)


def _move_in(session: Session, name: str) -> None:
    session.add(Estate(name=name, timezone="UTC", language="en", currency="EUR"))


def _names(storage: Storage) -> list[str]:
    """As whoever else reads them: only what is committed."""
    with closing(sqlite3.connect(storage.url.database or "")) as other:
        return [name for (name,) in other.execute("SELECT name FROM estates ORDER BY id")]


async def _run(storage: Storage, name: str, commits: list[int] | None = None) -> None:
    await storage.run(lambda session: _move_in(session, name))
    assert name in _names(storage)
    if commits is not None:
        commits.append(len(_names(storage)))


async def test_units_that_wait_share_a_commit_and_nobody_hears_before_it(storage: Storage) -> None:
    seen: list[int] = []
    async with Held(storage):
        tasks = [asyncio.ensure_future(_run(storage, f"E{number}", seen)) for number in range(10)]
    await asyncio.gather(*tasks)
    assert seen == [10] * 10
    assert _names(storage) == [f"E{number}" for number in range(10)]


async def test_a_unit_changes_what_the_one_before_it_only_read(storage: Storage) -> None:
    """Whatever a unit of work remembers for itself must be gone for the next: it holds rows that nobody writes back."""

    def _open(session: Session) -> Desk:
        return Desk(session, datetime.now(UTC), catalogues.load(SHIPPED_CATALOGUE))

    await storage.run(lambda session: _move_in(session, "E"))
    async with Held(storage):
        reading = asyncio.ensure_future(storage.run(lambda session: _open(session).estate(1).name))
        changing = asyncio.ensure_future(storage.run(lambda session: setattr(_open(session).estate(1), "name", "F")))
    await asyncio.gather(reading, changing)
    assert _names(storage) == ["F"]


async def test_a_unit_knows_nothing_of_what_the_one_before_it_left(storage: Storage) -> None:
    found = list[object]()

    def remember(number: int, session: Session) -> None:
        found.append(session.info.setdefault("left", number))

    async with Held(storage):
        tasks = [asyncio.ensure_future(storage.run(partial(remember, number))) for number in range(3)]
    await asyncio.gather(*tasks)
    assert found == [0, 1, 2]


async def test_each_leaves_its_own_to_be_told(storage: Storage) -> None:
    woken, told = list[Queue](), list[list[object]]()
    storage.on_wake(lambda queue, _at: woken.append(queue))
    storage.on_notes(told.append)

    def unit(session: Session, number: int) -> None:
        if number != 1:
            note(session, number)
            wake(session, Queue.TIMERS if number else Queue.OUTBOX)

    async with Held(storage):
        tasks = [
            asyncio.ensure_future(storage.run(lambda session, number=number: unit(session, number)))  # type: ignore[misc]
            for number in range(3)
        ]
    await asyncio.gather(*tasks)
    assert (woken, told) == ([Queue.OUTBOX, Queue.TIMERS], [[0], [2]])


async def test_one_that_fails_fails_alone(storage: Storage) -> None:
    woken, told = list[Queue](), list[object]()
    storage.on_wake(lambda queue, _at: woken.append(queue))
    storage.on_notes(told.extend)

    def unit(session: Session, number: int) -> int:
        _move_in(session, f"E{number}")
        note(session, number)
        wake(session, Queue.TIMERS if number == 2 else Queue.OUTBOX)
        if number == 2:
            raise ZeroDivisionError
        return number

    async with Held(storage):
        tasks = [
            asyncio.ensure_future(storage.run(lambda session, number=number: unit(session, number)))  # type: ignore[misc]
            for number in range(5)
        ]
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert [number if isinstance(number, int) else type(number) for number in found] == [0, 1, ZeroDivisionError, 3, 4]
    assert _names(storage) == ["E0", "E1", "E3", "E4"]
    assert (woken, told) == ([Queue.OUTBOX] * 4, [0, 1, 3, 4])


async def test_what_only_the_database_refuses_fails_alone_as_well(storage: Storage) -> None:
    async with Held(storage):
        tasks = [asyncio.ensure_future(_run(storage, name)) for name in ("one", "two", "one", "three")]
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(outcome) for outcome in found] == [type(None), type(None), IntegrityError, type(None)]
    assert _names(storage) == ["one", "two", "three"]


async def test_a_unit_knows_nothing_of_the_objects_of_the_one_before(storage: Storage) -> None:
    def rename(session: Session, to: str) -> tuple[str, Estate]:
        estate = session.exec(select(Estate)).one()
        found = estate.name
        session.connection().execute(update(Estate).where(col(Estate.id) == estate.id).values(name=to))
        return found, estate

    await _run(storage, "first")
    async with Held(storage):
        tasks = [
            asyncio.ensure_future(storage.run(lambda session, to=to: rename(session, to)))  # type: ignore[misc]
            for to in ("second", "third")
        ]
    assert [found for found, _ in await asyncio.gather(*tasks)] == ["first", "second"]
    assert _names(storage) == ["third"]


async def test_what_stands_in_the_way_of_all_is_told_to_all_and_passes(storage: Storage) -> None:
    with closing(sqlite3.connect(storage.url.database or "", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        found = await asyncio.gather(*(_run(storage, f"E{number}") for number in range(3)), return_exceptions=True)
        other.execute("ROLLBACK")
    assert [type(outcome) for outcome in found] == [OperationalError] * 3
    await asyncio.gather(*(_run(storage, f"F{number}") for number in range(3)))
    assert _names(storage) == ["F0", "F1", "F2"]


async def test_whoever_waits_no_more_holds_up_nobody(storage: Storage) -> None:
    async with Held(storage):
        tasks = [asyncio.ensure_future(_run(storage, f"E{number}")) for number in range(3)]
        await asyncio.sleep(0)
        tasks[1].cancel()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(outcome) for outcome in found] == [type(None), asyncio.CancelledError, type(None)]
    assert {"E0", "E2"} <= set(_names(storage))


def test_a_loop_that_ended_in_between_leaves_nothing_stuck(tmp_path: Path) -> None:
    storage = Storage(sqlite_url(tmp_path))
    schema.upgrade(storage)
    begun, free = threading.Event(), threading.Event()

    def slow(session: Session) -> None:
        session.connection()
        begun.set()
        assert free.wait(10)

    async def leave() -> None:
        task = asyncio.ensure_future(storage.run(slow))
        await asyncio.to_thread(begun.wait, 10)
        task.cancel()

    asyncio.run(leave())
    free.set()
    asyncio.run(asyncio.wait_for(_run(storage, "after"), 10))
    storage.close()
    assert _names(storage) == ["after"]


PLANS = st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=40)


@given(PLANS)
def test_in_groups_comes_out_what_one_after_the_other_would(plan: list[tuple[int, bool]]) -> None:
    """Names are unique: what is there already, or raises, changes nothing."""
    expected: list[str] = []
    for number, fails in plan:
        if not fails and f"E{number}" not in expected:
            expected.append(f"E{number}")

    def unit(session: Session, number: int, *, fails: bool) -> None:
        _move_in(session, f"E{number}")
        session.flush()
        if fails:
            raise ZeroDivisionError

    async def all_of_it(storage: Storage) -> None:
        units = [lambda session, n=number, f=fails: unit(session, n, fails=f) for number, fails in plan]
        await asyncio.gather(*map(storage.run, units), return_exceptions=True)

    with TemporaryDirectory() as folder:
        storage = Storage(sqlite_url(Path(folder)))
        METADATA.create_all(storage.engine)
        try:
            asyncio.run(all_of_it(storage))
            assert _names(storage) == expected
        finally:
            storage.close()
