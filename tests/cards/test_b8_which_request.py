"""B8: lists and notices began alike, or with a bare number: the villa, the service and the owner one had to look up."""

from __future__ import annotations

import re

from concierge_bot.playground import Message
from tests.cards.test_a10_owners_notices import CLOSING
from tests.staff_chats.test_b4_own_work import board_of
from tests.support.appointing import settled_in
from tests.support.cast import Cast, rested
from tests.support.world import World, order_repair, tap


def label(number: int) -> str:
    """What everything that the staff read of a repair begins with."""
    return f"#{number} · Villa 8 · Repairs"


def _begins_badly(cast: Cast) -> list[str]:
    """What the staff read about a request, cards and lists aside, that does not begin with which it is."""
    screens = (cast.butlers, cast.maintenance, cast.chen, cast.bo, cast.anna)
    said = [
        message.text
        for screen in screens
        for message in screen.screen()
        if message.sender.is_bot and re.search(r"#\d", message.text) and not message.buttons
    ]
    boards = {board.text for screen in (cast.butlers, cast.maintenance) for board in board_of(screen)}
    return [text for text in said if text not in boards and not re.match(r"\W*#\d+ · Villa 8 · Repairs", text)]


async def test_what_the_team_reads_of_a_request_begins_with_it(world: World) -> None:
    cast = await settled_in(world)
    number = await order_repair(world, cast.wang)
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    await tap(world, cast.anna, f"release:{number}", cast.maintenance)
    await cast.maintenance.sees(f"↺ {label(number)}: Anna has handed it back. Who can take it?")
    card = await _card(cast, number)
    said = await cast.wang.writes("It is the one on the left", reply_to=card)
    await cast.maintenance.sees(f"✍️ {label(number)}. The owner has added: It is the one on the left")
    await cast.wang.edits(said, "It is the one on the right")
    await cast.maintenance.sees(f"✏️ {label(number)}. The owner has changed the text: It is the one on the right")
    await cast.wang.sends_photo(reply_to=card)
    await rested(world)
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    await tap(world, cast.anna, f"done:{number}", cast.maintenance)
    world.turn(minutes=1)
    await cast.wang.taps(await cast.wang.sees(CLOSING), "Not quite")
    await cast.maintenance.sees(
        f"{label(number + 1)}: Anna, #{number} has come back to you: the owner says it is not right yet."
    )
    await rested(world)
    await tap(world, cast.wang, f"cancel:{number + 1}")
    await tap(world, cast.wang, f"cancelsure:{number + 1}")
    await cast.maintenance.sees(f"⚪️ {label(number + 1)}: Anna, the owner cancelled it.")
    await rested(world)
    assert _begins_badly(cast) == []


async def _card(cast: Cast, number: int) -> Message:
    return await cast.wang.sees(f"#{number} · Repairs")


async def test_the_lists_name_villa_service_and_owner(world: World) -> None:
    cast = await settled_in(world)
    first, second = await order_repair(world, cast.wang), await order_repair(world, cast.wang)
    await cast.chen.writes("/open")
    listed = await cast.chen.sees("2 open requests")
    assert listed.text.splitlines()[2:] == [
        f"{label(number)}, Mr Wang: waiting since 12:00" for number in (first, second)
    ]
    await tap(world, cast.anna, f"claim:{first}", cast.maintenance)
    await rested(world)
    world.turn(hours=1)
    await rested(world)
    await cast.chen.writes("/late")
    late = await cast.chen.sees("was missed today")
    assert f"{label(second)}, Mr Wang: waiting since 12:00 – to be taken by" in late.text
    await cast.chen.writes("/open")
    assert f"🔴 {label(second)}, Mr Wang: waiting since" in (await cast.chen.sees("2 open requests", after=late)).text


async def test_calls_begin_with_the_request_that_they_are_about(world: World) -> None:
    cast = await settled_in(world)
    number = await order_repair(world, cast.wang)
    await rested(world)
    await cast.wang.blocks()
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    await cast.maintenance.sees(
        f"☎️ {label(number)}: my messages do not reach the owner. Please speak to them in person."
    )
    await tap(world, cast.anna, f"done:{number}", cast.maintenance)
    world.turn(minutes=1)
    await rested(world)
    await cast.anna.writes("/followups", chat=cast.maintenance)
    owed = await cast.maintenance.sees("1 follow-up is due")
    assert f"{label(number)}, Mr Wang: due " in owed.text
    world.turn(days=2)
    task = await cast.maintenance.sees(
        f"☎️ {label(number)}: please speak to Mr Wang. Is everything still in order after the repair?"
    )
    await cast.anna.taps(task, "Reached: all well")
    await cast.maintenance.sees(f"☎️ {label(number)}: Anna spoke to the owner,")
