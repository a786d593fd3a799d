"""Statements that are made ready give what SQLAlchemy itself gives, on both engines."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import bindparam, func, inspect, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import object_session
from sqlmodel import Session, col, select

from concierge_bot.desk.operations import outcomes
from concierge_bot.desk.people import staff
from concierge_bot.desk.queues import deliveries, inbox, outbox, timers
from concierge_bot.desk.requests import drafts, repository
from concierge_bot.desk.roles import accounts
from storage import schema
from storage.engine.json_lists import one_of
from storage.engine.prepared import prepare
from storage.engine.statements import add, run, run_all, write, write_all_new, write_new
from storage.engine.unit import Storage
from storage.tables.people import Estate, Person, Villa
from storage.tables.queues import InboxUpdate, OutboxMessage, OutboxState, Timer, Urgency
from storage.tables.requests import RequestState
from tests.runtime.harness import only_sqlite

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
PEOPLE = (
    select(Person, Estate, Villa, func.length(Person.surname))
    .join(Estate, col(Estate.id) == Person.estate_id)
    .join(Villa, col(Villa.id) == Person.villa_id, isouter=True)
    .where(Person.estate_id == bindparam("estate_id"))
    .order_by(col(Person.id))
)
AMONG = select(Person.surname).where(one_of(col(Person.id), "ids")).order_by(col(Person.id))
NOT_AMONG = select(Person.surname).where(~one_of(col(Person.id), "ids")).order_by(col(Person.id))
RENAME = update(Person).where(col(Person.id) == bindparam("row_id")).values(surname=bindparam("new_name"))

ESTATES = select(Estate).order_by(col(Estate.id))
RENAME_ESTATE = update(Estate).where(col(Estate.id) == bindparam("estate_id")).values(name=bindparam("new_name"))


@pytest.fixture
def storage(database_url: str) -> Iterator[Storage]:
    found = Storage(database_url)
    schema.upgrade(found)
    yield found
    found.close()


def _estate(session: Session, name: str = "Lake") -> int:
    return write(session, Estate, name=name, timezone="Asia/Shanghai", language="zh_Hans", currency="CNY")


def _message(**values: Any) -> dict[str, Any]:
    said = {"text": "<b>&\"'</b> 谢谢 %s", "list": [1, None, {"deep": True}]}
    return {
        "chat_id": -(2**40),
        "method": "sendMessage",
        "params": said,
        "created_at": NOON,
        "not_before": NOON,
    } | values


def test_rows_are_objects_that_the_session_knows(storage: Storage) -> None:
    with storage.unit() as session:
        estate_id = _estate(session)
        villa_id = write(session, Villa, estate_id=estate_id, name="8")
        write(session, Person, estate_id=estate_id, telegram_id=1, surname="王", villa_id=villa_id, joined_at=NOON)
        write(session, Person, estate_id=estate_id, telegram_id=2, surname="O'Neil <b>", supervises=True)
    with storage.unit() as session:
        (wang, estate, villa, length), (oneil, same_estate, nothing, longer) = run(
            session, PEOPLE, estate_id=estate_id
        ).rows
        assert (wang.surname, wang.joined_at, wang.left_at, wang.supervises, length) == ("王", NOON, None, False, 1)
        assert (oneil.surname, oneil.supervises, longer, nothing) == ("O'Neil <b>", True, 10, None)
        assert (villa.name, estate.name) == ("8", "Lake")
        assert same_estate is estate is session.get(Estate, estate_id)
        assert session.get_one(Person, wang.id) is wang
        wang.surname = "Wang"  # a change is seen by the next statement, which finds the same object
        assert run(session, PEOPLE, estate_id=estate_id).rows[0][0] is wang
        wang_id = wang.id
        assert run(session, AMONG, ids=[wang_id]).scalars() == ["Wang"]
    with storage.unit() as session:
        assert session.get_one(Person, wang_id).surname == "Wang"


def test_such_an_object_is_as_one_that_sqlalchemy_loads(storage: Storage) -> None:
    with storage.unit() as session:
        ids = [_estate(session, name) for name in ("Lake", "Wood", "Moor")]
    with storage.unit() as session:
        first, second, third = run(session, ESTATES).scalars()
        state = inspect(first)
        assert (state.persistent, state.modified, state.unloaded) == (True, False, set())
        assert object_session(first) is session
        run(session, RENAME_ESTATE, estate_id=ids[0], new_name="Hill")
        assert first.name == "Lake"
        session.refresh(first)
        assert first.name == "Hill"
        second.name = "Sea"
        del second  # the session keeps what was changed, also where nobody else does
        gc.collect()
        session.delete(third)
        session.expunge(first)
        first.name = "Elsewhere"
    with storage.unit() as session:
        assert [(row.id, row.name) for row in run(session, ESTATES).scalars()] == [(ids[0], "Hill"), (ids[1], "Sea")]


def test_a_row_is_written_with_its_defaults_and_read_as_it_was(storage: Storage) -> None:
    with storage.unit() as session:
        key = write(session, OutboxMessage, **_message())
        row = add(session, OutboxMessage, **_message(urgency=Urgency.ALARM))
        assert (row.id, row.state, row.version) == (key + 1, OutboxState.WAITING, 0)
    with storage.unit() as session:
        first, second = session.get_one(OutboxMessage, key), session.get_one(OutboxMessage, key + 1)
        assert (first.state, first.urgency, first.attempts, first.reader) == ("waiting", Urgency.ROUTINE, 0, "")
        assert (second.urgency, first.params, first.chat_id) == (0, _message()["params"], -(2**40))
        assert first.created_at == NOON == second.not_before


def test_a_moment_of_any_zone_is_the_same_moment(storage: Storage) -> None:
    there = NOON.astimezone(timezone(timedelta(hours=8)))
    with storage.unit() as session:
        key = write(session, OutboxMessage, **_message(created_at=there))
        assert session.get_one(OutboxMessage, key).created_at == NOON
    with pytest.raises(Exception, match="without a time zone"), storage.unit() as session:
        write(session, OutboxMessage, **_message(created_at=NOON.replace(tzinfo=None)))


def test_what_is_there_already_is_left_alone(storage: Storage) -> None:
    timer = {"key": "x", "kind": "stale", "subject_id": 1, "due_at": NOON, "urgency": 10, "data": {"a": 1}}
    update_row = {
        "chat_id": 5,
        "kind": "message",
        "payload": {},
        "state": "waiting",
        "received_at": NOON,
        "attempts": 0,
    }
    with storage.unit() as session:
        assert write_new(session, Timer, **timer)
        assert not write_new(session, Timer, **timer | {"kind": "roster"})
        rows = [{"update_id": number, **update_row} for number in (1, 2, 3)]
        assert write_all_new(session, InboxUpdate, "update_id", rows[:2]) == {1, 2}
        assert write_all_new(session, InboxUpdate, "update_id", rows) == {3}
        assert session.exec(select(Timer.kind)).all() == ["stale"]


def test_one_statement_for_several_sets_of_values(storage: Storage) -> None:
    with storage.unit() as session:
        estate_id = _estate(session)
        keys = [write(session, Person, estate_id=estate_id, telegram_id=n, surname=f"P{n}") for n in range(4)]
        run_all(session, RENAME, [{"row_id": key, "new_name": f"Q{key}"} for key in keys[:2]])
        run_all(session, RENAME, [])
        assert run(session, RENAME, row_id=keys[3], new_name="R").rowcount == 1
        assert run(session, RENAME, row_id=-1, new_name="R").rowcount == 0
        assert run(session, AMONG, ids=keys).scalars() == [f"Q{keys[0]}", f"Q{keys[1]}", "P2", "R"]


def test_errors_are_sqlalchemys(storage: Storage) -> None:
    timer = {"key": "x", "kind": "stale", "subject_id": 1, "due_at": NOON, "urgency": 10, "data": {}}
    with storage.unit() as session:
        write(session, Timer, **timer)
    with pytest.raises(IntegrityError) as refused, storage.unit() as session:
        write(session, Timer, **timer)
    assert "stale" not in str(refused.value)  # no values in what is logged
    with storage.unit() as session:
        assert session.exec(select(func.count()).select_from(Timer)).one() == 1


def test_a_value_that_is_missing_is_missed(storage: Storage) -> None:
    with pytest.raises(Exception, match="new_name"), storage.unit() as session:
        run(session, RENAME, row_id=1)


def test_who_cannot_begin_is_told_so_by_sqlalchemys_error(tmp_path: Any) -> None:
    storage = Storage(f"sqlite:///{tmp_path / 'x.sqlite'}?timeout=0")
    other = Storage(f"sqlite:///{tmp_path / 'x.sqlite'}?timeout=0")
    with storage.unit() as session:
        session.connection()
        with pytest.raises(OperationalError, match="locked"), other.unit() as second:
            second.connection()
    with other.unit() as session:  # and the connection is as good as before
        session.connection()
    storage.close()
    other.close()


@only_sqlite
def test_what_the_path_of_an_update_needs_is_ready(storage: Storage) -> None:
    """Else it would still be right, and slow."""
    with storage.unit() as session:
        statements = [
            *(accounts.OF_AN_ACCOUNT, drafts.IN_HAND, drafts.CLOSE, inbox.FINISH, outbox.MERGE, repository.HISTORY),
            *(timers.TAKE, repository._change(tuple(RequestState), ("claimed_by",), is_held=True)),
            *(deliveries.CANDIDATES, deliveries.CHOSEN, deliveries.URGENT_FOR, deliveries.NEXT_NOT_BEFORE),
            *(outcomes.SENT, outcomes.CARD_SENT, staff.CHATS),
        ]
        dialect = session.get_bind().dialect
        assert [statement for statement in statements if prepare(statement, dialect, ()) is None] == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.lists(st.integers(-3, 8), max_size=12))
def test_a_list_of_any_length_is_one_value(storage: Storage, ids: list[int]) -> None:
    with storage.unit() as session:
        if not session.exec(select(Person.id)).first():
            estate_id = _estate(session)
            for number in range(5):
                write(session, Person, estate_id=estate_id, telegram_id=number, surname=f"P{number}")
        everybody = dict(session.exec(select(Person.id, Person.surname)).all())
        expected = [surname for number, surname in sorted(everybody.items()) if number in ids]
        assert run(session, AMONG, ids=ids).scalars() == expected
        assert sorted(run(session, NOT_AMONG, ids=ids).scalars()) == sorted(set(everybody.values()) - set(expected))
