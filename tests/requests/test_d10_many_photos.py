"""An owner sends 150 photos: nobody's card waits for them, and the staff see them all when they ask."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from concierge_bot.playground import Group, Message, Person, RateLimits
from concierge_bot.playground.people.writing import SOME_BYTES
from concierge_bot.runtime.telegram import rate_limits
from storage.tables.queues import OutboxMessage, OutboxState
from storage.tables.requests import Attachment
from tests.runtime.harness import WIDER, limits
from tests.support.cast import (
    Cast,
    at,
    begins_repair,
    chooses,
    heading,
    left_in_order,
    on_stage,
    opens_the_bot,
    rested,
    sends,
)
from tests.support.looks import rows
from tests.support.world import NO_LIMITS, World, newest, opened, order_repair, tap

MINUTE = 1.5
"""How long a minute is here, in seconds."""
PHOTOS = 150
ONLY_GROUPS = RateLimits(
    overall_per_second=100_000, private_per_second=100_000, burst=100_000, window_scale=MINUTE / 60
)
"""The limit of groups alone: an owner's 150 photos would otherwise be answered one a second."""
PACE = {**NO_LIMITS, "rate_group": 20, "rate_minute": limits(MINUTE)[1]["rate_minute"]}


@pytest.fixture
async def world(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """An estate whose Telegram lets twenty messages a minute into a group, and whose concierge knows it."""
    monkeypatch.setattr(rate_limits, "MARGIN", WIDER)
    async with opened(database_url, settings=PACE) as found:
        yield found
        await left_in_order(found)
        assert [call for call in found.telegram.calls if call.status == 429] == []
        assert await rows(found, OutboxMessage, OutboxMessage.state == OutboxState.DEAD) == []


async def with_photos(world: World, cast: Cast) -> int:
    """The owner orders a repair with all their photos. Returns its number."""
    await begins_repair(cast.wang)
    await cast.wang.writes("The shelf is loose")
    await at(cast.wang, "repair", 4)
    for _ in range(PHOTOS // 10):
        await cast.wang.sends_album([SOME_BYTES] * 10)
    await rested(world)
    await chooses(cast.wang, "Thank you, I have received that.", "Continue")
    await chooses(cast.wang, heading("repair", 5), "As soon as possible")
    world.telegram.limits = ONLY_GROUPS
    return await sends(cast.wang)


def photos(shown: Group | Person) -> list[Message]:
    """The pictures of the bot on a screen."""
    return [message for message in shown.screen() if message.wire.get("photo") and message.wire["from"]["is_bot"]]


def before(group: Group, card: Message) -> int:
    """How many pictures stand above a card."""
    return sum(message.id < card.id for message in photos(group))


async def test_d10_a_card_waits_for_no_photos_and_the_rest_comes_to_whoever_taps(world: World) -> None:
    cast = await on_stage(world)
    li = await world.owner("Li", villa="9")
    await opens_the_bot(cast.anna)
    await rested(world)
    number = await with_photos(world, cast)
    await order_repair(world, li, "The sink is blocked")
    card = await cast.maintenance.sees("The sink is blocked")
    assert before(cast.maintenance, card) <= 10
    await rested(world)
    assert len(photos(cast.maintenance)) == 10
    assert "all the others with one tap" in (await cast.wang.sees(f"#{number} ")).text
    shown, data = newest(cast.maintenance, "files:") or (None, "")
    assert shown is not None
    assert any("140 more attachments" in button.text for row in shown.buttons for button in row)
    assert "in our private chat" in str((await cast.anna.taps(shown, data)).text)
    await cast.anna.taps(shown, data)
    await rested(world)
    assert len(photos(cast.maintenance)) == 10
    assert len(photos(cast.anna)) == 140
    assert len(await rows(world, Attachment)) == PHOTOS


async def test_d10_who_has_no_chat_with_the_bot_sees_them_beneath_the_card_and_the_next_card_comes_first(
    world: World,
) -> None:
    cast = await on_stage(world)
    li = await world.owner("Li", villa="9")
    await with_photos(world, cast)
    await rested(world)
    await tap(world, cast.anna, "files:", cast.maintenance)
    await order_repair(world, li, "The sink is blocked")
    there = len(photos(cast.maintenance))
    card = await cast.maintenance.sees("The sink is blocked")
    assert before(cast.maintenance, card) <= there + 20  # what was on its way within one minute of Telegram's
    await rested(world)
    assert len(photos(cast.maintenance)) == PHOTOS


async def test_d10_what_is_added_later_counts_with_the_rest_and_the_owner_is_told(world: World) -> None:
    cast = await on_stage(world)
    await with_photos(world, cast)
    await rested(world)
    card = await cast.wang.sees("The shelf is loose")
    await cast.wang.sends_photo(reply_to=card)
    await cast.wang.sees("my colleagues can see it with one tap")
    await rested(world)
    assert len(photos(cast.maintenance)) == 10
    shown, _ = newest(cast.maintenance, "files:") or (None, "")
    assert shown is not None
    assert any("141 more attachments" in button.text for row in shown.buttons for button in row)
