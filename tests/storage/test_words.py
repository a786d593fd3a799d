"""One of a few words: plain text in the database, a member of its enumeration in the program, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, text
from sqlalchemy.exc import StatementError
from sqlmodel import col, select

from storage import schema
from storage.engine.changes import change_one, change_where
from storage.engine.statements import run, write
from storage.engine.unit import Storage
from storage.tables.people import Estate
from storage.tables.queues import Timer, TimerState
from storage.tables.rows import row_id

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
BY_KEY = select(Timer, Timer.state).where(Timer.key == bindparam("timer_key"))


@pytest.fixture
def storage(database_url: str) -> Iterator[Storage]:
    found = Storage(database_url)
    schema.upgrade(found)
    yield found
    found.close()


def _set(storage: Storage, *keys: str) -> None:
    with storage.unit() as session:
        for key in keys:
            write(session, Timer, key=key, kind="any", subject_id=1, due_at=NOON, data={})


def test_a_word_is_kept_as_text_and_read_as_itself(storage: Storage) -> None:
    _set(storage, "one")
    with storage.unit() as session:
        assert session.connection().execute(text("SELECT state FROM timers")).scalar() == "waiting"
        assert session.exec(select(Timer.state)).one() is TimerState.WAITING
        ((timer, state),) = run(session, BY_KEY, timer_key="one").rows
        assert timer.state is state is TimerState.WAITING
        timer.state = TimerState.FIRED
    with storage.unit() as session:
        assert session.connection().execute(text("SELECT state FROM timers")).scalar() == "fired"
        fired = select(Timer).where(col(Timer.state).in_([TimerState.FIRED, TimerState.FAILED]))
        assert session.exec(fired).one().state is TimerState.FIRED


def test_another_word_is_refused_on_its_way_in_and_out(storage: Storage) -> None:
    _set(storage, "one")
    with storage.unit() as session:
        with pytest.raises((LookupError, StatementError), match="'lost' is none of waiting, fired, failed"):
            change_where(session, Timer, col(Timer.key) == "one", state="lost")
        session.connection().execute(text("UPDATE timers SET state = 'lost'"))
        with pytest.raises(LookupError, match="'lost' is none of waiting, fired, failed"):
            session.exec(select(Timer)).one()


def test_whoever_is_first_is_told_so(storage: Storage) -> None:
    _set(storage, "one", "two")
    is_waiting = col(Timer.state) == TimerState.WAITING
    with storage.unit() as session:
        taken = [change_one(session, Timer, col(Timer.key) == "one", is_waiting, state="fired") for _ in range(2)]
        assert taken == [True, False]
        assert change_where(session, Timer, is_waiting, state=TimerState.FIRED) == 1
        assert change_where(session, Timer, col(Timer.id).is_not(None), attempts=3) == 2


def test_only_a_row_that_is_written_has_a_number(storage: Storage) -> None:
    estate = Estate(name="Lake", timezone="Asia/Shanghai", language="zh_Hans", currency="CNY")
    with pytest.raises(LookupError, match="this Estate is not written yet"):
        row_id(estate)
    with storage.unit() as session:
        session.add(estate)
        session.flush()
        assert row_id(estate) == estate.id
