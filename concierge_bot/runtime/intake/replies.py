"""Replies to taps and words, sent after the commit. They are not durable: losing one costs one more tap."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from concierge_bot.desk.context import Sender
from concierge_bot.runtime.observability.journal import Journal
from concierge_bot.runtime.processes.tasks import Tasks
from concierge_bot.runtime.telegram.bot_api import BotApi, BotApiError, WireError
from concierge_bot.runtime.telegram.rate_limiter import monotonic
from concierge_bot.runtime.telegram.rate_limits import Pace
from concierge_bot.screens import Reply, Screen

log = logging.getLogger(__name__)

EDIT = "editMessageText"
REFUSED = 400
PICTURE_COMES = "upload_photo"
NOT_MODIFIED = "not modified"
LONGEST_WAIT = 5.0
"""The most seconds that a reply waits for Telegram's flood control; after that the next tap has to bring it."""


class Replies:
    """A sender of replies, which count against the rate limits."""

    def __init__(self, api: BotApi, pace: Pace, journal: Journal) -> None:
        self._api, self._pace, self._journal = api, pace, journal
        self._tasks = Tasks()
        self._queue = asyncio.Lock()

    async def show(self, shown: Reply, sender: Sender, tap_id: str | None) -> None:
        """Sends a reply: the answer to a tap at once, a picture or a screen in the chat's order."""
        if tap_id is not None:
            answer = {"callback_query_id": tap_id, "text": shown.toast or None, "show_alert": shown.alert}
            self._tasks.start(self._try("answerCallbackQuery", **answer), "answer a tap")
        if shown.picture is not None:
            await self._draw(shown.picture, shown.caption, sender)
        if shown.screen is not None:
            await self._show_screen(shown.screen, sender, in_place=shown.in_place and tap_id is not None)

    async def finish(self, within: float) -> None:
        """Waits up to `within` seconds for the last answers to taps."""
        await self._tasks.finish(within)

    async def _draw(self, picture: Callable[[], bytes], caption: Screen | None, sender: Sender) -> None:
        """Draws a picture while the person sees that one is on its way."""
        where = {"chat_id": sender.chat_id, "message_thread_id": sender.thread_id}
        self._tasks.start(self._try("sendChatAction", **where, action=PICTURE_COMES), "say that a picture comes")
        beneath = caption.caption_params() if caption is not None else {}
        await self._send("sendPhoto", sender, photo=await asyncio.to_thread(picture), **beneath)

    async def _show_screen(self, screen: Screen, sender: Sender, *, in_place: bool) -> None:
        if in_place and sender.message_id is not None:
            await self._turn(sender.chat_id)
            params = screen.params()
            if await self._try(EDIT, chat_id=sender.chat_id, message_id=sender.message_id, **params):
                return
            await self._try("sendMessage", chat_id=sender.chat_id, message_thread_id=sender.thread_id, **params)
        else:
            await self._send("sendMessage", sender, **screen.params())

    async def _send(self, method: str, sender: Sender, **params: object) -> None:
        await self._turn(sender.chat_id)
        await self._try(method, chat_id=sender.chat_id, message_thread_id=sender.thread_id, **params)

    async def _turn(self, chat_id: int) -> None:
        """Waits for room in the overall rate limit, first come, first served; urgent, since a person is waiting."""
        async with self._queue:
            while (pause := self._pace.overall_pause(monotonic(), urgent=True)) > 0:  # noqa: ASYNC110
                await asyncio.sleep(pause)  # the passing of time is what is waited for
            self._pace.take(chat_id, monotonic())

    async def _try(self, method: str, **params: object) -> bool:
        """Makes a call, once more after a short flood control. Returns False where a new message is needed instead."""
        try:
            await self._call(method, params)
        except BotApiError as error:
            if error.retry_after is not None:
                await self._after_flood(method, params, error.retry_after)
            elif error.code == REFUSED:
                return method != EDIT or NOT_MODIFIED in error.description
            else:
                log.info("a reply was not sent: %s %s", type(error).__name__, error.code)
        except WireError as error:
            log.info("a reply was not sent: %s", type(error).__name__)
        return True

    async def _call(self, method: str, params: dict[str, object]) -> None:
        try:
            await self._api.call(method, **params)
        except (BotApiError, WireError) as error:
            is_there = isinstance(error, BotApiError) and NOT_MODIFIED in error.description
            self._journal.replied(method, None if is_there else error)
            raise
        self._journal.replied(method)

    async def _after_flood(self, method: str, params: dict[str, object], retry_after: float) -> None:
        chat_id = params.get("chat_id")
        if isinstance(chat_id, int):
            self._pace.hold(chat_id, monotonic() + retry_after)
        if retry_after > LONGEST_WAIT:
            return
        await asyncio.sleep(retry_after)
        try:
            await self._call(method, params)
        except (BotApiError, WireError) as error:
            log.info("a reply was not sent: %s", type(error).__name__)
