"""Announcements to many owners at once: the text in each language, the audience, the progress."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, SQLModel

from storage.tables.columns import document, moment, moment_or_none, state_from


class AnnouncementState(StrEnum):
    """The progress of an announcement."""

    DRAFT = "draft"
    SENDING = "sending"
    STOPPED = "stopped"
    DONE = "done"


class Announcement(SQLModel, table=True):
    """A message to the owners of an estate, written by a supervisor."""

    __tablename__ = "announcements"

    id: int | None = Field(default=None, primary_key=True)
    estate_id: int = Field(foreign_key="estates.id", index=True)
    author_id: int = Field(foreign_key="people.id", index=True)
    audience: dict[str, Any] = document()
    """The filter of owners; a criterion that is left out narrows nothing."""
    texts: dict[str, Any] = document()
    """The text by language."""
    state: AnnouncementState = state_from(AnnouncementState.DRAFT)
    created_at: datetime = moment()
    started_at: datetime | None = moment_or_none()
    ended_at: datetime | None = moment_or_none()
    recipients: int = 0
    """The number of owners for whom it was written into the outbox."""
