"""What is asked of a database before its tables are taken away: whether a concierge lives on it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, text

from storage.archive.shapes import tables_of


def living_parts(connection: Connection, version: str, since: datetime) -> list[str]:
    """Returns the parts of a concierge that gave a sign of life since a moment."""
    (heartbeats,) = (table for table in tables_of(version) if table.name == "heartbeats")
    found = select(heartbeats.c.part).where(heartbeats.c.at > since).order_by(heartbeats.c.part)
    return list(connection.execute(found).scalars())


def running(parts: list[str]) -> str:
    """Says that a concierge is running, and what to do."""
    return f"A concierge is running on this database ({', '.join(parts)}): stop it, wait half a minute, try again."


def do_not_wait_for_ever(connection: Connection) -> None:
    """On PostgreSQL, for somebody who has a transaction open; SQLite has its own time-out."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = '10s'"))
