"""Item 5: a promise was missed, and the owner heard nothing: not that we are sorry, not when they hear again."""

from __future__ import annotations

from datetime import UTC, datetime

from storage.tables.requests import RequestEvent
from tests.cards.test_a10_owners_notices import LOOKS_AFTER, is_silent, notices, orders_tea
from tests.support.cast import on_stage, rested, until_it_says
from tests.support.looks import rows
from tests.support.world import World, order_repair, tap

EARLY = datetime(2026, 6, 15, 23, 0, 5, tzinfo=UTC)  # 07:00 on Tuesday


async def test_one_apology_a_promise_with_the_next_moment_and_word_at_that_moment(world: World) -> None:
    cast = await on_stage(world)
    number = await orders_tea(cast)
    world.turn(minutes=10, seconds=1)
    sorry = await cast.wang.sees(f"I am sorry, Mr Wang: nobody could take your request #{number} (Welcome tea) yet.")
    assert "You will hear from me by 12:40." in sorry.text
    assert not is_silent(world, sorry)
    card = await cast.wang.sees(f"#{number} · Welcome tea")
    await world.telegram.until(lambda: "I will tell you" not in card.text)
    for _ in range(2):
        world.turn(minutes=10)
        await rested(world)
    assert [message for message in notices(cast.wang) if "sorry" in message.text] == [sorry]
    world.turn(minutes=10, seconds=5)
    word = await cast.wang.sees("as promised: we are still arranging a colleague for your request")
    await rested(world)
    assert sorry.deleted
    for _ in range(6):
        world.turn(minutes=10)
        await rested(world)
    assert notices(cast.wang) == [word]
    assert len(await rows(world, RequestEvent, RequestEvent.kind == "apologised")) == 1
    await tap(world, cast.bo, f"claim:{number}", cast.butlers)
    await cast.wang.sees(LOOKS_AFTER)
    await rested(world)
    assert len(notices(cast.wang)) == 1


async def test_what_is_taken_in_time_is_apologised_for_by_nobody(world: World) -> None:
    cast = await on_stage(world)
    number = await orders_tea(cast)
    world.turn(minutes=9)
    await tap(world, cast.bo, f"claim:{number}", cast.butlers)
    world.turn(hours=3)
    await rested(world)
    assert await rows(world, RequestEvent, RequestEvent.kind == "apologised") == []


async def test_nobody_is_woken_for_an_apology_unless_it_is_urgent(world: World) -> None:
    cast = await on_stage(world)
    world.clock.turn_to(EARLY)
    minor = await order_repair(world, cast.wang)
    urgent = await order_repair(world, cast.wang, "Gas!", kind="gas")
    world.turn(minutes=6)
    sorry = await cast.wang.sees(f"nobody is with you yet for your request #{urgent}")
    assert "☎️ Service centre: " in sorry.text
    assert not is_silent(world, sorry)
    await rested(world)
    assert not [message for message in notices(cast.wang) if f"#{minor} (" in message.text]
    world.turn(minutes=54)
    late = await cast.wang.sees(f"nobody could take your request #{minor}")
    assert not is_silent(world, late)


async def test_kept_by_the_morning_there_is_nothing_to_be_sorry_for(world: World) -> None:
    cast = await on_stage(world)
    world.clock.turn_to(EARLY)
    number = await order_repair(world, cast.wang)
    world.turn(minutes=6)
    await rested(world)
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    world.turn(hours=2)
    await rested(world)
    assert await rows(world, RequestEvent, RequestEvent.kind == "apologised") == []


async def test_nobody_on_site_in_time_is_apologised_for_too(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang, kind="gas")
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    taken = await cast.wang.sees(LOOKS_AFTER)
    assert "On site by 12:05" in taken.text
    world.turn(minutes=5, seconds=1)
    sorry = await cast.wang.sees(f"I am sorry, Mr Wang: Anna is not with you yet for your request #{number}")
    assert "You will hear from me by 12:15." in sorry.text
    await tap(world, cast.anna, f"onsite:{number}", cast.maintenance)
    await until_it_says(world, sorry, "Anna is on site")
    assert "sorry" not in sorry.text
