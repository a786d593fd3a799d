"""Something is found: the whole life of an item, on both databases."""

from __future__ import annotations

from sqlmodel import select

from concierge_bot.desk.context import Desk
from storage.tables.requests import Request
from tests.support.cast import Cast, on_stage, rested
from tests.support.world import World, order_repair


async def _finds(cast: Cast, what: str) -> None:
    await cast.bo.writes(f"/found {what}", chat=cast.butlers)
    await cast.butlers.sees("Thank you. I have noted it.")


async def test_an_item_is_found_stored_and_handed_back(world: World) -> None:
    cast = await on_stage(world)
    await _finds(cast, "an umbrella <wet>")
    card = await cast.butlers.sees("Lost property 1: an umbrella <wet>")
    await cast.bo.taps(card, "loststore:1")
    await cast.butlers.sees("In the store room.")
    await cast.bo.taps(card, "lostreturn:1")
    await cast.butlers.sees("Handed back.")
    assert card.buttons == []
    assert (await cast.bo.taps_data(card, "lostreturn:1")).text == "This has already been settled."


async def test_what_lies_about_is_asked_for_and_goes_up(world: World) -> None:
    cast = await on_stage(world)
    await _finds(cast, "a phone")
    await cast.butlers.sees("Lost property 1")
    world.turn(hours=2, minutes=1)
    await cast.butlers.sees("Please store a phone.")
    world.turn(hours=2, minutes=1)
    await cast.chen.sees("Nobody has stored a phone yet.")


async def test_what_is_stored_is_not_asked_for(world: World) -> None:
    cast = await on_stage(world)
    await _finds(cast, "a phone")
    card = await cast.butlers.sees("Lost property 1")
    await cast.bo.taps(card, "loststore:1")
    world.turn(hours=3)
    await rested(world)
    assert all("Please store" not in message.text for message in cast.butlers.chat.messages.values())


async def test_a_request_stays_open_until_what_was_found_is_handed_back(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    request_card = await cast.maintenance.sees(f"#{number}")
    await cast.anna.taps(request_card, f"claim:{number}")
    await cast.maintenance.sees("Taken by Anna")
    await _finds(cast, f"#{number} a ring")
    card = await cast.butlers.sees("Lost property 1: a ring")
    await cast.anna.taps(request_card, f"done:{number}")
    world.turn(minutes=1, seconds=1)
    await rested(world)
    world.turn(days=2)
    question = await cast.wang.sees("still working well?")
    await cast.wang.taps(question, f"followup:{number}:yes")
    await rested(world)
    assert not await _is_closed(world)
    await cast.bo.taps(card, "lostreturn:1")
    await rested(world)
    assert await _is_closed(world)


async def test_what_a_lost_group_showed_is_shown_in_the_next(world: World) -> None:
    cast = await on_stage(world)
    await _finds(cast, "a phone")
    await cast.butlers.sees("Lost property 1")
    await cast.butlers.remove_bot()
    await cast.chen.sees("is without me now")
    again = await world.team("butlers", cast.bo, by=cast.chen)
    card = await again.sees("Lost property 1: a phone")
    await cast.bo.taps(card, "lostreturn:1")
    await again.sees("Handed back.")


async def test_the_command_stands_in_the_help(world: World) -> None:
    cast = await on_stage(world)
    await cast.bo.writes("/help", chat=cast.butlers)
    await cast.butlers.sees("/found – You have found something")


async def _is_closed(world: World) -> bool:
    def closed(desk: Desk) -> bool:
        return desk.session.exec(select(Request)).one().closed_at is not None

    return bool(await world.look(closed))
