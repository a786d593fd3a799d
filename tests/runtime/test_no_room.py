"""A disk that is full, a database that may only be read or stays locked.

Nothing is confirmed that is not kept, nothing is sent twice because it could not be noted, and everything goes on by
itself.
"""

from __future__ import annotations

import resource
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from concierge_bot.desk.queues.timers import TimerKind
from concierge_bot.playground import Person, Playground
from concierge_bot.runtime.retries import is_trouble, place_of
from storage.engine.unit import database
from storage.tables.queues import InboxState, InboxUpdate, OutboxMessage, OutboxState, Timer, TimerState, Urgency
from storage.tables.requests import Draft, Request
from tests.runtime.harness import (
    Books,
    free_port,
    moved_in,
    only_sqlite,
    ready_to_send,
    routine,
    send_all,
    texts,
    until,
)
from tests.runtime.process import ForkedBot, Living, Zygote, living
from tests.runtime.test_webhook import SECRET
from tests.support.databases import PostgresServer
from tests.support.world import opened

only_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
PARTS = ("no updates", "the outbox stands still", "the clock stands still")
MESSAGES = [f"message {number}" for number in range(3)]
OPEN = col(Draft.closed_at).is_(None)


def _prepare(books: Books, owners: list[Person], soon: datetime) -> None:
    """Three messages for each owner, and a timer, which will be due soon."""
    for owner in owners:
        books.add(*(routine(owner.id, soon, text) for text in MESSAGES))
    books.add(Timer(key="x", kind=TimerKind.FOLLOW_UP, subject_id=99, due_at=soon, urgency=Urgency.ALARM))


def _messages(telegram: Playground, owner: Person) -> list[str]:
    return [said for said in texts(telegram, owner.id) if said.startswith("message")]


async def _all_is_done(telegram: Playground, books: Books, owners: list[Person]) -> None:
    """Every word was kept once, every message came once, the timer fired, and nothing was given up."""
    await until(lambda: not telegram.waiting)
    await until(lambda: books.count(Draft, OPEN) == len(owners))
    await until(lambda: not books.count(OutboxMessage, OutboxMessage.state == OutboxState.WAITING))
    await until(lambda: books.count(Timer, Timer.key == "x", Timer.state == TimerState.FIRED))
    assert sorted(draft.answers["words"]["text"] for draft in books.all(Draft, OPEN)) == sorted(map(_word, owners))
    assert [_messages(telegram, owner) for owner in owners[:2]] == [MESSAGES] * 2
    assert books.count(InboxUpdate, InboxUpdate.state != InboxState.DONE) == 0
    assert telegram.violations == []


def _word(owner: Person) -> str:
    return f"I am {owner.name}"


def _stood(lines: list[str]) -> Counter[str]:
    """How often each part said that it waits."""
    return Counter(part for part in PARTS for line in lines if part in line)


