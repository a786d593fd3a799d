"""The boards of the staff chats: one message each that lists what is open."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel, UniqueConstraint

from storage.tables.columns import telegram_id


class Board(SQLModel, table=True):
    """The board of a group, or of a topic of it; it is edited, not repeated."""

    __tablename__ = "boards"
    __table_args__ = (UniqueConstraint("chat_id", "thread_id"),)

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = telegram_id()
    thread_id: int = 0
    """The forum topic; 0 for the group itself."""
    message_id: int | None = Field(default=None, sa_type=BigInteger)
    """The id of its message; None until that was sent."""
    said: str = ""
    """A digest of its latest text, which may still wait to be sent."""
