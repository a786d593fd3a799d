"""Checks with Telegram: whether it accepts the token, how it brings updates, and the staff chats."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlmodel import col, select

from concierge_bot.commands.checks.finding import Finding, advice, well, wrong
from concierge_bot.runtime.bot_identity import UNKNOWN, of_another_bot
from concierge_bot.runtime.installation import Installation
from concierge_bot.runtime.telegram.bot_api import BotApi, BotApiError, WireError
from concierge_bot.runtime.telegram.clock_check import ClockCheck
from concierge_bot.settings import Settings
from storage.tables.people import Estate, StaffChat

REPLIES = 3
HIDDEN = "member list is inaccessible"
UPGRADED = "upgraded to a supergroup"
OUTSIDE = ("bot was kicked", "bot is not a member")


@dataclass(frozen=True)
class AtTelegram:
    """The client of Telegram, and the installation that is compared with what it says."""

    api: BotApi
    settings: Settings
    installation: Installation | None
    """None where the database cannot be used."""
    bot_id: int
    joins_groups: bool = True
    """Whether people may add the bot to groups."""


async def me(api: BotApi) -> dict[str, Any]:
    """Asks Telegram which bot the token is of. Raises BotApiError or WireError."""
    found = await api.call("getMe")
    if not isinstance(found, dict) or not {"id", "username"} <= set(found):
        raise WireError("getMe gave no bot")
    return found


def refused(error: BotApiError) -> str:
    """Returns what to do about a refusal of Telegram's."""
    if error.code in UNKNOWN:
        return f"The token is not accepted ({error.description}): get the right one from @BotFather."
    return f"Telegram refuses what every bot may ask ({error}): try again in a while."


async def bot(at: AtTelegram) -> AsyncIterator[Finding]:
    """Checks that the bot may be added to groups, and owns the database; says nothing where all is well."""
    if not at.joins_groups:
        yield advice("bot", "It cannot be added to groups: have @BotFather allow it, in /setjoingroups.")
    if at.installation is not None and (said := of_another_bot(at.installation)) is not None:
        yield wrong("bot", said)


async def updates(at: AtTelegram) -> AsyncIterator[Finding]:
    """Checks that Telegram brings updates in the way that the settings say."""
    info = await at.api.call("getWebhookInfo")
    url = info.get("url", "")
    if url != (at.settings.webhook_url or ""):
        there = f"brings updates to {urlsplit(url).hostname}" if url else "waits to be asked for updates"
        said = f"Telegram {there}, which is not what the settings say: `concierge run` puts that right when it starts."
        yield wrong("updates", said)
    elif url and info.get("last_error_message"):
        yield wrong("updates", f"Telegram cannot reach the webhook: {info['last_error_message']}.")
    else:
        way = "webhook" if url else "long polling"
        yield well("updates", f"{way}, {info.get('pending_update_count')} waiting at Telegram")


async def clock(at: AtTelegram) -> AsyncIterator[Finding]:
    """Checks this machine's clock against Telegram's, by several replies."""
    check = ClockCheck()
    at.api.on_date = check.heard
    for _ in range(REPLIES):
        await at.api.call("getMe")
    at.api.on_date = None
    if check.is_wrong:
        yield wrong("clock", f"This machine's clock is {check.in_words} of Telegram's: set it, best by NTP.")


async def staff_chats(at: AtTelegram) -> AsyncIterator[Finding]:
    """Checks that the bot is an administrator of each staff chat."""
    if at.installation is None:
        return
    with at.installation.looking() as desk:
        chats = list(desk.session.exec(select(StaffChat).order_by(col(StaffChat.id))))
        estates = list(desk.session.exec(select(Estate).order_by(col(Estate.id))))
    having = {chat.estate_id for chat in chats}
    lacking = [estate.name for estate in estates if estate.id not in having]
    if lacking:
        there = "" if len(estates) == 1 else f" at “{'”, “'.join(lacking)}”"
        said = f"There is none{there}. Add the bot to the staff's group; there, a supervisor sends /staffchat."
        yield wrong("staff chats", said)
    for chat in chats:
        yield await _staff_chat(at, chat)


async def _staff_chat(at: AtTelegram, chat: StaffChat) -> Finding:
    try:
        status = (await at.api.call("getChatMember", chat_id=chat.chat_id, user_id=at.bot_id))["status"]
    except (BotApiError, WireError) as error:
        return wrong("staff chat", _unseen(chat, str(error)), chat.team)
    if status in {"left", "kicked"}:
        return wrong("staff chat", _not_in(chat), chat.team)
    if status != "administrator":
        said = f"Make the bot an administrator of “{chat.title}”, so that it sees who joins and leaves."
        return wrong("staff chat", said, chat.team)
    return well("staff chat", f"“{chat.title}”, the bot is administrator", chat.team)


def _unseen(chat: StaffChat, error: str) -> str:
    """Returns what to do about a staff chat that Telegram says nothing of."""
    if HIDDEN in error.lower():
        return f"“{chat.title}” hides its members: make the bot an administrator there, so that it knows the staff."
    if any(said in error for said in OUTSIDE):
        return _not_in(chat)
    if UPGRADED in error:
        again = "follows at its next message there. Is `concierge run` running? If it was, send /staffchat there again"
        return f"“{chat.title}” became a supergroup, which has another number: the concierge {again}."
    return f"“{chat.title}” cannot be seen ({error}). Add the bot to it again and send /staffchat there."


def _not_in(chat: StaffChat) -> str:
    return f"The bot is not in “{chat.title}” any more. Add it and send /staffchat."
