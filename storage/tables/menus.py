"""The menus of commands as last told to Telegram: only changed ones are sent again."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel, UniqueConstraint

from storage.tables.columns import moment, telegram_id, word_of


class MenuScope(StrEnum):
    """The scopes of menus, by their names in the Bot API."""

    PRIVATE_CHATS = "all_private_chats"
    GROUPS = "all_group_chats"
    ADMINISTRATORS = "all_chat_administrators"
    CHAT = "chat"
    MEMBER = "chat_member"
    BOT = "bot"
    """No scope of Telegram's: the row that names the bot itself."""
    NAME = "name"
    DESCRIPTION = "description"
    SHORT_DESCRIPTION = "short_description"
    """No scopes either: what its page says of the bot."""


class ToldMenu(SQLModel, table=True):
    """The menu of one scope, in one language."""

    __tablename__ = "told_menus"
    __table_args__ = (UniqueConstraint("scope", "chat_id", "user_id", "language"),)

    id: int | None = Field(default=None, primary_key=True)
    scope: MenuScope = word_of(MenuScope)
    chat_id: int = telegram_id()
    """The chat of the scope; 0 for a scope that is no single chat's."""
    user_id: int = telegram_id()
    """The person of the scope; 0 for a scope that is no single person's."""
    language: str = ""
    """The language of the apps that show it; empty for all without a menu of their own."""
    digest: str = ""
    """A digest of the menu's commands and descriptions."""
    told_at: datetime = moment()
