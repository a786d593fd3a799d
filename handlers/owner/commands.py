"""Commands in a private chat, and /help."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import Message

from concierge_bot.desk.announcements import writing
from concierge_bot.desk.menus import helping, menus
from concierge_bot.desk.ordering import asking
from concierge_bot.desk.profiles import profiles
from concierge_bot.screens import Shown
from handlers.commanding import Command, Commanded
from handlers.work import Is, Work


async def start(_message: Message, command: Command, work: Work) -> Shown:
    """/start, with an invitation's code or without."""
    code = command.args.strip()
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
    return await work(helping.help_command)


async def cancel(_message: Message, work: Work) -> Shown:
    """/cancel."""
    return await work(lambda desk, caller: writing.cancel(desk, caller) or asking.cancel_command(desk, caller))


def router() -> Router:
    """Commands of owners, and of whoever else writes to the bot."""
    found = Router(name="commands")
    in_private = Is(F.chat.type == "private")
    for handler, name in (
        (start, "start"),
        (menu, "menu"),
        (requests, "requests"),
        (profile, "profile"),
        (language, "language"),
        (cancel, "cancel"),
    ):
        found.message.register(handler, in_private, Commanded(name))
    found.message.register(help_, Commanded("help"))
    return found
