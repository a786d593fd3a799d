"""The bot that a database belongs to: its cards, its files and the chats that were opened are that bot's alone."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import delete
from sqlmodel import col

from concierge_bot.desk.audit import recorder
from concierge_bot.desk.context import Desk
from storage.tables.audit import AuditAction, AuditSubject
from storage.tables.installation import InstallationFact
from storage.tables.menus import ToldMenu
from storage.tables.queues import InboxState, InboxUpdate

BOT_ID, BOT_USERNAME = "bot_id", "bot_username"


class BotAccount(NamedTuple):
    """A bot, as Telegram knows it."""

    id: int
    username: str

    def __str__(self) -> str:
        return f"@{self.username} ({self.id})"


def owner_of(desk: Desk) -> BotAccount | None:
    """Returns the bot that the database belongs to; None where none has worked with it yet."""
    number, name = (desk.session.get(InstallationFact, key) for key in (BOT_ID, BOT_USERNAME))
    return BotAccount(int(number.value), name.value if name else "") if number else None


def remember(desk: Desk, bot: BotAccount) -> None:
    """Records the bot that the database belongs to; its name may change, since @BotFather gives it another."""
    for key, value in ((BOT_ID, str(bot.id)), (BOT_USERNAME, bot.username)):
        fact = desk.session.get(InstallationFact, key)
        if fact is None:
            desk.session.add(InstallationFact(key=key, value=value, at=desk.now))
        elif fact.value != value:
            fact.value, fact.at = value, desk.now


def hand_over(desk: Desk, bot: BotAccount) -> None:
    """Gives the database to another bot, whose updates have numbers of their own, and whose menus were never told."""
    desk.session.exec(delete(InboxUpdate).where(col(InboxUpdate.state) == InboxState.DONE))
    desk.session.exec(delete(ToldMenu))
    former = owner_of(desk)
    before = {"bot": str(former)} if former is not None else {}
    subject = AuditSubject("bot", None, str(bot))
    recorder.record(desk, AuditAction.BOT_CHANGED, subject, estate_id=None, before=before, after={"bot": str(bot)})
    remember(desk, bot)
