"""The reference: an aiogram bot that relays each message into a group, and keeps nothing."""

from __future__ import annotations

import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message

from concierge_bot.runtime.processes.event_loop import run_on_duty


async def relay(api_url: str, token: str, group_id: int) -> None:
    """Polls until it is stopped."""
    bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(api_url)))
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def pass_on(message: Message) -> None:
        name = message.from_user.full_name if message.from_user else ""
        await bot.send_message(group_id, f"{name}: {message.text}")

    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    run_on_duty(relay(sys.argv[1], sys.argv[2], int(sys.argv[3])))
