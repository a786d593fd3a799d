"""Every table of the schema filled with odd values, whatever tables there will be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Integer,
    String,
    Table,
    Time,
    UniqueConstraint,
    insert,
    select,
)
from sqlmodel import AutoString

from storage.engine.unit import Storage
from storage.tables.columns import UtcDateTime, WordOf
from storage.tables.registry import METADATA

ROWS = 8
"""The number of rows in each table."""
TEXTS = (
    "",
    "王先生",
    "🛁👨‍👩‍👧‍👦 e\u0301 ﷽",
    "'; DROP TABLE people; -- \"\\",
    "two\nlines\r\n\tand a tab",
    "\u200f\u202e\u2066\ufeff\u2028\u0085",
    "\x01\x1b[31m\x7f",
    "x" * 5000,
    "null",
)
DOCUMENTS: tuple[Any, ...] = (
    {},
    {"text": "水龙头漏水 🚿", "": None, "deep": [[{"a": [1, -2.5, True, "\\u0041", 2**53 + 1]}]]},
    {"x" * 300: "\n", "quotes": "\"'", "huge": -(2**63)},
    [],
)
MOMENTS = (
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2026, 6, 15, 4, 0, 0, 1, tzinfo=UTC),
    datetime(2099, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
)
TIMES = (time(0), time(7, 30), time(23, 59, 59, 999999))
WHOLE = (0, 1, -1, 2**31 - 1, -(2**31))
BIG = (2**62, -1001234567890123, 2**63 - 1, -(2**63), 7_000_000_000)


def fill(storage: Storage) -> None:
    """Writes some rows into every table; each refers to rows that are there."""
    with storage.engine.begin() as connection:
        for table in METADATA.sorted_tables:
            for number in range(ROWS):
                connection.execute(insert(table).values(_row(table, number)))


def contents(storage: Storage) -> dict[str, list[dict[str, Any]]]:
    """Returns every row of every table."""
    with storage.engine.connect() as connection:
        return {
            table.name: [
                dict(row._mapping) for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in METADATA.sorted_tables
        }


def _row(table: Table, number: int) -> dict[str, Any]:
    unique = [group.columns for group in table.constraints if isinstance(group, UniqueConstraint)]
    unique += [index.columns for index in table.indexes if index.unique]
    alone = {column.name for columns in unique for column in columns}
    return {
        column.name: _value(column, number, number + place, is_alone=column.name in alone)
        for place, column in enumerate(table.columns)
    }


def _value(column: Column[Any], number: int, which: int, *, is_alone: bool) -> Any:
    """Returns the value of a column for the row of this number; `which` chooses among the odd ones."""
    if column.nullable and which % 4 == 3:
        return None
    if column.foreign_keys:
        (key,) = column.foreign_keys
        return 1 + number if key.column.table is not column.table else number or None
    if column.primary_key and type(column.type) is Integer:
        return 1 + number
    odd = _odd(column, number, which)
    is_free = isinstance(odd, str) and not isinstance(odd, StrEnum)
    return f"{number} {odd}" if is_free and (is_alone or column.primary_key) else odd


def _odd(column: Column[Any], number: int, which: int) -> Any:
    match column.type:
        case Boolean():
            return number % 2 == 0
        case BigInteger():
            big = BIG[number % len(BIG)]
            return big - number if big > 0 else big + number
    odd = _odd_ones(column)
    return odd[which % len(odd)]


def _odd_ones(column: Column[Any]) -> Sequence[Any]:
    match column.type:
        case Integer():
            return WHOLE
        case UtcDateTime():
            return MOMENTS
        case Time():
            return TIMES
        case JSON():
            return DOCUMENTS
        case WordOf(words=words):
            return list(words)
        case String() | AutoString():
            return TEXTS
        case other:
            raise TypeError(f"{column}: no odd values for {other!r}")
