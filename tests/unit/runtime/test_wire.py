"""What is an answer of the Bot API, and what only looks like one; what reaches it of a call."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram.error import TelegramError

from concierge_bot.runtime.telegram.bot_api import BotApi
from concierge_bot.runtime.telegram.outbox_bot import AiohttpRequest, is_answer, outbox_bot
from concierge_bot.runtime.telegram.rate_limiter import Limiter
from concierge_bot.runtime.telegram.rate_limits import Limit, Pace


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"ok":true,"result":true}', True),
        (b'{"ok":true,"result":{"message_id":1}}', True),
        (b'{"ok":false,"error_code":400,"description":"Bad Request"}', True),
        (b'{"ok":true}', False),
        (b'{"error":"quota"}', False),
        (b"[]", False),
        (b"null", False),
        (b"", False),
        (b"<html>502</html>", False),
        (b"\xff\xfe", False),
        (b'{"ok":true,', False),
    ],
)
def test_whether_the_bot_api_speaks(body: bytes, expected: bool) -> None:
    assert is_answer(body) is expected


def test_an_answer_is_read_also_where_a_letter_is_broken() -> None:
    read = AiohttpRequest.parse_json_payload(b'{"ok":true,"result":{"message_id":7,"text":"a\xffb"}}')
    assert read["result"]["message_id"] == 7
    with pytest.raises(TelegramError):
        AiohttpRequest.parse_json_payload(b"<html>")


OF_TOMORROW: dict[str, Any] = {
    "chat_id": 7,
    "text": "x",
    "brand_new": {"style": "glowing", "levels": [[1, {"deep": False}], []], "empty": ""},
    "also_new": [{"of": 0}, {"of": "é"}],
    "flag": False,
    "moment": 1_783_330_000,
}
"""Parameters of a Bot API that neither library knows."""


async def test_what_no_library_knows_reaches_telegram_as_it_was_written() -> None:
    heard: list[tuple[str, Any]] = []

    async def hear(request: web.Request) -> web.Response:
        heard.append((request.match_info["method"], await request.json()))
        return web.json_response({"ok": True, "result": {"message_id": 1}})

    application = web.Application()
    application.router.add_post("/bot1:x/{method}", hear)
    async with TestServer(application) as server:
        address = str(server.make_url("")).rstrip("/")
        bot = outbox_bot("1:x", address, Limiter(Pace(Limit(1, 1), Limit(1, 1), Limit(1, 1))))
        await bot.request.initialize()
        await bot.call("sendHologram", OF_TOMORROW, urgent=False)
        await bot.request.shutdown()
        async with BotApi("1:x", address) as api:
            await api.call("sendHologram", **OF_TOMORROW)
    assert heard == [("sendHologram", OF_TOMORROW)] * 2
