"""The main job: an owner's tap, a claim, the work, the follow-up."""

from __future__ import annotations

from tests.support.world import World, order_repair, tap


async def test_a_repair_from_the_owners_tap_to_the_follow_up(world: World) -> None:
    chen = await world.supervisor("Chen")
    anna, ben = world.telegram.person("Anna"), world.telegram.person("Ben")
    group = await world.team("maintenance", anna, ben, by=chen)
    wang = await world.owner("Wang", villa="8")

    number = await order_repair(world, wang, "The tap drips & <b>leaks</b>")
    card = await group.sees(f"#{number}")
    assert "Villa 8 · Mr Wang" in card.text
    assert "The tap drips & <b>leaks</b>" in card.text
    assert (await wang.sees(f"#{number}")).button_texts == ["Change the time", "Cancel this request"]

    won = await anna.taps(card, "Claim")
    assert won.text == f"#{number} is yours."
    await group.sees("Taken by Anna")
    lost = await ben.taps(card, "On site")
    assert lost.text == "Anna has this request."
    assert lost.alert
    await wang.sees("Taken by Anna, 12:00")

    world.turn(minutes=4)
    await tap(world, anna, "onsite:", group)
    await wang.sees("On site, 12:04")
    world.turn(minutes=30)
    await tap(world, anna, "done:", group)
    world.turn(minutes=1)
    await wang.sees("Done, 12:34")
    await world.telegram.until(lambda: card.buttons == [])

    world.turn(days=2)
    question = await wang.sees("Is everything still working well?")
    await wang.taps(question, "Yes")
    await wang.sees("We are glad")


async def test_the_slower_thumb_reads_who_has_it(world: World) -> None:
    chen = await world.supervisor("Chen")
    anna, ben = world.telegram.person("Anna"), world.telegram.person("Ben")
    group = await world.team("maintenance", anna, ben, by=chen)
    wang = await world.owner("Wang")
    number = await order_repair(world, wang)
    card = await group.sees(f"#{number}")
    claim = f"claim:{number}"
    first = await anna.taps_data(card, claim)
    second = await ben.taps_data(card, claim)
    assert first.text == f"#{number} is yours."
    assert second.text == "Taken by Anna, 12:00"
