"""Commands as people type them: in any case, with the bot's name or without, with the slash of their keyboard."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from aiogram import Bot
from aiogram.filters import Filter
from aiogram.types import Message

from concierge_bot.desk.capabilities import CAPABILITIES
from concierge_bot.language.typed import normalised

SLASH = "/"
PAUSE_MARK = "、"
"""The letter that a Chinese keyboard writes with the key of the slash."""
NOT_OF_THE_NAME = ".,!?:;。、…"
"""Punctuation that may stand behind a command without belonging to it."""
FIRST_WORD = re.compile(r"\s*(\S*)[^\S\n]*(.*)", re.DOTALL)
LONGEST = 80
"""The most characters of a first word that are looked at: no command with a bot's name is longer."""


@dataclass(frozen=True)
class Command:
    """A message that begins with a slash."""

    name: str
    """In lower case, without the slash; empty where no word stands behind it."""
    args: str
    """The text after the name, as written; it begins with a line break where one stands behind the name."""
    to: str = ""
    """The name of the bot that it is for, in lower case; empty where it names none."""


def read(text: str) -> Command | None:
    """Parses a text that begins with a slash as a command, known or not. Returns None for any other text."""
    word, rest = _split(text)
    head = _head(word)
    if head is None:
        return None
    name, to = head
    if not name:  # the slash stands by itself
        word, further = _split(rest)
        name, to = _head(SLASH + word) or ("", "")
        return Command(name, further, to) if name in CAPABILITIES.commands else Command("", rest)
    return Command(name, rest, to)


class Commanded(Filter):
    """A filter for some commands, passed on as `command`; those for another bot of a group do not pass."""

    def __init__(self, *names: str) -> None:
        self.commands = names

    async def __call__(self, message: Message, bot: Bot) -> bool | dict[str, Any]:
        """Returns the `command` where a message has one of these for this bot, else False."""
        command = read(message.text or "")
        if command is None or command.name not in self.commands or not await is_for(bot, message, command):
            return False
        return {"command": command}


async def is_for(bot: Bot, message: Message, command: Command) -> bool:
    """Tells whether a command is for this bot. In private it always is, whatever name it bears."""
    if not command.to or message.chat.type == "private":
        return True
    return command.to == ((await bot.me()).username or "").lower()


def _split(text: str) -> tuple[str, str]:
    """Returns the first word, cut to LONGEST, and the rest."""
    found = FIRST_WORD.fullmatch(text)
    return (found[1][:LONGEST], found[2].rstrip()) if found else ("", "")


@lru_cache(maxsize=256)
def _head(word: str) -> tuple[str, str] | None:
    """Returns the names of the command and of the bot in a word; None where it is no command."""
    typed = normalised(word).casefold().rstrip(NOT_OF_THE_NAME)
    name, _, to = typed[1:].partition("@")
    if typed.startswith(SLASH) or (typed.startswith(PAUSE_MARK) and name in CAPABILITIES.commands):
        return name, to
    return None
