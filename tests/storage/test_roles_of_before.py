"""The migration to roles: everybody gets those that their facts say, and nothing that refers to people is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from storage import schema
from storage.engine.unit import Storage
from tests.support.databases import PostgresServer, sqlite_url

BEFORE, AFTER = "0013", "0014"
PEOPLE = (
    (1, 501, 1, False, False, None),
    (2, 502, None, True, False, None),
    (3, 503, None, False, True, None),
    (4, 504, None, False, False, None),
    (5, None, 1, False, False, None),
    (6, 506, 1, False, False, "2026-06-01 00:00:00+00:00"),
)
"""Number, account, villa, whether they supervise, whether they manage, since when they are gone."""
MEMBERSHIPS = ((1, 2, None, False), (2, 4, None, True), (3, 6, "2026-06-01 00:00:00+00:00", False))


@pytest.fixture(params=["sqlite", "postgresql"])
def before(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    """A database of the schema before, with people of every kind and rows that refer to them."""
    if request.param == "sqlite":
        storage = Storage(sqlite_url(tmp_path))
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        storage = Storage(server.new(empty=True))
    schema.upgrade(storage, BEFORE)
    with storage.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO estates VALUES (1, 'A', 'UTC', 'en', 'EUR'), (2, 'B', 'UTC', 'en', 'EUR')")
        )
        connection.execute(text("INSERT INTO villas (id, estate_id, name) VALUES (1, 1, '8')"))
        person = text(
            "INSERT INTO people (id, estate_id, telegram_id, villa_id, supervises, manages, surname, given_name,"
            " joined_at, left_at) VALUES (:a, 1, :b, :c, :d, :e, 'N', '', :g, :f)"
        )
        joined = "2026-05-01 00:00:00+00:00"
        for row in PEOPLE:
            values = dict(zip("abcdef", row, strict=True))
            connection.execute(person, values | {"g": joined if row[1] is not None else None})
        connection.execute(
            text(
                "INSERT INTO staff_chats (estate_id, team, chat_id, title, language)"
                " VALUES (1, 'butlers', -1, '', 'en')"
            )
        )
        for number, person_id, left_at, leads in MEMBERSHIPS:
            connection.execute(
                text("INSERT INTO memberships VALUES (:n, -1, :p, :s, :l, :d)"),
                {"n": number, "p": person_id, "s": joined, "l": left_at, "d": leads},
            )
        connection.execute(
            text(
                "INSERT INTO shifts (estate_id, team, person_id, weekday, starts, ends)"
                " VALUES (1, 'butlers', 4, 0, '08:00:00.000000', '16:00:00.000000')"
            )
        )
    yield storage
    storage.close()


def _rows(storage: Storage, sql: str) -> list[tuple[object, ...]]:
    with storage.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def _whole(storage: Storage) -> bool:
    return not storage.is_sqlite or _rows(storage, "PRAGMA foreign_key_check") == []


def test_d2_everybody_gets_the_roles_that_their_facts_say(before: Storage) -> None:
    people = "SELECT id, telegram_id, villa_id, surname FROM people ORDER BY id"
    known = _rows(before, people)
    schema.upgrade(before, AFTER)
    assert _rows(before, people) == known
    assert _whole(before)
    standing = "SELECT person_id, kind, coalesce(villa_id, 0), coalesce(team, '') FROM roles WHERE ends_at IS NULL"
    assert sorted(_rows(before, standing)) == [
        (1, "owner", 1, ""),
        (2, "butler", 0, "butlers"),
        (2, "supervisor", 0, ""),
        (3, "manager", 0, ""),
        (4, "butler", 0, "butlers"),
        (4, "lead", 0, "butlers"),
        (5, "owner", 1, ""),
    ]
    assert _rows(before, "SELECT person_id FROM roles WHERE begins_at IS NULL") == [(5,)]
    assert {row[0] for row in _rows(before, "SELECT given_how FROM roles")} == {"migration"}


def test_d3_an_account_may_be_one_person_an_estate_and_goes_back_to_one(before: Storage) -> None:
    schema.upgrade(before, AFTER)
    another = "INSERT INTO people (id, estate_id, telegram_id, supervises, manages, surname, given_name) VALUES {}"
    with before.engine.begin() as connection:
        connection.execute(text(another.format("(7, 2, 501, false, false, 'N', '')")))
        connection.execute(text(another.format("(8, 1, 506, false, false, 'N', '')")))  # who has left may come back
    with pytest.raises(IntegrityError), before.engine.begin() as connection:
        connection.execute(text(another.format("(9, 1, 501, false, false, 'N', '')")))
    schema.downgrade(before, BEFORE)
    assert _whole(before)
    assert _rows(before, "SELECT id, telegram_id FROM people WHERE telegram_id IN (501, 506) ORDER BY id") == [
        (1, 501),
        (8, 506),
    ]
    assert _rows(before, "SELECT person_id FROM shifts") == [(4,)]
    with pytest.raises(IntegrityError), before.engine.begin() as connection:
        connection.execute(text(another.format("(9, 2, 501, false, false, 'N', '')")))
