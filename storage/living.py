"""The signs that a concierge lives on a database, looked for before its tables are dropped."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, text

from storage.archive.shapes import tables_of


def living_parts(connection: Connection, version: str, since: datetime) -> list[str]:
    """Returns the parts of a concierge with a heartbeat after `since`."""
    (heartbeats,) = (table for table in tables_of(version) if table.name == "heartbeats")
    found = select(heartbeats.c.part).where(heartbeats.c.at > since).order_by(heartbeats.c.part)
    return list(connection.execute(found).scalars())


def running(parts: list[str]) -> str:
    """Words the refusal: a concierge is running, and what to do."""
    return f"A concierge is running on this database ({', '.join(parts)}): stop it, wait half a minute, try again."


def do_not_wait_for_ever(connection: Connection) -> None:
    """Sets a lock timeout of 10 seconds on PostgreSQL, where others may hold locks; SQLite has its own timeout."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = '10s'"))
