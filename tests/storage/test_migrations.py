"""The schema: up, down and up again, and the same as the tables that the program works with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import MultipleResultsFound
from sqlmodel import select

from storage import schema
from storage.engine.unit import Storage
from storage.losses import Loss, losses
from storage.tables.queues import OutboxMessage
from storage.tables.registry import METADATA
from tests.support.databases import PostgresServer, sqlite_url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    """A database without a table."""
    if request.param == "sqlite":
        storage = Storage(sqlite_url(tmp_path))
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        storage = Storage(server.new(empty=True))
    yield storage
    storage.close()


def _tables(storage: Storage) -> set[str]:
    return set(inspect(storage.engine).get_table_names()) - {"alembic_version", "sqlite_sequence"}


def test_up_down_and_up(empty: Storage) -> None:
    assert schema.present(empty) is None
    for _ in range(2):
        schema.upgrade(empty)
        assert schema.present(empty) == schema.needed()
        assert _tables(empty) == set(METADATA.tables)
        schema.downgrade(empty)
        assert schema.present(empty) is None
        assert _tables(empty) == set()


def test_upgrading_twice_changes_nothing(empty: Storage) -> None:
    schema.upgrade(empty)
    schema.upgrade(empty)
    assert schema.present(empty) == schema.needed()


def test_the_migrated_schema_is_the_one_of_the_tables(empty: Storage) -> None:
    schema.upgrade(empty)
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, METADATA) == []


def test_a_card_has_one_waiting_message_at_most(empty: Storage) -> None:
    """A partial index, of which a comparison says nothing."""
    schema.upgrade(empty)
    (index,) = [
        found
        for found in inspect(empty.engine).get_indexes("outbox")
        if found["name"] == "ix_outbox_one_waiting_per_card"
    ]
    assert index["unique"]
    condition = " ".join(map(str, index["dialect_options"].values()))
    assert "waiting" in condition
    assert "card_id IS NOT NULL" in condition


def test_numbers_are_never_used_again(empty: Storage) -> None:
    schema.upgrade(empty)
    now = datetime.now(UTC)
    numbers = []
    for _ in range(3):
        with empty.unit() as session:
            row = OutboxMessage(chat_id=1, method="sendMessage", created_at=now, not_before=now)
            session.add(row)
            session.flush()
            numbers.append(row.id)
        with empty.unit() as session:
            session.delete(session.exec(select(OutboxMessage)).one())
    assert numbers == [1, 2, 3]


def test_the_files_are_named_by_the_versions_as_alembic_knows_them() -> None:
    history = ScriptDirectory(str(schema.MIGRATIONS))
    assert history.get_heads() == [schema.needed()]
    for script in history.walk_revisions():
        assert Path(script.path).name.startswith(f"{script.revision}_")
        assert schema.is_known(script.revision)


def test_the_version_is_read_as_alembic_notes_it(empty: Storage) -> None:
    schema.upgrade(empty)
    with empty.engine.connect() as connection:
        assert schema.version_of(connection) == MigrationContext.configure(connection).get_current_revision()


def test_two_versions_at_once_are_refused(empty: Storage) -> None:
    schema.upgrade(empty)
    with empty.engine.begin() as connection:
        connection.execute(text("INSERT INTO alembic_version VALUES ('0001')"))
    with pytest.raises(MultipleResultsFound):
        schema.present(empty)


def test_a_version_is_known_or_not() -> None:
    assert schema.is_known(schema.needed())
    assert not schema.is_known("9999")


def test_going_down_loses_what_is_about_no_request(empty: Storage) -> None:
    schema.upgrade(empty)
    now = datetime.now(UTC)
    with empty.unit() as session:
        for kind in ("request", "lost_item"):
            about: dict[str, Any] = {"subject_kind": kind, "subject_id": 1}
            session.add(OutboxMessage(chat_id=1, method="sendMessage", created_at=now, not_before=now, **about))
    with empty.engine.connect() as connection:
        assert losses(connection, schema.needed(), "0011") == [Loss("outbox.subject_kind", 1)]
