"""C10 and C18: names that turn a line around, or show nothing; people and groups that go by another name now."""

from __future__ import annotations

import pytest

from concierge_bot.playground import Group
from storage.tables.people import Person, StaffChat
from tests.runtime.harness import texts
from tests.support.cast import on_stage, rested
from tests.support.looks import rows
from tests.support.world import World, order_repair

TURNED = "\u202egnehC"
NOTHING_TO_SEE = "\u3164\u3164"


async def _claimed(group: Group, name: str) -> str:
    return (await group.sees(f"Taken by {name}")).text


async def test_a_name_that_turns_the_line_around_does_not_turn_the_card_around(world: World) -> None:
    cast = await on_stage(world)
    cast.anna.renames(TURNED)
    number = await order_repair(world, cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    await cast.anna.taps(card, f"claim:{number}")
    assert "\u202e" not in await _claimed(cast.maintenance, "gnehC")


async def test_who_shows_no_name_is_called_a_colleague(world: World) -> None:
    cast = await on_stage(world)
    cast.anna.renames(NOTHING_TO_SEE, NOTHING_TO_SEE)
    number = await order_repair(world, cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    await cast.anna.taps(card, f"claim:{number}")
    (anna,) = await rows(world, Person, Person.telegram_id == cast.anna.id)
    assert f"Taken by Colleague {anna.id}" in await _claimed(cast.maintenance, "Colleague")


async def test_a_group_whose_name_cannot_be_seen_goes_by_its_team(world: World) -> None:
    chen = await world.supervisor("Chen")
    group = world.telegram.group(NOTHING_TO_SEE, by=chen)
    await group.add_bot(by=chen, admin=True)
    await chen.writes("/staffchat maintenance", chat=group)
    await group.sees("staff chat for")
    (chat,) = await rows(world, StaffChat)
    assert chat.title == "Maintenance"
    await group.remove_bot()
    await chen.sees("the staff chat “Maintenance” is without me now")


@pytest.mark.parametrize("name", ["Anna" * 16, "安" * 64])
async def test_a_long_name_is_cut_on_cards_and_buttons(world: World, name: str) -> None:
    cast = await on_stage(world)
    cast.anna.renames(name)
    number = await order_repair(world, cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    await cast.anna.taps(card, f"claim:{number}")
    text = await _claimed(cast.maintenance, name[:20])
    assert name not in text
    assert "…" in text


async def test_a_butler_who_goes_by_another_name_is_called_so_from_then_on(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    await cast.anna.taps(card, f"claim:{number}")
    await cast.maintenance.sees("Taken by Anna")
    cast.anna.renames("Anna Maria", "Berg")
    await cast.anna.writes("/duty", chat=cast.maintenance)
    await rested(world)
    assert "Anna Maria Berg" not in card.text  # it follows with its next change
    await cast.anna.taps(card, f"onsite:{number}")
    await cast.maintenance.sees("Anna Maria Berg")


async def test_names_that_the_estate_wrote_down_are_kept(world: World) -> None:
    cast = await on_stage(world)
    cast.wang.renames("King of the hill")
    cast.chen.renames("Boss")
    await cast.wang.writes("/menu")
    await cast.chen.writes("/open")
    await rested(world)
    number = await order_repair(world, cast.wang)
    assert "Wang" in (await cast.maintenance.sees(f"#{number}")).text
    kept = {person.name for person in await rows(world, Person)}
    assert {"Wang", "Chen"} <= kept
    assert not kept & {"King of the hill", "Boss"}


async def test_a_group_with_a_new_name_is_called_so(world: World) -> None:
    cast = await on_stage(world)
    await cast.maintenance.rename("Engineers")
    await rested(world)
    chats = {chat.title for chat in await rows(world, StaffChat)}
    assert chats == {"Butlers", "Engineers"}
    await cast.maintenance.remove_bot()
    await cast.chen.sees("the staff chat “Engineers” is without me now")
    assert not any("“Maintenance”" in text for text in texts(world.telegram, cast.chen.id))


async def test_a_new_name_of_a_group_that_nobody_told_of_is_seen_with_the_next_tap(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    cast.maintenance.chat.title = "Engineers"
    await cast.anna.taps(card, f"claim:{number}")
    await rested(world)
    assert "Engineers" in {chat.title for chat in await rows(world, StaffChat)}
