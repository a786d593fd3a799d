"""Commands that are none of ours, or none in their place: answered with the nearest, and never taken for words."""

from __future__ import annotations

from typing import Any

from aiogram import Bot, Router
from aiogram.filters import Filter
from aiogram.types import Message

from concierge_bot.desk.menus import helping
from concierge_bot.screens import Shown
from handlers.commanding import Command, is_for, read
from handlers.work import Work


class Mistyped(Filter):
    """Lets a message through that begins with a slash, as `command`. To be asked behind all commands of ours."""

    async def __call__(self, message: Message, bot: Bot) -> bool | dict[str, Any]:
        command = read(message.text or "")
        if command is None or not await is_for(bot, message, command):
            return False
        return {"command": command}


class ChangedIntoCommand(Filter):
    """Lets a private message through that begins with a slash since it was changed."""

    async def __call__(self, message: Message) -> bool:
        return message.chat.type == "private" and read(message.text or message.caption or "") is not None


async def unknown(_message: Message, command: Command, work: Work) -> Shown:
    """Answers with the nearest command."""
    is_addressed = bool(command.to)
    return await work(
        lambda desk, caller: helping.unknown_command(desk, caller, command.name, is_addressed=is_addressed)
    )


async def changed(_message: Message, work: Work) -> Shown:
    """Answers that a changed message commands nothing."""
    return await work(helping.changed_into_command)


def router() -> Router:
    """Makes the router that must be asked before those that take words for words."""
    found = Router(name="mistyped")
    found.message.register(unknown, Mistyped())
    found.edited_message.register(changed, ChangedIntoCommand())
    return found
