"""What is typed or sent at a question for taps is understood where it can be, and never taken for "not urgent"."""

from __future__ import annotations

import pytest

from concierge_bot.language import quantities
from tests.support.cast import at, begins, chooses, heading, on_stage
from tests.support.world import World


@pytest.mark.parametrize(
    ("written", "number"),
    [
        *[
            ("2", 2),
            ("two", 2),
            ("a couple", 2),
            ("三双", 3),
            ("2 pairs", 2),
            ("２", 2),
            ("half a dozen", 6),
            ("两件", 2),
        ],
        *[("一打", 12), ("十二", 12), ("二十", 20), ("twenty-one", 21), ("a pair", 1), ("two dozen", 24), ("半打", 6)],
        *[("2-3", None), ("two or three", None), ("many", None), ("几双", None), ("", None), ("a thousand", None)],
    ],
)
def test_number_words_and_measure_words_are_quantities(written: str, number: int | None) -> None:
    assert quantities.read(written) == number


async def test_three_pairs_in_chinese_are_taken(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "shoe_shine")
    await cast.wang.writes("三双")
    await chooses(cast.wang, heading("shoe_shine", 2), "As soon as possible")
    await chooses(cast.wang, heading("shoe_shine", 3), "Skip")
    assert "Pairs: 3" in (await cast.wang.sees("Is everything correct? Tap Send and I will pass it on at once.")).text


async def test_a_doubtful_quantity_is_asked_again_with_the_buttons(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "shoe_shine")
    await cast.wang.writes("two or three")
    shown = await cast.wang.sees("Please write a number from 1 to 999.")
    await cast.wang.taps(shown, "3")
    await at(cast.wang, "shoe_shine", 2)


@pytest.mark.rows_of_words
@pytest.mark.parametrize("typed", ["Urgent", "🚨 Urgent: please come at once", "紧急"])
async def test_urgent_typed_at_the_question_how_urgent_is_urgent(world: World, typed: str) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "repair")
    await cast.wang.writes("the cupboard door")
    await at(cast.wang, "repair", 2)
    await cast.wang.writes(typed)
    shown = await at(cast.wang, "repair", 3)
    assert any(button.text == "Skip" for row in shown.buttons for button in row), "it may be skipped where it is urgent"


async def test_words_that_say_nothing_of_urgency_are_kept_and_the_question_stands(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "repair")
    await chooses(cast.wang, heading("repair", 1), "🛗 Lift")
    await at(cast.wang, "repair", 2)
    await cast.wang.writes("well, my mother comes on Sunday")
    shown = await cast.wang.sees("I have noted what you wrote. Please tap one of these:")
    await cast.wang.taps(shown, "Not urgent")
    await at(cast.wang, "repair", 3)


async def test_a_doctor_needed_now_is_urgent_and_the_numbers_stand_there(world: World) -> None:
    world.turn(hours=14)
    cast = await on_stage(world)
    shown = await begins(cast.wang, "medical")
    assert "Ambulance: 120" in shown.text
    await cast.wang.taps(shown, "🚨 Now: please come at once")
    shown = await at(cast.wang, "medical", 2)
    assert "stay with them" in shown.text
    await cast.wang.taps(shown, "Skip")
    await chooses(cast.wang, "Is everything correct? Tap Send and I will pass it on at once.", "✅ Send")
    await cast.butlers.sees("URGENT")


async def test_a_photo_at_a_question_for_taps_is_kept_and_said_so(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "shoe_shine")
    sent = await cast.wang.sends_photo()
    await cast.wang.sees("Thank you, I have received that (1 attachment).", after=sent)
