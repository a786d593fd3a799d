"""What ends, ends alone: one group's trouble, and what an owner was not content with."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage.tables.troubles import ChatTrouble
from tests.cases.appointing import order_shoes, texts
from tests.cases.looks import rows
from tests.stories.cast import left_in_order, on_stage, rested
from tests.world import World, opened, order_repair, tap


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """An estate on duty whose groups refuse messages for a while."""
    async with opened(database_url) as found:
        yield found
        await left_in_order(found, "not enough rights to send", "CHAT_WRITE_FORBIDDEN")
        assert found.telegram.violations == []


async def test_of_two_groups_that_let_the_bot_write_nothing_one_is_well_again(world: World) -> None:
    cast = await on_stage(world)
    for group in (cast.maintenance, cast.butlers):
        await group.restrict_bot()
    await order_repair(world, cast.wang)
    await order_shoes(cast.wang)
    for group in (cast.maintenance, cast.butlers):
        await cast.chen.sees(f"I may not write in “{group.title}” any more")
    await cast.maintenance.release_bot()
    await cast.chen.sees("It works again in “Maintenance”")
    await rested(world)
    (left,) = await rows(world, ChatTrouble, ChatTrouble.ended_at == None)  # noqa: E711 - in SQL
    assert left.chat_id == cast.butlers.id
    assert not texts(cast.chen, "It works again in “Butlers”")
    await cast.butlers.release_bot()
    await cast.chen.sees("It works again in “Butlers”")


@pytest.mark.parametrize("said", ["yes", "no"])
async def test_only_what_an_owner_called_good_is_drawn_for_a_check(world: World, said: str) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    await tap(world, cast.anna, f"done:{number}", cast.maintenance)
    world.turn(days=2, minutes=1)
    await tap(world, cast.wang, f"followup:{number}:{said}")
    await rested(world)
    for _ in range(6):
        world.turn(days=1)
        await rested(world)
    assert bool(texts(cast.chen, f"#{number} ·", "drawn for a check")) is (said == "yes")


@pytest.mark.usefixtures("boards")
async def test_a_board_that_is_taken_down_takes_no_other_with_it(world: World) -> None:
    cast = await on_stage(world)
    await order_repair(world, cast.wang)
    await order_shoes(cast.wang)
    for _ in range(2):
        await rested(world)
        world.turn(seconds=5)
    await cast.maintenance.sees("📌 1 request is open")
    other = world.telegram.group("Butlers two", by=cast.chen, members=[cast.bo])
    await other.add_bot(by=cast.chen, admin=True)
    await cast.chen.writes("/staffchat butlers", chat=other)
    await other.sees("staff chat of the team")
    for _ in range(2):
        await rested(world)
        world.turn(seconds=5)
    await other.sees("📌 1 request is open")
    await order_repair(world, cast.wang, "The tap drips again")
    for _ in range(2):
        await rested(world)
        world.turn(seconds=5)
    await rested(world)
    assert [text.splitlines()[0] for text in texts(cast.maintenance, "📌")] == ["📌 2 requests are open"]
    assert not texts(cast.butlers, "📌")
