"""What merely answers a tap or a word, sent after the commit. Losing it costs one more tap."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest, TelegramRetryAfter
from aiogram.methods import AnswerCallbackQuery, EditMessageText, Response, SendMessage, SendPhoto, TelegramMethod
from aiogram.types import BufferedInputFile

from concierge_bot.desk.context import Sender
from concierge_bot.runtime.journal import Journal
from concierge_bot.runtime.pace import Pace
from concierge_bot.runtime.tasks import Tasks
from concierge_bot.screens import Screen, Shown

log = logging.getLogger(__name__)

TIMEOUT = 20
NOT_MODIFIED = "not modified"
MODELS = [Response[method.__returning__] for method in (AnswerCallbackQuery, EditMessageText, SendMessage)]  # type: ignore[name-defined]
"""Held, or pydantic forgets what the library makes at each call: that takes five milliseconds."""
PATIENCE = 5.0
"""Seconds that a reply waits for Telegram's flood control; after that the next tap has to bring it."""


class Replies:
    """Sends replies with aiogram's bot, and lets the pace know of them."""

    def __init__(self, bot: Bot, pace: Pace, journal: Journal) -> None:
        self._bot, self._pace, self._journal = bot, pace, journal
        self._tasks = Tasks()
        self._queue = asyncio.Lock()

    async def show(self, shown: Shown, sender: Sender, tap_id: str | None) -> None:
        """Answers a tap beside the chat's order; a screen keeps its place in it."""
        if tap_id is not None:
            answer = AnswerCallbackQuery(callback_query_id=tap_id, text=shown.toast or None, show_alert=shown.alert)
            self._tasks.start(self._try(answer), "answer a tap")
        if shown.picture is not None:
            await self._turn(sender.chat_id)
            photo = BufferedInputFile(shown.picture, "figures.png")
            await self._try(SendPhoto(chat_id=sender.chat_id, message_thread_id=sender.thread_id, photo=photo))
        if shown.screen is not None:
            await self._show_screen(shown.screen, sender, in_place=shown.in_place and tap_id is not None)

    async def finish(self, within: float) -> None:
        """Lets the last answers arrive."""
        await self._tasks.finish(within)

    async def _show_screen(self, screen: Screen, sender: Sender, *, in_place: bool) -> None:
        await self._turn(sender.chat_id)
        if in_place and sender.message_id is not None:
            edit = EditMessageText(chat_id=sender.chat_id, message_id=sender.message_id, **screen.params())
            if await self._try(edit):
                return
        await self._try(SendMessage(chat_id=sender.chat_id, message_thread_id=sender.thread_id, **screen.params()))

    async def _turn(self, chat_id: int) -> None:
        """Waits until the pace over all chats leaves room, first come, first served; somebody looks at their phone."""
        async with self._queue:
            while (pause := self._pace.overall_pause(_now(), urgent=True)) > 0:  # noqa: ASYNC110
                await asyncio.sleep(pause)  # the passing of time is what is waited for
            self._pace.take(chat_id, _now())

    async def _try(self, method: TelegramMethod[Any]) -> bool:
        """Makes a call, again after a short flood control. Returns False where another message is needed instead."""
        try:
            await self._call(method)
        except TelegramRetryAfter as flood:
            chat_id = getattr(method, "chat_id", None)
            if isinstance(chat_id, int):
                self._pace.hold(chat_id, _now() + flood.retry_after)
            if flood.retry_after > PATIENCE:
                return True
            await asyncio.sleep(flood.retry_after)
            return await self._once_more(method)
        except TelegramBadRequest as error:
            return not isinstance(method, EditMessageText) or NOT_MODIFIED in error.message
        except AiogramError as error:
            log.info("a reply was not sent: %s", type(error).__name__)
        return True

    async def _call(self, method: TelegramMethod[Any]) -> None:
        try:
            await self._bot(method, request_timeout=TIMEOUT)
        except AiogramError as error:
            is_there = isinstance(error, TelegramBadRequest) and NOT_MODIFIED in error.message
            self._journal.replied(method.__api_method__, None if is_there else error)
            raise
        self._journal.replied(method.__api_method__)

    async def _once_more(self, method: TelegramMethod[Any]) -> bool:
        try:
            await self._call(method)
        except AiogramError as error:
            log.info("a reply was not sent: %s", type(error).__name__)
        return True


def _now() -> float:
    return asyncio.get_running_loop().time()
