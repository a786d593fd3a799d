"""What the databases make of the statements that every list asks: few are unfinished of all that were ever made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, text
from sqlmodel import col, select

from storage import schema
from storage.engine.unit import Storage
from storage.tables.people import Estate, Person, Villa
from storage.tables.requests import UNFINISHED, Request, RequestState, is_unfinished

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
MANY, FEW = 5_000, 12


@pytest.fixture
def old(database_url: str) -> Iterator[Storage]:
    """A database with a long past, which it knows of."""
    found = Storage(database_url)
    if schema.present(found) is None:
        schema.upgrade(found)
    with found.unit() as session:
        session.add(Estate(id=1, name="One", timezone="UTC", language="en", currency="EUR"))
        session.flush()
        session.add(Villa(id=1, estate_id=1, name="8"))
        session.add(Person(id=1, estate_id=1))
        session.flush()
        states = [RequestState.DONE] * MANY + [UNFINISHED[number % len(UNFINISHED)] for number in range(FEW)]
        rows = [_request(number, state) for number, state in enumerate(states, start=1)]
        session.connection().execute(insert(Request), rows)
    with found.unit() as session:
        session.execute(text("ANALYZE"))
    yield found
    found.close()


def _request(number: int, state: RequestState) -> dict[str, object]:
    at = NOON + timedelta(minutes=number)
    return {
        "id": number,
        "estate_id": 1,
        "villa_id": 1,
        "person_id": 1,
        "service": "x",
        "team": "butlers",
        "state": state,
        "claim_by": at,
        "created_at": at,
        "open_since": at,
    }


def test_the_unfinished_are_found_by_their_own_index(old: Storage) -> None:
    wanted = select(Request).where(col(Request.estate_id) == 1, is_unfinished()).order_by(col(Request.id))
    said = "EXPLAIN QUERY PLAN" if old.is_sqlite else "EXPLAIN"
    asked: list[tuple[str, Any]] = []
    with old.unit() as session:
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", lambda _c, _k, sql, values, *_: asked.append((sql, values)))
        found = session.exec(wanted).all()
        sql, values = asked[-1]
        plan = [str(row) for row in connection.exec_driver_sql(f"{said} {sql}", values)]
    assert {RequestState(request.state) for request in found} == set(UNFINISHED)
    assert len(found) == FEW
    assert any("ix_requests_unfinished" in line for line in plan), plan
