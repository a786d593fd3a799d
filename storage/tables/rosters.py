"""Rosters that wait for their author's answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from storage.tables.columns import document, moment


class RosterDraft(SQLModel, table=True):
    """A roster with a name that several people of the team bear: nothing changes until the author says which one."""

    __tablename__ = "roster_drafts"

    id: int | None = Field(default=None, primary_key=True)
    author_id: int = Field(foreign_key="people.id", index=True)
    team: str
    text: str
    """The lines of the roster as written."""
    chosen: dict[str, Any] = document()
    """The people chosen by the author, by the number of each such line."""
    created_at: datetime = moment()
