"""The sequences of the tables: a number that people have seen is never given to anything else."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, Table, func, select, text


def last_numbers(connection: Connection, tables: tuple[Table, ...]) -> dict[str, int]:
    """Returns the last number of each table with a sequence, whether its row is still there or not."""
    if connection.dialect.name == "sqlite":
        return {name: int(last) for name, last in connection.execute(text("SELECT name, seq FROM sqlite_sequence"))}
    found: dict[str, int] = {}
    for table in tables:
        sequence = _sequence(connection, table)
        if sequence is not None:
            last, was_used = connection.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()  # noqa: S608 - PostgreSQL's own quoting
            found[table.name] = int(last) if was_used else 0
    return found


def go_on_from(connection: Connection, tables: tuple[Table, ...], last: Mapping[str, int]) -> None:
    """Sets each table's sequence to its last number, or to its highest row where that is later."""
    for table in tables:
        number = next(iter(table.primary_key.columns))
        if connection.dialect.name == "sqlite":
            _go_on_in_sqlite(connection, table.name, last.get(table.name, 0))
        elif (sequence := _sequence(connection, table)) is not None:
            highest = connection.execute(select(func.max(number))).scalar() or 0
            after = max(highest, last.get(table.name, 0))
            connection.execute(select(func.setval(sequence, max(after, 1), after > 0)))


def _go_on_in_sqlite(connection: Connection, name: str, last: int) -> None:
    """Raises SQLite's own counter of a table, where it keeps one; inserting the rows has raised it so far already."""
    declared = text("SELECT sql LIKE '%AUTOINCREMENT%' FROM sqlite_master WHERE type = 'table' AND name = :name")
    if not connection.execute(declared, {"name": name}).scalar():
        return
    facts = {"name": name, "last": last}
    raised = connection.execute(text("UPDATE sqlite_sequence SET seq = max(seq, :last) WHERE name = :name"), facts)
    if raised.rowcount == 0:
        connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), facts)


def _sequence(connection: Connection, table: Table) -> str | None:
    column = next(iter(table.primary_key.columns)).name
    found = connection.execute(select(func.pg_get_serial_sequence(f'"{table.name}"', column))).scalar()
    return str(found) if found else None
