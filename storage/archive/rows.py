"""Rows as JSON and back: one document a line, in letters that every system reads."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Date, DateTime, Table, Time

from storage.tables.columns import UtcDateTime

Row = dict[str, Any]
READERS: dict[type[Any], Callable[[str], Any]] = {
    UtcDateTime: datetime.fromisoformat,
    DateTime: datetime.fromisoformat,
    Date: date.fromisoformat,
    Time: time.fromisoformat,
}
"""How the types are read of which JSON knows nothing."""


def line(names: Sequence[str], values: Sequence[Any]) -> bytes:
    """Encodes a row as one line."""
    return _WRITER.encode(dict(zip(names, values, strict=True))).encode() + b"\n"


class RowReader:
    """A decoder for the lines of one table."""

    def __init__(self, table: Table) -> None:
        self._names = {column.name for column in table.columns}
        found = {column.name: READERS.get(type(column.type)) for column in table.columns}
        self._readers = {name: reader for name, reader in found.items() if reader is not None}

    def read(self, text: bytes) -> Row:
        """Decodes a line into a row. Raises ValueError where it is none of this table's."""
        row = json.loads(text)
        if not isinstance(row, dict) or row.keys() != self._names:
            raise ValueError("other columns")
        for name, reader in self._readers.items():
            if row[name] is not None:
                row[name] = reader(row[name])
        return row


def _written(value: object) -> str:
    if isinstance(value, date | time):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in an archive")


_WRITER = json.JSONEncoder(separators=(",", ":"), default=_written)
