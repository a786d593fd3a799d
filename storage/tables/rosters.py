"""Rosters that wait for a word of whoever wrote them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from storage.tables.columns import document, moment


class RosterDraft(SQLModel, table=True):
    """A roster with a name that several people of the team bear: nothing is changed before it is clear who is meant."""

    __tablename__ = "roster_drafts"

    id: int | None = Field(default=None, primary_key=True)
    author_id: int = Field(foreign_key="people.id", index=True)
    team: str
    text: str
    """The lines as they were written."""
    chosen: dict[str, Any] = document()
    """Who is meant, by the number of each such line."""
    created_at: datetime = moment()
