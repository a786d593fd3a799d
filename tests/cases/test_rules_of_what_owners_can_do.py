"""What owners can do with their requests, and what is said where they no longer can."""

from __future__ import annotations

import pytest

from tests.cases.appointing import claimed_shoes, request, settled_in
from tests.stories.cast import on_stage, rested, until_it_says
from tests.world import World, order_repair, tap


@pytest.mark.parametrize("answer", ["yes", "no"])
async def test_an_answer_to_a_proposal_counts_although_the_request_was_handed_back(world: World, answer: str) -> None:
    cast = await settled_in(world)
    number = await claimed_shoes(cast)
    before = (await request(world, number)).arrive_by
    await tap(world, cast.bo, f"…propose:{number}:", cast.butlers)
    await tap(world, cast.bo, f"propose:{number}:d2026-06-16")
    await cast.bo.taps(await cast.bo.sees("at what time?"), "10:00–12:00")
    asked = await cast.wang.sees("Bo would like to come at another time")
    await tap(world, cast.bo, f"release:{number}", cast.butlers)
    await rested(world)
    await cast.wang.taps_data(asked, f"proposal:{number}:1:{answer}")
    await until_it_says(world, asked, f"the time of your request #{number} (Shoe shine) is")
    assert ("Tue 16 Jun, 10:00–12:00" in asked.text) is (answer == "yes")
    assert ((await request(world, number)).arrive_by == before) is (answer == "no")


async def test_what_somebody_is_on_site_for_is_not_offered_to_be_cancelled(world: World) -> None:
    cast = await on_stage(world)
    first, second = await order_repair(world, cast.wang), await order_repair(world, cast.wang)
    await tap(world, cast.anna, f"claim:{first}", cast.maintenance)
    await tap(world, cast.anna, f"onsite:{first}", cast.maintenance)
    await rested(world)
    await cast.wang.writes("/cancel")
    offered = await cast.wang.sees("Shall one of these be cancelled?")
    assert offered.button_texts == [f"✕ #{second} · 🔧 Repairs"]
