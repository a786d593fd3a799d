"""The unit of work: everything or nothing, durable, one hop, and the queues are woken after the commit only."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, StatementError
from sqlmodel import Session, select

from storage import schema
from storage.engine.drivers import SqliteDriver, driver
from storage.engine.notices import Queue, note, wake
from storage.engine.statements import send_row, write
from storage.engine.unit import Storage, database
from storage.tables.columns import UtcDateTime
from storage.tables.people import Estate
from storage.tables.queues import InboxUpdate


@pytest.fixture
def storage(database_url: str) -> Iterator[Storage]:
    """A database with the schema."""
    found = Storage(database_url)
    if schema.present(found) is None:
        schema.upgrade(found)
    yield found
    found.close()


def _estate(name: str) -> Estate:
    return Estate(name=name, timezone="Asia/Shanghai", language="en", currency="CNY")


def _names(storage: Storage) -> list[str]:
    with storage.unit() as session:
        return sorted(session.exec(select(Estate.name)))


async def test_what_raises_leaves_nothing_behind(storage: Storage) -> None:
    def work(session: Session) -> None:
        session.add(_estate("Never"))
        session.flush()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await storage.run(work)
    assert _names(storage) == []


def test_statements_stay_ready_after_one_that_failed(storage: Storage) -> None:
    with storage.unit() as session:
        first = write(session, Estate, name="First", timezone="UTC", language="en", currency="EUR")
        for _ in range(20):  # as often as psycopg would prepare it by itself
            session.scalars(select(Estate.name)).all()
    with pytest.raises(IntegrityError), storage.unit() as session:
        write(session, Estate, id=first, name="First again", timezone="UTC", language="en", currency="EUR")
    with pytest.raises(ZeroDivisionError), storage.unit():
        raise ZeroDivisionError
    with storage.unit() as session:
        assert write(session, Estate, name="Second", timezone="UTC", language="en", currency="EUR") > first


def test_what_is_sent_arrives_with_what_follows_or_fails_with_it(storage: Storage) -> None:
    facts = {"timezone": "UTC", "language": "en", "currency": "EUR"}
    with storage.unit() as session:
        for number in range(100):  # more than may be under way
            send_row(session, Estate, name=f"{number:03}", **facts)
        assert len(session.exec(select(Estate)).all()) == 100
        send_row(session, Estate, name="100", **facts)
    assert len(_names(storage)) == 101
    with pytest.raises(IntegrityError), storage.unit() as session:
        send_row(session, Estate, id=1, name="Again", **facts)

    def _fail(session: Session) -> None:
        send_row(session, Estate, name="Never", **facts)
        send_row(session, Estate, id=1, name="Again", **facts)
        write(session, Estate, name="Never either", **facts)

    with pytest.raises(IntegrityError), storage.unit() as session:
        _fail(session)
    with storage.unit() as session:
        write(session, Estate, name="After all", **facts)
    assert _names(storage)[-2:] == ["100", "After all"]


async def test_a_unit_whose_sent_row_is_refused_fails_alone(storage: Storage) -> None:
    facts = {"timezone": "UTC", "language": "en", "currency": "EUR"}
    await storage.run(lambda session: send_row(session, Estate, id=1, name="First", **facts))
    outcomes = await asyncio.gather(
        storage.run(lambda session: send_row(session, Estate, id=2, name="Second", **facts)),
        storage.run(lambda session: send_row(session, Estate, id=1, name="Again", **facts)),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [type(None), IntegrityError]
    assert _names(storage) == ["First", "Second"]


async def test_a_queue_is_woken_after_the_commit_and_only_then(storage: Storage) -> None:
    woken: list[tuple[Queue, bool, list[str]]] = []
    storage.on_wake(
        lambda queue, _at: woken.append((queue, threading.current_thread() is threading.main_thread(), _names(storage)))
    )

    def work(session: Session) -> int:
        session.add(_estate("Villa"))
        wake(session, Queue.OUTBOX)
        wake(session, Queue.OUTBOX)
        return 7

    def fail(session: Session) -> None:
        wake(session, Queue.TIMERS)
        raise ZeroDivisionError

    assert await storage.run(work) == 7
    with pytest.raises(ZeroDivisionError):
        await storage.run(fail)
    assert woken == [(Queue.OUTBOX, True, ["Villa"])]


async def test_units_of_one_database_do_not_lose_each_others_work(storage: Storage) -> None:
    await asyncio.gather(*(storage.run(lambda session, name=f"E{n:02}": session.add(_estate(name))) for n in range(40)))  # type: ignore[misc]
    assert _names(storage) == [f"E{n:02}" for n in range(40)]


async def test_two_programs_on_one_database_wait_for_each_other(database_url: str, storage: Storage) -> None:
    other = Storage(database_url)
    try:
        await asyncio.gather(
            *(
                which.run(lambda session, name=f"{number}-{n:02}": session.add(_estate(name)))  # type: ignore[misc]
                for n in range(20)
                for number, which in enumerate((storage, other))
            )
        )
    finally:
        other.close()
    assert len(_names(storage)) == 40


def test_sqlite_is_durable_at_each_commit(tmp_path: Path) -> None:
    storage = Storage(f"sqlite:///{tmp_path / 'x.sqlite'}")
    with storage.engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    storage.close()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    assert (tmp_path / "x.sqlite").stat().st_mode & 0o077 == 0


async def test_a_unit_begins_with_the_right_to_write(tmp_path: Path) -> None:
    """Or two readers that both come to write would stand in each other's way."""
    storage = Storage(f"sqlite:///{tmp_path / 'x.sqlite'}")
    schema.upgrade(storage)
    said: list[str] = []

    def listen(session: Session) -> None:
        found = driver(session)
        assert isinstance(found, SqliteDriver)
        found.connection.set_trace_callback(said.append)

    await storage.run(listen)
    await storage.run(lambda session: session.exec(select(Estate)).all())
    storage.close()
    assert said[1] == "BEGIN IMMEDIATE"  # after the end of the first