@contextmanager
def _full_disk(bot: Living) -> Iterator[None]:
    """A limit to the size of the process's files stands for the disk: its writes fail where they need more room."""
    assert isinstance(bot.bot, ForkedBot)
    (process,) = bot.bot._standing()
    journal = bot.bot.folder / "concierge.sqlite-wal"
    filler = {"x": "x" * journal.stat().st_size}  # where the journal has begun again from its front, there is room
    bot.books.add(
        InboxUpdate(update_id=1, chat_id=1, kind="x", payload=filler, state=InboxState.DONE, received_at=bot.now)
    )
    resource.prlimit(process, resource.RLIMIT_FSIZE, (journal.stat().st_size, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.prlimit(process, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@only_sqlite
async def test_a_full_disk_stops_everything_and_loses_nothing(
    tmp_path: Path, database_url: str, zygote: Zygote
) -> None:
    async with living(tmp_path, database_url, zygote, owners=4) as bot:
        owners = bot.house.owners
        _prepare(bot.books, owners[:2], bot.now + timedelta(hours=1))
        await bot.telegram.settled()
        due = (OutboxMessage.state == OutboxState.WAITING, col(OutboxMessage.not_before) <= bot.now)
        await until(lambda: not bot.books.count(OutboxMessage, *due))  # what was sent is noted, and holds up nothing
        before = len(bot.bot.log_file.read_text().splitlines())

        def said() -> list[str]:
            lines = bot.bot.log_file.read_text().splitlines()[before:]
            return [line for line in lines if " INFO " not in line]  # which tell of what was done

        with _full_disk(bot):
            for owner in owners:
                await owner.writes(_word(owner))
            bot.turn(timedelta(hours=2))
            await until(lambda: all(_messages(bot.telegram, owner) for owner in owners[:2]))
            await until(lambda: all(_stood(said())[part] for part in PARTS))
            polls = len(bot.telegram.requests_of("getUpdates"))
            waiting = bot.telegram.waiting
            assert waiting > 0
            await until(lambda: all(_stood(said())[part] >= 4 for part in PARTS))
            await until(lambda: len(bot.telegram.requests_of("getUpdates")) >= polls + 2)
            offsets = {call.params.get("offset") for call in bot.telegram.requests_of("getUpdates")[polls:]}
            assert len(offsets) == 1, "something was confirmed that was not kept"
            assert bot.telegram.waiting == waiting
            for found in (_messages(bot.telegram, owner) for owner in owners[:2]):  # more may have been on its way
                assert found == MESSAGES[: len(found)], "what could not be noted was sent again"
        await _all_is_done(bot.telegram, bot.books, owners)
        assert all(line.count("(SQLITE_IOERR_WRITE)") == 1 for line in said())
        assert len(said()) == len(set(said()))


@only_sqlite
@pytest.mark.parametrize("by", ["polling", "webhook"])
async def test_a_locked_file_is_waited_for(
    database_url: str, books: Books, caplog: pytest.LogCaptureFixture, by: str
) -> None:
    door = _door() if by == "webhook" else {}
    async with opened(f"{database_url}?timeout=0.1", settings=door) as world:
        owners = (await moved_in(world, books, owners=3)).owners
        _prepare(books, owners[:2], world.clock.now() + timedelta(hours=1))
        await until(lambda: world.telegram.requests_of("setWebhook" if door else "getUpdates"))
        with closing(sqlite3.connect(make_url(database_url).database or "", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            for owner in owners:
                await owner.writes(_word(owner))
            world.turn(hours=2)
            refusal = "an update could not be kept" if door else "no updates"
            await until(lambda: caplog.text.count(refusal) >= 3 and all(_stood(caplog.messages)[p] for p in PARTS[1:]))
            assert "(SQLITE_BUSY)" in caplog.text
            assert world.telegram.waiting == 3
            if door:
                await until(lambda: "503" in str(world.telegram._world.webhook.last_error))
            other.execute("ROLLBACK")
        await _all_is_done(world.telegram, books, owners)


def _door() -> dict[str, Any]:
    port = free_port()
    address = f"127.0.0.1:{port}"
    return {"webhook_url": f"http://{address}/x", "webhook_secret": SecretStr(SECRET), "webhook_listen": address}


def _read_only(server: PostgresServer, database_url: str, *, on: bool) -> None:
    """What a full disk's guard does. Taken back, it holds for new connections only, and the old ones are left alone."""
    name = make_url(database_url).database
    with psycopg.connect(server.new(empty=True), autocommit=True) as own:
        own.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {"on" if on else "off"}'.encode())
        if on:
            own.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


@only_postgresql
async def test_a_database_that_may_only_be_read_is_waited_for(
    database_url: str, books: Books, postgres_server: PostgresServer, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(database_url) as world:
        owners = (await moved_in(world, books, owners=43)).owners
        _prepare(books, owners[:2], world.clock.now() + timedelta(hours=1))
        writers, senders = owners[:3], owners[3:]
        ready = ready_to_send(world.telegram, books, world.clock.now(), senders)
        await send_all(ready)
        await until(lambda: books.count(Request) > 3)
        _read_only(postgres_server, database_url, on=True)  # while requests are under way
        caplog.clear()
        for owner in writers:
            await owner.writes(_word(owner))
        world.turn(hours=2)
        await until(lambda: all(_stood(caplog.messages)[part] >= 2 for part in PARTS))
        assert "(ReadOnlySqlTransaction)" in caplog.text
        assert world.telegram.waiting >= 3
        shown = [_messages(world.telegram, owner) for owner in owners[:2]]
        assert [sorted(set(found)) for found in shown] == shown, "what could not be noted was sent again"
        _read_only(postgres_server, database_url, on=False)
        await _all_is_done(world.telegram, books, writers)
        assert len({request.person_id for request in books.all(Request)}) == books.count(Request) == len(senders)


def _of_sqlite(statements: tuple[str, ...], folder: Path) -> DBAPIError:
    """What SQLite raises at the last of some statements; a transaction is begun by somebody else."""
    file = folder / "x.sqlite"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("CREATE TABLE IF NOT EXISTS t (x)")
        engine = create_engine(f"sqlite:///{file}?timeout=0.05")
        *before, last = statements
        with engine.connect() as connection:
            for statement in before:
                (other.execute if statement == "BEGIN IMMEDIATE" else connection.exec_driver_sql)(statement)
            with pytest.raises(DBAPIError) as raised:
                connection.exec_driver_sql(last)
        engine.dispose()
    return raised.value


@pytest.mark.parametrize(
    ("statements", "name"),
    [
        (("PRAGMA max_page_count = 2", "INSERT INTO t VALUES (zeroblob(100000))"), "SQLITE_FULL"),
        (("PRAGMA query_only = ON", "INSERT INTO t VALUES (1)"), "SQLITE_READONLY"),
        (("BEGIN IMMEDIATE", "INSERT INTO t VALUES (1)"), "SQLITE_BUSY"),
        (("ATTACH '/nowhere/x' AS y",), "SQLITE_CANTOPEN"),
    ],
)
def test_what_sqlite_raises_in_trouble_is_waited_for_and_named(
    tmp_path: Path, statements: tuple[str, ...], name: str
) -> None:
    error = _of_sqlite(statements, tmp_path)
    assert is_trouble(error)
    assert place_of(error).startswith(f"OperationalError ({name}) at ")


CODES = {
    "53100": "DiskFull",
    "53200": "OutOfMemory",
    "53300": "TooManyConnections",
    "25006": "ReadOnlySqlTransaction",
    "57P01": "AdminShutdown",
    "57P03": "CannotConnectNow",
    "40P01": "DeadlockDetected",
    "40001": "SerializationFailure",
    "55P03": "LockNotAvailable",
    "58030": "IoError",
}


@only_postgresql
def test_what_postgresql_raises_in_trouble_is_waited_for_and_named(database_url: str) -> None:
    engine = create_engine(database(database_url))
    for code, name in CODES.items():
        with pytest.raises(DBAPIError) as raised, engine.connect() as connection:
            connection.exec_driver_sql(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{code}'; END $$")
        assert is_trouble(raised.value), name
        assert f" ({name}) at " in place_of(raised.value)
    engine.dispose()
