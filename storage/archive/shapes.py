"""The tables of any version of the schema, as both engines understand them.

They come from the migrations, run in memory: so an archive of an older version can be made and restored at that
version, whatever the tables of this program look like by now.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    Date,
    DateTime,
    Inspector,
    MetaData,
    Table,
    Time,
    create_engine,
    event,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from storage import schema
from storage.tables.columns import UtcDateTime

BOOKKEEPING = "alembic_version"


@cache
def tables_of(version: str) -> tuple[Table, ...]:
    """Returns the tables of a version, each after those that it refers to."""
    metadata = MetaData()
    event.listen(metadata, "column_reflect", _make_portable)
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        schema.bring_up(connection, version)
        metadata.reflect(connection)
    engine.dispose()
    return tuple(table for table in metadata.sorted_tables if table.name != BOOKKEEPING)


def _make_portable(_inspector: Inspector, _table: Table, column: dict[str, Any]) -> None:
    column["type"] = _portable(column["type"], nullable=column["nullable"])


def _portable(found: TypeEngine[Any], *, nullable: bool) -> TypeEngine[Any]:
    match found:
        case DateTime():
            return UtcDateTime()
        case Date() | Time():
            return found.as_generic()
        case JSON():
            return JSON(none_as_null=nullable).with_variant(JSONB(none_as_null=nullable), "postgresql")
        case _:
            return found
