"""To which estates a row belongs, found by the foreign keys of the tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Table, select
from sqlmodel import Session, SQLModel

from storage.tables.subjects import REQUEST

Key = tuple[str, Any]
LOGICAL = {REQUEST: "requests", "announcement": "announcements"}
"""The tables of the subjects of cards and messages, which have no foreign key."""


class Belonging:
    """All rows of a database at one moment, each with the estates that its foreign keys lead to."""

    def __init__(self, session: Session) -> None:
        self._tables = {table.name: table for table in SQLModel.metadata.sorted_tables}
        self._rows: dict[Key, dict[str, Any]] = {}
        for table in self._tables.values():
            for row in session.connection().execute(select(table)).mappings():
                self._rows[table.name, _key(table, row)] = dict(row)
        staff_chats = [row for (name, _), row in self._rows.items() if name == "staff_chats"]
        self._chats = {row["chat_id"]: {row["estate_id"]} for row in staff_chats}
        self._found: dict[Key, frozenset[int]] = {}

    def crossing(self) -> list[str]:
        """Returns the rows that belong to more than one estate."""
        return [
            f"{name} {number}: {self._rows[name, number]}"
            for name, number in self._rows
            if self._is_crossing(name, number)
        ]

    def of(self, estate_id: int) -> dict[Key, str]:
        """Returns all that is written of an estate."""
        return {key: str(row) for key, row in self._rows.items() if self._estates(key) == {estate_id}}

    def _is_crossing(self, name: str, number: Any) -> bool:
        return len(self._estates((name, number))) > 1

    def _estates(self, key: Key) -> frozenset[int]:
        if key[0] == "estates":
            return frozenset({key[1]})
        if key not in self._found:
            self._found[key] = frozenset()  # until it is known: a row may lead to itself
            self._found[key] = frozenset(each for target in self._targets(key) for each in self._of_target(target))
        return self._found[key]

    def _of_target(self, target: Key) -> frozenset[int] | set[int]:
        return self._chats.get(target[1], set()) if target[0] == "chat" else self._estates(target)

    def _targets(self, key: Key) -> Iterator[Key]:
        table, row = self._tables[key[0]], self._rows.get(key, {})
        for column in table.columns:
            for foreign in column.foreign_keys:
                if row.get(column.name) is not None:
                    yield foreign.column.table.name, row[column.name]
        if row.get("subject_kind") in LOGICAL:
            yield LOGICAL[row["subject_kind"]], row["subject_id"]
        if key[0] in {"cards", "outbox", "memberships", "boards", "chat_troubles"}:
            yield "chat", row.get("chat_id")


def _key(table: Table, row: Any) -> Any:
    values = tuple(row[column.name] for column in table.primary_key.columns)
    return values[0] if len(values) == 1 else values
