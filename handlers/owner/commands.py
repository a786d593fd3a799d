"""Commands in a private chat."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import Message

from concierge_bot.desk import announcements, asking, menus, profiles
from concierge_bot.screens import Shown
from handlers.work import Is, Work


async def start(_message: Message, command: CommandObject, work: Work) -> Shown:
    """/start, with an invitation's code or without."""
    code = (command.args or "").strip()
    if code:
        return await work(lambda desk, caller: profiles.join(desk, caller, code))
    return await work(profiles.greet)


async def menu(_message: Message, work: Work) -> Shown:
    """/menu."""
    return await work(lambda desk, caller: Shown(screen=menus.home(desk, caller)))


async def requests(_message: Message, work: Work) -> Shown:
    """/requests."""
    return await work(menus.list_requests)


async def profile(_message: Message, work: Work) -> Shown:
    """/profile."""
    return await work(menus.show_profile)


async def language(_message: Message, work: Work) -> Shown:
    """/language."""
    return await work(menus.ask_language)


async def help_(_message: Message, work: Work) -> Shown:
    """/help."""
    return await work(lambda desk, caller: Shown(screen=menus.help_for(desk, caller)))


async def cancel(_message: Message, work: Work) -> Shown:
    """/cancel."""
    return await work(lambda desk, caller: announcements.cancel(desk, caller) or asking.cancel_command(desk, caller))


def router() -> Router:
    """Commands of owners, and of whoever else writes to the bot."""
    found = Router(name="commands")
    found.message.filter(Is(F.chat.type == "private"))
    found.message.register(start, CommandStart())
    found.message.register(menu, Command("menu"))
    found.message.register(requests, Command("requests"))
    found.message.register(profile, Command("profile"))
    found.message.register(language, Command("language"))
    found.message.register(help_, Command("help"))
    found.message.register(cancel, Command("cancel"))
    return found