def test_names_of_drivers() -> None:
    assert database("postgresql://host/name").drivername == "postgresql+psycopg"
    assert database("postgres://host/name").drivername == "postgresql+psycopg"
    assert database("sqlite:///x").drivername == "sqlite"
    with pytest.raises(ArgumentError):
        database("no url")


def test_a_moment_without_a_zone_is_refused(storage: Storage) -> None:
    naive = datetime(2026, 6, 15, 12)  # noqa: DTZ001 - that is the point
    with pytest.raises(StatementError, match="without a time zone"), storage.unit() as session:
        session.add(InboxUpdate(update_id=1, chat_id=1, kind="x", payload={}, received_at=naive))


DIALECTS = [make_url(url).get_dialect()() for url in ("sqlite://", "postgresql+psycopg://")]
MOMENTS = st.datetimes(
    min_value=datetime(1990, 1, 1),  # noqa: DTZ001
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.builds(timezone, st.builds(timedelta, minutes=st.integers(-14 * 60, 14 * 60))),
)


@given(MOMENTS)
def test_a_moment_comes_back_as_the_same_instant(moment: datetime) -> None:
    column = UtcDateTime()
    for dialect in DIALECTS:
        kept = column.process_bind_param(moment, dialect)
        back = column.process_result_value(kept, dialect)
        assert back == moment
        assert back is not None
        assert back.tzinfo is UTC


def test_no_moment_stays_none() -> None:
    column = UtcDateTime()
    for dialect in DIALECTS:
        assert column.process_bind_param(None, dialect) is None
        assert column.process_result_value(None, dialect) is None


def test_an_sqlite_file_is_for_its_owner_only(tmp_path: Path) -> None:
    Storage(f"sqlite:///{tmp_path / 'concierge.sqlite'}").close()
    assert (tmp_path / "concierge.sqlite").stat().st_mode & 0o777 == 0o600


async def test_notes_are_told_after_the_commit_and_only_then(storage: Storage) -> None:
    told: list[tuple[list[object], bool, list[str]]] = []
    storage.on_notes(
        lambda notes: told.append((notes, threading.current_thread() is threading.main_thread(), _names(storage)))
    )

    def work(session: Session, *, fails: bool = False) -> None:
        session.add(_estate("Noted"))
        note(session, "one")
        note(session, 2)
        if fails:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await storage.run(lambda session: work(session, fails=True))
    assert told == []
    await storage.run(work)
    await storage.run(lambda _session: None)
    assert told == [(["one", 2], True, ["Noted"])]


async def test_whoever_looks_waits_for_no_writer_and_holds_up_none(storage: Storage) -> None:
    started, looked = threading.Event(), threading.Event()

    def write(session: Session) -> None:
        session.add(_estate("Slow"))
        session.flush()
        started.set()
        assert looked.wait(10)

    def look(session: Session) -> list[str]:
        found = sorted(session.exec(select(Estate.name)))
        looked.set()
        return found

    writing = asyncio.ensure_future(storage.run(write))
    await asyncio.to_thread(started.wait, 10)
    assert await storage.look(look) == []
    await writing
    assert await storage.look(look) == ["Slow"]


async def test_whoever_looks_changes_nothing(storage: Storage) -> None:
    def change(session: Session) -> None:
        session.add(_estate("Never"))
        session.flush()

    try:
        await storage.look(change)
    except DBAPIError:
        assert not storage.is_sqlite
    assert _names(storage) == []
    await storage.run(change)
    assert _names(storage) == ["Never"]


async def test_an_error_of_the_database_does_not_quote_its_rows(storage: Storage) -> None:
    def twice(session: Session) -> None:
        row = {"update_id": 1, "chat_id": 1, "kind": "Zaphod", "payload": {}, "received_at": datetime.now(UTC)}
        for _ in range(2):
            session.connection().execute(insert(InboxUpdate), row)

    with pytest.raises(IntegrityError) as raised:
        await storage.run(twice)
    assert "Zaphod" not in str(raised.value)
