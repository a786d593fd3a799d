"""The migration of Chinese: every row that held `zh` holds the language with its script, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from storage import schema
from storage.engine.unit import Storage
from tests.support.databases import PostgresServer, sqlite_url

BEFORE, AFTER = "0022", "0023"
ROWS = (
    """INSERT INTO estates (id, name, timezone, language, currency, phones)
    VALUES (1, 'A', 'UTC', 'zh', 'EUR', '{}')""",
    """INSERT INTO people (id, estate_id, supervises, manages, surname, given_name, language)
    VALUES (1, 1, true, false, 'N', '', 'zh'), (2, 1, false, false, 'N', '', 'en'),
    (3, 1, false, false, 'N', '', NULL)""",
    "INSERT INTO staff_chats (estate_id, team, chat_id, title, language) VALUES (1, 'butlers', -1, '', 'zh')",
)
WHERE = ("SELECT language FROM estates", "SELECT language FROM people ORDER BY id", "SELECT language FROM staff_chats")
ANNOUNCED = "SELECT texts, audience FROM announcements ORDER BY id"


@pytest.fixture(params=["sqlite", "postgresql"])
def before(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    """A database of the schema before, with Chinese wherever a language is kept."""
    if request.param == "sqlite":
        storage = Storage(sqlite_url(tmp_path))
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        storage = Storage(server.new(empty=True))
    schema.upgrade(storage, BEFORE)
    with storage.engine.begin() as connection:
        for statement in ROWS:
            connection.execute(text(statement))
        announced = text(
            "INSERT INTO announcements (id, estate_id, author_id, audience, texts, state, created_at, recipients)"
            " VALUES (:id, 1, 1, :audience, :texts, 'draft', '2026-06-01 00:00:00+00:00', 0)"
        )
        for number, audience, texts in (
            (1, {"language": "zh"}, {"zh": {"text": "停水"}}),
            (2, {"villas": [1]}, {"en": {"text": "Water"}, "zh": {}}),
            (3, {}, {}),
        ):
            values = {"id": number, "audience": json.dumps(audience), "texts": json.dumps(texts)}
            connection.execute(announced, values)
    yield storage
    storage.close()


def _kept(storage: Storage) -> tuple[list[list[str | None]], list[tuple[dict[str, object], dict[str, object]]]]:
    with storage.engine.connect() as connection:
        languages = [list(connection.scalars(text(sql))) for sql in WHERE]
        rows = [(_read(texts), _read(audience)) for texts, audience in connection.execute(text(ANNOUNCED))]
    return languages, rows


def _read(document: str | dict[str, object]) -> dict[str, object]:
    return json.loads(document) if isinstance(document, str) else document


def test_what_was_chinese_is_simplified_chinese(before: Storage) -> None:
    was = _kept(before)
    schema.upgrade(before, AFTER)
    languages, announced = _kept(before)
    assert languages == [["zh_Hans"], ["zh_Hans", "en", None], ["zh_Hans"]]
    assert announced == [
        ({"zh_Hans": {"text": "停水"}}, {"language": "zh_Hans"}),
        ({"en": {"text": "Water"}, "zh_Hans": {}}, {"villas": [1]}),
        ({}, {}),
    ]
    schema.downgrade(before, BEFORE)
    assert _kept(before) == was
