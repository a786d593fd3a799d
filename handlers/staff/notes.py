"""Answers in a group to what the bot asked somebody there by name."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import Message

from concierge_bot.desk.aftercare import call_notes
from concierge_bot.screens import NOTHING, Shown
from handlers.owner.spoken import text_of
from handlers.work import Is, Work


async def answer(message: Message, work: Work) -> Shown:
    """What somebody heard in a call; whatever else is said to a message of the bot's there is the group's own talk."""
    text = text_of(message)
    return await work(lambda desk, caller: call_notes.hear(desk, caller, text) or NOTHING)


def router() -> Router:
    """Answers to messages of the bot's, in groups; to be asked behind all commands."""
    found = Router(name="notes")
    in_group = Is(F.chat.type.in_({"group", "supergroup"}))
    found.message.register(answer, in_group, Is(F.reply_to_message.from_user.is_bot))
    return found
