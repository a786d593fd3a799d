"""The commands that Telegram offers people, in their language."""

from __future__ import annotations

import asyncio
import logging

from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import BotCommand, BotCommandScopeAllChatAdministrators, BotCommandScopeAllPrivateChats

from concierge_bot.i18n import SOURCE_LANGUAGE, Words, languages, words

log = logging.getLogger(__name__)

ATTEMPTS = 5


async def announce_commands(bot: Bot) -> None:
    """Tells Telegram the commands. It is a courtesy: trouble is waited for a few times, then let be."""
    for attempt in range(ATTEMPTS):
        try:
            for language in languages():
                await _announce(bot, words(language), None if language == SOURCE_LANGUAGE else language)
        except AiogramError as error:
            log.info("the commands could not be announced: %s", type(error).__name__)
            await asyncio.sleep(2**attempt)
        else:
            return


async def _announce(bot: Bot, words: Words, language_code: str | None) -> None:
    private = {
        "menu": words.text("What may we do for you?"),
        "requests": words.text("How your requests stand"),
        "profile": words.text("Your profile"),
        "language": words.text("Change the language"),
        "cancel": words.text("Drop the request you are putting together"),
        "help": words.text("What you can do here"),
    }
    group = {
        "on": words.text("I am on duty"),
        "off": words.text("I am off duty"),
        "duty": words.text("Who is on duty"),
        "followups": words.text("Which follow-ups are owed"),
        "staffchat": words.text("Make this group a staff chat"),
        "language": words.text("Choose the language of the cards"),
    }
    for scope, commands in (
        (BotCommandScopeAllPrivateChats(), private),
        (BotCommandScopeAllChatAdministrators(), group),
    ):
        listed = [BotCommand(command=name, description=text) for name, text in commands.items()]
        await bot.set_my_commands(listed, scope=scope, language_code=language_code)
