"""Telegram's rates, and answers to those who go beyond them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from concierge_bot.playground import ApiError, Group, Person, Playground, RateLimits
from concierge_bot.playground.server.limits import RateLimiter
from tests.playground.client import BotClient, inline


class Clock:
    """A clock that a test sets, in seconds."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def passes(take: Callable[[], None]) -> int:
    """How many pass at once, up to 100."""
    for count in range(100):
        try:
            take()
        except ApiError:
            return count
    return 100


@pytest.mark.parametrize("scale", [1.0, 0.01])
def test_a_group(scale: float) -> None:
    clock = Clock()
    limiter = RateLimiter(RateLimits(window_scale=scale), clock)
    assert passes(lambda: limiter.take(-5)) == 20
    with pytest.raises(ApiError) as refusal:
        limiter.take(-5)
    assert refusal.value.parameters == {"retry_after": 60 if scale == 1.0 else 1}
    assert passes(lambda: limiter.take(-6)) == 10  # then all chats together have had 30
    clock.now += 59 * scale
    assert passes(lambda: limiter.take(-5)) == 0
    clock.now += 1.1 * scale
    assert passes(lambda: limiter.take(-5)) == 20


def test_a_private_chat() -> None:
    clock = Clock()
    limiter = RateLimiter(RateLimits(burst=3), clock)
    assert passes(lambda: limiter.take(7)) == 3
    clock.now += 1
    assert passes(lambda: limiter.take(7)) == 1
    clock.now += 60
    assert passes(lambda: limiter.take(7)) == 3


def test_all_chats_together() -> None:
    clock = Clock()
    limiter = RateLimiter(RateLimits(), clock)
    chats = iter(range(1, 1000))
    assert passes(lambda: limiter.take(next(chats))) == 30
    clock.now += 0.5
    assert passes(lambda: limiter.take(next(chats))) == 15


def test_an_album_counts_each_part_and_leaves_a_debt() -> None:
    clock = Clock()
    limiter = RateLimiter(RateLimits(burst=5), clock)
    limiter.take(7, 10)
    clock.now += 5
    assert passes(lambda: limiter.take(7)) == 0
    clock.now += 1
    assert passes(lambda: limiter.take(7)) == 1


async def test_over_http(telegram: Playground, bot: BotClient, wang: Person, butlers: Group) -> None:
    number = await bot.says(butlers.id)
    telegram.limits = RateLimits(group_per_minute=2, burst=2)
    keyboard = inline([("A", "a")])
    await bot.do("editMessageReplyMarkup", chat_id=butlers.id, message_id=number, reply_markup=keyboard)
    copy = {"chat_id": butlers.id, "from_chat_id": butlers.id, "message_id": number}
    await bot.do("copyMessage", **copy)
    for method in ("copyMessage", "forwardMessage"):
        answer = await bot.ask(method, **copy)
        assert answer.status == 429
        assert answer.body["parameters"]["retry_after"] in {59, 60}
    for method in ("getChat", "sendChatAction"):
        action = {"action": "typing"} if method == "sendChatAction" else {}
        await bot.do(method, chat_id=butlers.id, **action)

    assert [(await bot.ask("sendMessage", chat_id=wang.id, text="x")).status for _ in range(3)] == [
        200,
        200,
        429,
    ]
    telegram.limits = None
    await bot.says(wang.id)
