"""Statements that both engines know, each by a name of its own."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel


def insert_new(session: Session, table: type[SQLModel], values: Any) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that leaves alone what is there already, whoever put it there."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    return insert(table).values(values).on_conflict_do_nothing()
