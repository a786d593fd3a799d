"""Commands that are none of ours, or none in their place; taps that mean nothing, or nothing any more.

A command is answered with the nearest one, and never taken for words.
"""

from __future__ import annotations

from typing import Any

from aiogram import Bot, Router
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message

from concierge_bot import taps
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.menus import helping
from concierge_bot.desk.people.refusals import no_such_button
from concierge_bot.screens import NOTHING, Reply
from handlers.routing.commanding import Command, is_for, read
from handlers.routing.conversation import Tapped, Work


class Mistyped(Filter):
    """Lets a message through that begins with a slash, as `command`. To be asked behind all commands of ours."""

    async def __call__(self, message: Message, bot: Bot) -> bool | dict[str, Any]:
        """Returns the `command` of a message where it has one for this bot, else False."""
        command = read(message.text or "")
        if command is None or not await is_for(bot, message, command):
            return False
        return {"command": command}


class ChangedIntoCommand(Filter):
    """Lets a private message through that begins with a slash since it was changed."""

    async def __call__(self, message: Message) -> bool:
        """Returns whether a private message now begins with a slash."""
        return message.chat.type == "private" and read(message.text or message.caption or "") is not None


async def unknown_command(_message: Message, command: Command, work: Work) -> Reply:
    """Answers with the nearest command."""
    is_addressed = bool(command.to)
    return await work(
        lambda desk, caller: helping.unknown_command(desk, caller, command.name, is_addressed=is_addressed)
    )


async def changed_into_command(_message: Message, work: Work) -> Reply:
    """Answers that a changed message commands nothing."""
    return await work(helping.changed_into_command)


def commands_router() -> Router:
    """Makes the router that must be asked before those that take words for words."""
    found = Router(name="unknown_commands")
    found.message.register(unknown_command, Mistyped())
    found.edited_message.register(changed_into_command, ChangedIntoCommand())
    return found


async def silent(_tap: CallbackQuery, work: Work) -> Reply:
    """A cell of the calendar that is no day to choose."""
    return await work(lambda _desk, _caller: NOTHING)


async def unknown_tap(_tap: CallbackQuery, work: Work) -> Reply:
    """A forged button, or one of an older version."""

    def refuse(_desk: Desk, caller: Caller) -> Reply:
        raise no_such_button(caller)

    return await work(refuse)


def taps_router() -> Router:
    """The last resort for taps."""
    found = Router(name="fallback")
    found.callback_query.register(silent, Tapped(taps.NOOP))
    found.callback_query.register(unknown_tap)
    return found
