"""The items found on the estate, with their states."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from storage.tables.columns import moment, state_from
from storage.tables.rows import row_id
from storage.tables.subjects import Subject

LOST_ITEM = "lost_item"


class LostItemState(StrEnum):
    """The place of an item."""

    FOUND = "found"
    STORED = "stored"
    RETURNED = "returned"


class LostItem(SQLModel, table=True):
    """An item that an owner or a guest has lost."""

    __tablename__ = "lost_items"

    id: int | None = Field(default=None, primary_key=True)
    estate_id: int = Field(foreign_key="estates.id")
    request_id: int | None = Field(default=None, foreign_key="requests.id", index=True)
    """The request during which it was found."""
    what: str
    found_by: int = Field(foreign_key="people.id")
    found_at: datetime = moment()
    state: LostItemState = state_from(LostItemState.FOUND)

    @property
    def subject(self) -> Subject:
        """Returns the subject that cards and messages about the item name."""
        return Subject(LOST_ITEM, row_id(self))
