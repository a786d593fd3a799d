"""A group becomes a staff chat: by command, or by the button that the bot shows when it is added."""

from __future__ import annotations

from aiogram import Bot, Router
from aiogram.types import CallbackQuery, Message

from concierge_bot import taps
from concierge_bot.desk.profiles import used_links
from concierge_bot.desk.staff_chats import staff_chats
from concierge_bot.screens import Shown
from handlers.commanding import Command, Commanded
from handlers.work import Tapped, Work


async def command(_message: Message, command: Command, work: Work) -> Shown:
    """/staffchat [team]."""
    team = command.args.strip().lower()
    return await work(lambda desk, caller: staff_chats.register(desk, caller, team))


async def button(_tap: CallbackQuery, arguments: tuple[str], work: Work) -> Shown:
    """The button with the same meaning."""
    (team,) = arguments
    return await work(lambda desk, caller: staff_chats.register(desk, caller, team, in_place=True))


async def new_link(_tap: CallbackQuery, arguments: tuple[int], work: Work, bot: Bot) -> Shown:
    """A new link for somebody whose link is used up."""
    name = (await bot.me()).username or ""
    return await work(lambda desk, caller: used_links.renew(desk, caller, *arguments, name))


def router() -> Router:
    """Staff chats."""
    found = Router(name="staff_chat")
    found.message.register(command, Commanded("staffchat"))
    found.callback_query.register(button, Tapped(taps.STAFF_CHAT))
    found.callback_query.register(new_link, Tapped(taps.NEW_LINK))
    return found
