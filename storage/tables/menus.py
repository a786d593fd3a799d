"""Which lists of commands Telegram was told, so that it is told again only what has changed."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel, UniqueConstraint

from storage.tables.columns import moment, telegram_id


class ToldMenu(SQLModel, table=True):
    """The list of one scope, in one language."""

    __tablename__ = "told_menus"
    __table_args__ = (UniqueConstraint("scope", "chat_id", "user_id", "language"),)

    id: int | None = Field(default=None, primary_key=True)
    scope: str
    """As the Bot API calls its kind; `bot` for the row that says which bot was told."""
    chat_id: int = telegram_id()
    """0 for a scope that is no single chat's."""
    user_id: int = telegram_id()
    """0 for a scope that is no single person's."""
    language: str = ""
    """Of the apps that show it; empty for all that have no list of their own."""
    digest: str = ""
    """A short mark of what the list says."""
    told_at: datetime = moment()
