"""C6: an owner blocked the bot, it was done, they came back: the card stood still, and nothing was ever asked."""

from __future__ import annotations

from storage.tables.people import Person
from tests.cards.test_a10_owners_notices import CLOSING, LOOKS_AFTER, notices
from tests.support.cast import on_stage, rested, until_it_says
from tests.support.looks import rows
from tests.support.world import World, order_repair, tap

PHONE = "Please speak to them in person."


async def test_who_comes_back_gets_the_card_as_it_stands_and_is_asked(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    taken = await cast.wang.sees(LOOKS_AFTER)
    card = await cast.wang.sees("Taken by Anna")
    await rested(world)
    await cast.wang.blocks()
    await tap(world, cast.anna, f"done:{number}", cast.maintenance)
    world.turn(minutes=1)
    await cast.maintenance.sees(PHONE)
    await rested(world)
    assert "Cancel this request" in card.button_texts
    await cast.wang.unblocks()
    asked = await cast.wang.sees(CLOSING)
    await until_it_says(world, card, "✓ Done")
    await rested(world)
    assert taken.deleted
    assert len(notices(cast.wang)) == 1
    await cast.wang.taps(asked, "Yes, thank you")
    await until_it_says(world, asked, "Thank you, Mr Wang.")


async def test_silence_that_nobody_could_break_is_asked_about_once_more(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    await cast.wang.blocks()
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    await tap(world, cast.anna, f"done:{number}", cast.maintenance)
    world.turn(minutes=1)
    await cast.maintenance.sees(PHONE)
    world.turn(days=1, minutes=5)
    await rested(world)
    await cast.wang.starts()
    asked = await cast.wang.sees(CLOSING)
    await cast.wang.taps(asked, "Not quite")
    await cast.maintenance.sees(f"Return of #{number}")


async def test_who_comes_back_is_asked_whether_the_repair_is_still_good(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    await tap(world, cast.anna, f"done:{number}", cast.maintenance)
    world.turn(minutes=1)
    await cast.wang.sees(CLOSING)
    await cast.wang.blocks()
    await rested(world)
    world.turn(days=2)
    await cast.maintenance.sees("please speak to Mr Wang")
    await cast.wang.unblocks()
    await cast.wang.sees("Is everything still working well?")


async def test_whoever_is_blocked_anew_is_phoned_anew(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    await rested(world)
    for taps in ("claim", "release"):
        await cast.wang.blocks()
        await tap(world, cast.anna, f"{taps}:{number}", cast.maintenance)
        await rested(world)
        await cast.wang.unblocks()
        await rested(world)
    told = [message for message in cast.maintenance.screen() if PHONE in message.text]
    assert len(told) == 2
    assert len(notices(cast.wang)) == 1


async def test_a_block_that_is_told_of_twice_is_no_coming_back(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    await rested(world)
    await cast.wang.blocks()
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    await cast.maintenance.sees(PHONE)
    await rested(world)
    (wang,) = [person for person in await rows(world, Person) if person.surname == "Wang"]
    assert wang.blocked_at is not None
