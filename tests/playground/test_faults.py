"""Misfortunes to order."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import pytest

from concierge_bot.playground import Fault, FaultKind, Person, Playground
from tests.playground.client import BotClient, polling


async def test_too_many_requests(telegram: Playground, bot: BotClient, wang: Person) -> None:
    telegram.faults.add(Fault(FaultKind.TOO_MANY_REQUESTS, "sendmessage", times=1, retry_after=7))
    answer = await bot.ask("sendMessage", chat_id=wang.id, text="hi")
    assert answer.body == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }
    await bot.says(wang.id)
    assert [call.status for call in telegram.requests_of("sendMessage")] == [429, 200]


async def test_server_errors_in_turn(telegram: Playground, bot: BotClient) -> None:
    fault = telegram.faults.add(Fault(FaultKind.SERVER_ERROR))
    seen = []
    for _ in range(4):
        async with bot.session.get(f"{bot.base}/getMe") as response:
            seen.append((response.status, response.content_type))
    json, page = "application/json", "text/html"
    assert seen == [(500, json), (502, json), (500, page), (502, json)]
    assert fault.struck == 4
    telegram.faults.remove(fault)
    await bot.do("getMe")


async def test_forbidden_in_one_chat(telegram: Playground, bot: BotClient, wang: Person, anna: Person) -> None:
    await anna.starts()
    telegram.faults.add(Fault(FaultKind.FORBIDDEN, chat_id=wang.id, description="Forbidden: no"))
    answer = await bot.ask("sendMessage", chat_id=str(wang.id), text="hi")
    assert (answer.status, answer.description) == (403, "Forbidden: no")
    await bot.says(anna.id)
    telegram.faults.clear()
    await bot.says(wang.id)


@pytest.mark.parametrize(
    ("kind", "arrives"),
    [(FaultKind.DROP_BEFORE, False), (FaultKind.DROP_AFTER, True), (FaultKind.DOWN, False)],
)
async def test_dropped_connections(
    telegram: Playground, bot: BotClient, wang: Person, kind: FaultKind, arrives: bool
) -> None:
    telegram.faults.add(Fault(kind, times=1))
    with pytest.raises(aiohttp.ClientError):
        await bot.ask("sendMessage", chat_id=wang.id, text="hi")
    assert ([message.text for message in wang.screen()][1:] == ["hi"]) is arrives
    (call,) = telegram.requests_of("sendMessage")
    assert (call.status, call.result is not None) == (0, arrives)
    await bot.says(wang.id)


async def test_down_cuts_off_who_waits(telegram: Playground, bot: BotClient) -> None:
    poll = asyncio.create_task(bot.ask("getUpdates", timeout=30))
    await polling(telegram)
    telegram.faults.add(Fault(FaultKind.DOWN))
    with pytest.raises(aiohttp.ClientError):
        await poll
    with pytest.raises(aiohttp.ClientError):
        await bot.ask("getMe")
    telegram.faults.clear()
    await bot.do("getMe")


async def test_a_fault_lets_as_many_calls_through_as_it_says(
    telegram: Playground, bot: BotClient, wang: Person
) -> None:
    fault = telegram.faults.add(Fault(FaultKind.SERVER_ERROR, "sendMessage", after=2, times=1))
    await bot.do("getMe")  # is no call that it applies to
    statuses = [(await bot.ask("sendMessage", chat_id=wang.id, text="hi")).status for _ in range(4)]
    assert statuses == [200, 200, 500, 200]
    assert (fault.passed, fault.struck) == (2, 1)


async def test_delay_goes_together_with_others(telegram: Playground, bot: BotClient, wang: Person) -> None:
    telegram.faults.add(Fault(FaultKind.DELAY, seconds=0.05))
    telegram.faults.add(Fault(FaultKind.FORBIDDEN))
    began = time.monotonic()
    assert (await bot.ask("sendMessage", chat_id=wang.id, text="hi")).status == 403
    assert time.monotonic() - began >= 0.05


async def test_garbage(telegram: Playground, bot: BotClient) -> None:
    telegram.faults.add(Fault(FaultKind.GARBAGE, times=1))
    async with bot.session.get(f"{bot.base}/getMe") as response:
        assert response.status == 200
        assert (await response.text()).startswith("<!doctype")


async def test_probability_is_repeatable() -> None:
    async def run() -> list[int]:
        async with Playground(seed=3) as telegram, aiohttp.ClientSession() as session:
            bot = BotClient(telegram, session)
            telegram.faults.add(Fault(FaultKind.FORBIDDEN, probability=0.5))
            return [(await bot.ask("getMe")).status for _ in range(20)]

    first = await run()
    assert set(first) == {200, 403}
    assert await run() == first
