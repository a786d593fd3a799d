"""The commands that Telegram offers people, in their language."""

from __future__ import annotations

import asyncio
import logging

from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)

from concierge_bot.desk import staff
from concierge_bot.i18n import SOURCE_LANGUAGE, Words, languages, words
from concierge_bot.runtime.desks import Desks
from concierge_bot.runtime.patience import place_of

log = logging.getLogger(__name__)

ATTEMPTS = 5
LOOK_AGAIN = 60.0
"""Seconds between two looks for supervisors who joined, or read another language now."""


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


async def announce_supervisors_commands(bot: Bot, desks: Desks) -> None:
    """Tells Telegram, in each supervisor's own chat, what only supervisors may; also for those who join later."""
    announced: dict[int, str] = {}
    while True:
        try:
            for chat_id, language in (await desks.run(staff.chats_of_superiors)).items():
                if announced.get(chat_id) != language:
                    await _announce_to_supervisor(bot, words(language), chat_id)
                    announced[chat_id] = language
        except Exception as error:
            log.info("the supervisors' commands could not be announced: %s", place_of(error))
        await asyncio.sleep(LOOK_AGAIN)


async def _announce_to_supervisor(bot: Bot, words: Words, chat_id: int) -> None:
    offered = {
        "open": words.text("What is open, the latest first"),
        "late": words.text("Which promises were missed today"),
        "followups": words.text("Which follow-ups are owed"),
        "promises": words.text("The figures"),
        "announce": words.text("Write to the owners"),
        "announcements": words.text("How far announcements have come"),
    }
    listed = [BotCommand(command=name, description=text) for name, text in {**offered, **_for_everybody(words)}.items()]
    await bot.set_my_commands(listed, scope=BotCommandScopeChat(chat_id=chat_id))


def _for_everybody(words: Words) -> dict[str, str]:
    return {
        "menu": words.text("What may we do for you?"),
        "requests": words.text("How your requests stand"),
        "profile": words.text("Your profile"),
        "language": words.text("Change the language"),
        "cancel": words.text("Drop the request you are putting together"),
        "help": words.text("What you can do here"),
    }


async def _announce(bot: Bot, words: Words, language_code: str | None) -> None:
    group = {
        "on": words.text("I am on duty"),
        "off": words.text("I am off duty"),
        "duty": words.text("Who is on duty"),
        "followups": words.text("Which follow-ups are owed"),
        "staffchat": words.text("Make this group a staff chat"),
        "language": words.text("Choose the language of the cards"),
    }
    for scope, commands in (
        (BotCommandScopeAllPrivateChats(), _for_everybody(words)),
        (BotCommandScopeAllChatAdministrators(), group),
    ):
        listed = [BotCommand(command=name, description=text) for name, text in commands.items()]
        await bot.set_my_commands(listed, scope=scope, language_code=language_code)
