"""The lower bound for a bot with these libraries and a request: write a dozen rows, make three calls, write again.

It knows nobody, renders nothing, keeps no order and forgets the work under way. The difference to the concierge is the
concierge's own cost. The difference to the bare relay is the cost of durability, less the savings of making calls as
the concierge does, past the library's objects for methods and answers.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message

from concierge_bot.runtime.processes.event_loop import run_on_duty
from concierge_bot.runtime.telegram.bot_api import BotApi
from storage.engine.unit import PRAGMAS

WHAT = "the same for a bot that only writes as many rows and makes as many calls"
FILE = "least.sqlite"
ROWS_MADE, ROWS_NOTED = 12, 2
"""As many statements as a tap on Send takes, and as many as note that both cards were sent."""


class Notebook:
    """A store of rows in a file, as durable as the concierge's."""

    def __init__(self, file: Path) -> None:
        self._file = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._thread = ThreadPoolExecutor(1)
        for pragma in PRAGMAS:
            self._file.execute(f"PRAGMA {pragma}")
        self._file.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, what TEXT, who TEXT)")

    async def write(self, what: str, who: str, count: int) -> None:
        """Writes `count` rows in one transaction."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._write, what, who, count)

    def _write(self, what: str, who: str, count: int) -> None:
        self._file.execute("BEGIN IMMEDIATE")
        for _ in range(count):
            self._file.execute("INSERT INTO notes (what, who) VALUES (?, ?)", (what, who))
        self._file.execute("COMMIT")


async def serve(api_url: str, token: str, group_id: int) -> None:
    """Polls until it is stopped."""
    bot, api = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(api_url))), BotApi(token, api_url)
    dispatcher, notebook = Dispatcher(), Notebook(Path(FILE))

    @dispatcher.message()
    async def take(message: Message) -> None:
        name, text = message.from_user.full_name if message.from_user else "", message.text or ""
        await notebook.write(text, name, ROWS_MADE)
        await asyncio.gather(
            api.call("sendMessage", chat_id=group_id, text=f"{name}: {text}"),
            api.call("sendMessage", chat_id=message.chat.id, text="Sent."),
            api.call("sendChatAction", chat_id=message.chat.id, action="typing"),
        )
        await notebook.write(text, name, ROWS_NOTED)

    async with api:
        await dispatcher.start_polling(bot)


if __name__ == "__main__":
    run_on_duty(serve(sys.argv[1], sys.argv[2], int(sys.argv[3])))
