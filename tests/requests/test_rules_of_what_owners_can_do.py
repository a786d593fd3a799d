"""What owners can do with their requests, and what is said where they no longer can."""

from __future__ import annotations

import pytest

from tests.support.appointing import claimed_shoes, request, settled_in, turn_to
from tests.support.cast import begins, chooses, on_stage, rested, until_it_says
from tests.support.world import World, newest, order_repair, tap


@pytest.mark.parametrize("answer", ["yes", "no"])
async def test_an_answer_to_a_proposal_counts_although_the_request_was_handed_back(world: World, answer: str) -> None:
    cast = await settled_in(world)
    number = await claimed_shoes(cast)
    before = (await request(world, number)).arrive_by
    await tap(world, cast.bo, f"…propose:{number}:", cast.butlers)
    await tap(world, cast.bo, f"propose:{number}:d2026-06-16")
    await cast.bo.taps(await cast.bo.sees("At what time on"), "10:00–12:00")
    asked = await cast.wang.sees("Bo would like to come at another time")
    await tap(world, cast.bo, f"release:{number}", cast.butlers)
    await rested(world)
    await cast.wang.taps_data(asked, f"proposal:{number}:1:{answer}")
    await until_it_says(world, asked, f"the time for your request #{number} (Shoe shine): ")
    assert ("Tue 16 Jun, 10:00–12:00" in asked.text) is (answer == "yes")
    assert ((await request(world, number)).arrive_by == before) is (answer == "no")


async def test_what_somebody_is_on_site_for_is_not_offered_to_be_cancelled(world: World) -> None:
    cast = await on_stage(world)
    first, second = await order_repair(world, cast.wang), await order_repair(world, cast.wang)
    await tap(world, cast.anna, f"claim:{first}", cast.maintenance)
    await tap(world, cast.anna, f"onsite:{first}", cast.maintenance)
    await rested(world)
    await cast.wang.writes("/cancel")
    offered = await cast.wang.sees("Would you like to cancel one of these?")
    assert offered.button_texts == [f"✕ #{second} · 🔧 Repairs"]


async def test_a_quarter_of_an_hour_is_put_off_once_whatever_is_tapped(world: World) -> None:
    cast = await settled_in(world)
    number = await claimed_shoes(cast)
    await turn_to(world, 15, 55)
    card, data = await world.telegram.until(lambda: newest(cast.bo, f"delay:{number}"))
    await cast.bo.taps_data(card, data)
    await cast.wang.sees("about 15 minutes later, by 16:15")
    later = (await request(world, number)).arrive_by
    assert (await cast.bo.taps_data(card, data)).text == "The owner has already been told."
    assert (await request(world, number)).arrive_by == later


@pytest.mark.parametrize("hours", [23, 25])
async def test_a_word_that_nothing_follows_on_is_changed_within_a_day(world: World, hours: int) -> None:
    cast = await settled_in(world)
    number = await claimed_shoes(cast)
    await tap(world, cast.bo, f"done:{number}", cast.butlers)
    world.turn(minutes=1, seconds=1)
    asked, data = await world.telegram.until(lambda: newest(cast.wang, f"sign:{number}:good"))
    await cast.wang.taps_data(asked, data)
    await rested(world)
    world.turn(hours=hours)
    await rested(world)
    answer = await cast.wang.taps_data(asked, f"change:{number}:sign")
    assert (answer.text == "This answer can no longer be changed.") is (hours == 25)
    assert (f"sign:{number}:not_right" in [found.data for row in asked.buttons for found in row]) is (hours == 23)


async def test_only_what_need_not_be_answered_can_be_skipped(world: World) -> None:
    cast = await on_stage(world)
    asked = await begins(cast.wang, "shoe_shine")
    assert "Skip" not in asked.button_texts
    await cast.wang.taps(asked, "2")
    await chooses(cast.wang, "When may we collect them?", "As soon as possible")
    assert "Skip" in (await cast.wang.sees("Is there anything we should know?")).button_texts


async def test_a_number_that_is_no_requests_is_words_like_any_others(world: World) -> None:
    """An announcement may name any number, and be answered."""
    cast = await on_stage(world)
    await cast.chen.writes("/announce")
    await chooses(cast.chen, "Who should receive it?", "All owners")
    await cast.chen.sees("please send me the text")
    await cast.chen.writes("Gate #99 is closed on Sunday.")
    await cast.chen.taps(await cast.chen.sees("This is what owners will receive"), "Send to 1 owner")
    announced = await cast.wang.sees("Gate #99 is closed on Sunday.")
    sent = await cast.wang.writes("Is the other one open?", reply_to=announced)
    await cast.wang.sees("Thank you, I have received that.", after=sent)
