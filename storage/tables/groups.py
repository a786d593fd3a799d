"""Groups of the staff: the board of each, and the obstacles in it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel, UniqueConstraint

from storage.tables.columns import moment, moment_or_none, telegram_id, word_of


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


class Cause(StrEnum):
    """A thing that the bot may not do in a group."""

    MUTED = "muted"
    PHOTOS = "photos"
    VIDEOS = "videos"
    DOCUMENTS = "documents"
    MUSIC = "music"
    VOICE = "voice"
    ANIMATIONS = "animations"
    VIDEO_NOTES = "video_notes"
    TOPIC_CLOSED = "topic_closed"
    MEMBERS_HIDDEN = "members_hidden"
    """It may not see who is a member."""


FileCause = Literal[
    Cause.PHOTOS, Cause.VIDEOS, Cause.DOCUMENTS, Cause.MUSIC, Cause.VOICE, Cause.ANIMATIONS, Cause.VIDEO_NOTES
]
"""Those that stand in the way of one kind of file alone."""


class ChatTrouble(SQLModel, table=True):
    """One thing that the bot may not do in a group, or in a topic of it; it passes, and may come back."""

    __tablename__ = "chat_troubles"
    __table_args__ = (UniqueConstraint("chat_id", "thread_id", "cause"),)

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = telegram_id()
    thread_id: int = 0
    """The forum topic; 0 for the group itself."""
    cause: Cause = word_of(Cause)
    said: str = ""
    """The description in Telegram's error."""
    since: datetime = moment()
    told_at: datetime | None = moment_or_none()
    """The moment at which somebody was told of it."""
    ended_at: datetime | None = moment_or_none()
