"""A supervisor says by which name, and as what, owners know each of the staff."""

from __future__ import annotations

from tests.support.cast import on_stage, rested, until_it_says
from tests.support.world import World, order_repair, tap


async def test_owners_read_the_name_and_the_role_that_a_supervisor_has_set(world: World) -> None:
    cast = await on_stage(world)
    cast.anna.renames("小李🐼")
    number = await order_repair(world, cast.wang)
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    await cast.wang.sees("one of our team is looking after your request")
    assert not [message for message in cast.wang.screen() if "小李" in message.text]

    listed = await cast.chen.writes("/people 小李")
    await cast.chen.sees("1 person", after=listed)
    await tap(world, cast.chen, "person:")
    page = await cast.chen.sees("Owners read: one of our team")
    await cast.chen.taps(page, "✏️ Name for owners")
    await cast.chen.sees("by which name should the owners know", after=page)
    await cast.chen.writes("Li Na")
    page = await cast.chen.sees("✅ Corrected.", after=page)
    await cast.chen.taps(page, "✏️ Role for owners")
    asked = await cast.chen.sees("to the owners?", after=page)
    assert "our engineer" in [button.text for row in asked.buttons for button in row]
    await cast.chen.taps(asked, "our engineer")
    await until_it_says(world, asked, "Owners read: Li Na, our engineer")
    await rested(world)
    await until_it_says(world, cast.wang.screen()[-1], "Mr Wang, Li Na, our engineer, is looking after")
    refused = await cast.chen.taps_data(asked, "correctto:1:display_role:king")
    assert refused.text
