"""The rate limiter: what a call weighs, whom it holds, and whom it lets go on."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from telegram.error import RetryAfter

from concierge_bot.runtime.telegram.rate_limiter import Limiter, monotonic, seconds, weight
from concierge_bot.runtime.telegram.rate_limits import Limit, Pace


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({}, 1),
        ({"text": "x"}, 1),
        ({"media": [1, 2, 3]}, 3),
        ({"media": "file id"}, 1),
        ({"photo": "file id"}, 1),
    ],
)
def test_what_a_call_weighs(data: dict[str, Any], expected: int) -> None:
    assert weight(data) == expected


def test_how_long_telegram_asks_to_wait() -> None:
    assert seconds(RetryAfter(3)) == 3.0
    assert seconds(RetryAfter(timedelta(milliseconds=1500))) == 1.5


def _limiter(group: Limit = Limit(2, 0.3)) -> Limiter:  # noqa: B008 - it is frozen
    return Limiter(Pace(overall=Limit(1000, 1), group=group, private=Limit(1000, 1)))


async def _call(limiter: Limiter, chat_id: Any, endpoint: str = "sendMessage", flood: int = 0) -> str:
    async def answer() -> str:
        if flood:
            raise RetryAfter(flood)
        return "sent"

    return str(await limiter.process_request(answer, (), {}, endpoint, {"chat_id": chat_id}, rate_limit_args=False))


async def test_it_waits_for_the_turn_of_a_chat() -> None:
    limiter, loop = _limiter(), asyncio.get_running_loop()
    began = loop.time()
    for _ in range(3):
        await _call(limiter, -1)
    assert loop.time() - began > 0.3


@pytest.mark.parametrize("endpoint", ["getChatMember", "setMyCommands", "answerCallbackQuery", "sendChatAction"])
async def test_what_is_no_message_need_not_wait(endpoint: str) -> None:
    limiter, loop = _limiter(Limit(1, 60)), asyncio.get_running_loop()
    began = loop.time()
    for _ in range(5):
        assert await _call(limiter, -1, endpoint) == "sent"
    assert loop.time() - began < 0.5


async def test_a_flood_holds_its_chat_only_and_is_told() -> None:
    limiter = _limiter()
    with pytest.raises(RetryAfter):
        await _call(limiter, -1, flood=30)
    assert limiter.pace.pause(-1, monotonic(), urgent=True) == pytest.approx(30, abs=1)
    assert await _call(limiter, -2) == "sent"
    assert await _call(limiter, 5) == "sent"


async def test_a_call_without_a_chat_goes_at_once() -> None:
    limiter = _limiter(Limit(1, 60))
    assert [await _call(limiter, chat_id) for chat_id in (None, "@name", None)] == ["sent"] * 3
