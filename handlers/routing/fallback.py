"""Unknown commands, commands out of place, and unknown or outdated taps.

An unknown command is answered with the nearest one, and never taken for words.
"""

from __future__ import annotations

from typing import Any

from aiogram import Bot, Router
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message

from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.menus import helping
from concierge_bot.desk.people.refusals import no_such_button
from concierge_bot.screens import NOTHING, Reply
from concierge_bot.taps import NOOP
from handlers.routing.commanding import Command, is_for, read
from handlers.routing.conversation import Tapped, Work


class Mistyped(Filter):
    """A filter for messages that begin with a slash, passed on as `command`. It comes behind all known commands."""

    async def __call__(self, message: Message, bot: Bot) -> bool | dict[str, Any]:
        """Returns the `command` of a message where it has one for this bot, else False."""
        command = read(message.text or "")
        if command is None or not await is_for(bot, message, command):
            return False
        return {"command": command}


class ChangedIntoCommand(Filter):
    """A filter for private messages that begin with a slash since they were edited."""

    async def __call__(self, message: Message) -> bool:
        """Returns whether a private message now begins with a slash."""
        return message.chat.type == "private" and read(message.text or message.caption or "") is not None


async def unknown_command(_message: Message, command: Command, work: Work) -> Reply:
    """Answers an unknown command with the nearest one."""
    is_addressed = bool(command.to)
    return await work(
        lambda desk, caller: helping.unknown_command(desk, caller, command.name, is_addressed=is_addressed)
    )


async def changed_into_command(_message: Message, work: Work) -> Reply:
    """Answers that an edited message commands nothing."""
    return await work(helping.changed_into_command)


def commands_router() -> Router:
    """Makes the router of unknown commands; it comes before the routers of words."""
    found = Router(name="unknown_commands")
    found.message.register(unknown_command, Mistyped())
    found.edited_message.register(changed_into_command, ChangedIntoCommand())
    return found


async def silent(_tap: CallbackQuery, work: Work) -> Reply:
    """Ignores a tap on a cell of the calendar that is no day to choose."""
    return await work(lambda _desk, _caller: NOTHING)


async def unknown_tap(_tap: CallbackQuery, work: Work) -> Reply:
    """Refuses a tap on a forged button, or on one of an older version."""

    def refuse(_desk: Desk, caller: Caller) -> Reply:
        raise no_such_button(caller)

    return await work(refuse)


def taps_router() -> Router:
    """Makes the router of taps that no other router took."""
    found = Router(name="fallback")
    found.callback_query.register(silent, Tapped(NOOP))
    found.callback_query.register(unknown_tap)
    return found
