"""The losses of a downgrade to an older version of the schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection, Table, TextClause, func, select, text

from storage import schema
from storage.archive.shapes import tables_of

KEPT_ELSEWHERE: dict[str, tuple[str, ...] | None] = {
    "inbox.chat_id": None,
    "cards.subject_id": None,
    "cards.subject_kind": ("request",),
    "memberships.asked_at": None,
    "memberships.confirmed_at": None,
    "outbox.subject_id": None,
    "outbox.subject_kind": ("", "request"),
    "people.form": ("m", "f", "mrs"),
    "people.rank": ("dr", "prof"),
}
"""Columns whose values are not lost, all (None) or these alone: an older schema keeps them under another name, or
Telegram is asked for them again."""
ALL = text("1 = 1")
LOST_OF = {"roles": text("ends_at IS NOT NULL OR kind NOT IN ('owner', 'butler', 'lead', 'supervisor', 'manager')")}
"""Tables of which these rows alone are lost: the others say what older columns say, and are made from those again."""


class Loss(NamedTuple):
    """A table, or a column of one (`people.language`), and how many rows have a value there."""

    name: str
    rows: int


def losses(connection: Connection, present: str, target: str) -> list[Loss]:
    """Counts, table by table, the rows and values that the target has no place for; leaves out zeros."""
    if target == schema.BASE:
        found = (_of_rows(connection, table, ALL) for table in tables_of(present))
    else:
        kept = {table.name: table for table in tables_of(target)}
        found = (loss for table in tables_of(present) for loss in _of_table(connection, table, kept.get(table.name)))
    return [loss for loss in found if loss.rows]


def _of_rows(connection: Connection, table: Table, which: TextClause) -> Loss:
    return Loss(table.name, connection.scalars(select(func.count()).select_from(table).where(which)).one())


def _of_table(connection: Connection, table: Table, kept: Table | None) -> Iterator[Loss]:
    if kept is None:
        yield _of_rows(connection, table, LOST_OF.get(table.name, ALL))
        return
    for column in table.columns:
        name = f"{table.name}.{column.name}"
        if column.name in kept.columns or KEPT_ELSEWHERE.get(name, ()) is None:
            continue
        lost = select(func.count(column)).where(column.not_in(KEPT_ELSEWHERE.get(name) or ()))
        yield Loss(name, connection.execute(lost).scalar_one())
