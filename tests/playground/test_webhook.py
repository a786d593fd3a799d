"""Updates by webhook: the secret, order, repetition, calls in the answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from concierge_bot.playground import Person, Playground
from tests.playground.client import BotClient, polling


class Door:
    """A bot's webhook. It answers with `replies`, statuses or calls, then with 200."""

    def __init__(self) -> None:
        self.url = ""
        self.taken: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.replies: list[int | dict[str, Any]] = []
        self.tries = 0
        self.knocked = asyncio.Event()
        self.open = asyncio.Event()
        self.open.set()

    async def __call__(self, request: web.BaseRequest) -> web.Response:
        self.tries += 1
        self.knocked.set()
        update = await request.json()
        await self.open.wait()
        reply = self.replies.pop(0) if self.replies else 200
        if isinstance(reply, int) and reply != 200:
            return web.Response(status=reply)
        self.taken.append(update)
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        return web.Response() if isinstance(reply, int) else web.json_response(reply)

    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.taken]


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    door = Door()
    runner = web.ServerRunner(web.Server(door))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    door.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield door
    door.open.set()
    await runner.cleanup()


async def test_delivery_with_secret(telegram: Playground, bot: BotClient, wang: Person, door: Door) -> None:
    await wang.writes("a")
    assert await bot.do("setWebhook", url=door.url, secret_token="s3-cret_")
    await wang.writes("b")
    await telegram.settled(quiet=0)
    assert door.texts() == ["/start", "a", "b"]
    assert set(door.secrets) == {"s3-cret_"}
    info = await bot.do("getWebhookInfo")
    assert (info["url"], info["pending_update_count"]) == (door.url, 0)


async def test_repetition_keeps_order(telegram: Playground, bot: BotClient, wang: Person, door: Door) -> None:
    door.replies = [500, 302, 200]
    await bot.do("setWebhook", url=door.url)
    await wang.writes("a")
    await telegram.settled(quiet=0)
    assert door.texts() == ["/start", "a"]
    assert door.tries == 4
    assert "302" in (await bot.do("getWebhookInfo"))["last_error_message"]


async def test_a_slow_chat_does_not_hold_up_another(
    telegram: Playground, bot: BotClient, wang: Person, anna: Person, door: Door
) -> None:
    door.replies = [503, 503]
    await bot.updates()
    await bot.updates()
    await bot.do("setWebhook", url=door.url)
    await wang.writes("slow")
    await door.knocked.wait()
    await anna.starts()
    await telegram.settled(quiet=0)
    assert sorted(door.texts()) == ["/start", "slow"]


async def test_one_connection_at_most(
    telegram: Playground, bot: BotClient, wang: Person, anna: Person, door: Door
) -> None:
    door.open.clear()
    await bot.do("setWebhook", url=door.url, max_connections=1)
    await anna.starts()
    await wang.writes("after the start")
    await door.knocked.wait()
    await bot.do("getMe")
    assert door.tries == 1
    door.open.set()
    await telegram.settled(quiet=0)
    assert len(door.taken) == 3


async def test_a_call_in_the_answer(telegram: Playground, bot: BotClient, wang: Person, door: Door) -> None:
    door.replies = [
        {"method": "sendMessage", "chat_id": wang.id, "text": "from the answer"},
        {"method": "sendMessage", "chat_id": 5, "text": "x"},
    ]
    await bot.do("setWebhook", url=door.url)
    await wang.sees("from the answer")
    await wang.writes("again")
    refused = await telegram.until(lambda: telegram.refusals)
    assert refused[0].description == "Bad Request: chat not found"


async def test_webhook_and_polling_exclude_each_other(bot: BotClient, wang: Person, door: Door) -> None:
    await bot.updates()
    await bot.updates()
    poll = asyncio.create_task(bot.ask("getUpdates", timeout=20, offset=bot.offset))
    await polling(bot.telegram)
    await bot.do("setWebhook", url=door.url, allowed_updates=["message"])
    assert (await poll).description == "Conflict: terminated by setWebhook request"
    answer = await bot.ask("getUpdates")
    assert answer.status == 409
    assert "webhook is active" in answer.description
    assert (await bot.do("getWebhookInfo"))["allowed_updates"] == ["message"]

    door.replies = [500] * 9
    await wang.writes("stays")
    await bot.do("deleteWebhook")
    (update,) = await bot.updates()
    assert update["message"]["text"] == "stays"
    assert (await bot.do("getWebhookInfo"))["url"] == ""


@pytest.mark.parametrize("method", ["setWebhook", "deleteWebhook"])
async def test_dropping_what_waits(bot: BotClient, wang: Person, method: str) -> None:
    await wang.writes("lost")
    await bot.do(method, **({"url": ""} if method == "setWebhook" else {}), drop_pending_updates=True)
    assert await bot.updates() == []


@pytest.mark.parametrize(
    "params",
    [
        {"url": "https://example.com/hook"},
        {"url": "ftp://127.0.0.1/"},
        {"url": "http://127.0.0.1/", "secret_token": "with space"},
        {"url": "http://127.0.0.1/", "max_connections": 101},
    ],
)
async def test_wrong_webhooks(bot: BotClient, params: dict[str, Any]) -> None:
    assert (await bot.ask("setWebhook", **params)).status == 400
