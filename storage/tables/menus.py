"""The menus of commands as last told to Telegram: only changed ones are sent again."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel, UniqueConstraint

from storage.tables.columns import moment, telegram_id


class ToldMenu(SQLModel, table=True):
    """The menu of one scope, in one language."""

    __tablename__ = "told_menus"
    __table_args__ = (UniqueConstraint("scope", "chat_id", "user_id", "language"),)

    id: int | None = Field(default=None, primary_key=True)
    scope: str
    """The kind of scope, by its name in the Bot API; `bot` for the row that names the bot itself."""
    chat_id: int = telegram_id()
    """The chat of the scope; 0 for a scope that is no single chat's."""
    user_id: int = telegram_id()
    """The person of the scope; 0 for a scope that is no single person's."""
    language: str = ""
    """The language of the apps that show it; empty for all without a menu of their own."""
    digest: str = ""
    """A digest of the menu's commands and descriptions."""
    told_at: datetime = moment()
