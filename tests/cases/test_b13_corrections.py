"""B13: a thumb that slipped, a call that was not good without a word why, "Not reached" until tomorrow."""

from __future__ import annotations

from concierge_bot.playground import Message
from storage.requests import FollowUp, Request, RequestState, SignOff
from tests.cases.looks import rows
from tests.cases.test_a10_owners_notices import CLOSING
from tests.stories.cast import Cast, on_stage, rested, until_it_says
from tests.world import World, order_repair, tap

STILL_GOOD = "Is the repair still good?"
TOO_LATE = "This answer cannot be changed any more."


async def _repaired(world: World) -> tuple[Cast, int, Message]:
    """A repair that Anna did, and what Wang is asked."""
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    await tap(world, cast.anna, f"done:{number}", cast.maintenance)
    world.turn(minutes=1)
    return cast, number, await cast.wang.sees(CLOSING)


async def _changes(cast: Cast, asked: Message, label: str) -> None:
    await cast.world.telegram.until(lambda: "Change my answer" in asked.button_texts)
    await cast.wang.taps(asked, "Change my answer")
    await cast.world.telegram.until(lambda: any(label in text for text in asked.button_texts))
    await cast.wang.taps(asked, label)


async def _outcome(world: World) -> str | None:
    (sign_off,) = await rows(world, SignOff)
    return sign_off.outcome


async def test_good_by_mistake_becomes_not_right(world: World) -> None:
    cast, number, asked = await _repaired(world)
    await cast.wang.taps(asked, "Good")
    await _changes(cast, asked, "Not right")
    await cast.maintenance.sees(f"Return of #{number}")
    await until_it_says(world, asked, f"#{number} is with the team again as #{number + 1}")
    assert await _outcome(world) == "not_right"


async def test_not_right_by_mistake_takes_the_return_back(world: World) -> None:
    cast, number, asked = await _repaired(world)
    await cast.wang.taps(asked, "Not right")
    card = await cast.maintenance.sees(f"Return of #{number}")
    await _changes(cast, asked, "Good")
    await cast.maintenance.sees(f"#{number + 1} · villa 8 · Repairs is taken back: it was a mistake")
    await until_it_says(world, card, "Cancelled")
    await until_it_says(world, asked, "Thank you, Mr Wang.")
    assert await _outcome(world) == "good"
    (follow_up,) = await rows(world, FollowUp)
    assert follow_up.answered_at is None
    world.turn(days=2)
    await cast.wang.sees(STILL_GOOD)


async def test_a_return_that_somebody_has_begun_is_not_taken_back(world: World) -> None:
    cast, number, asked = await _repaired(world)
    await cast.wang.taps(asked, "Not right")
    await tap(world, cast.anna, f"onsite:{number + 1}", cast.maintenance)
    for data in (f"change:{number}:sign", f"sign:{number}:good"):
        assert (await cast.wang.taps_data(asked, data)).text == TOO_LATE
    assert await _outcome(world) == "not_right"
    (again,) = await rows(world, Request, Request.return_of == number)
    assert again.state == RequestState.ON_SITE


async def test_once_the_follow_up_is_asked_good_stays_good(world: World) -> None:
    cast, number, asked = await _repaired(world)
    await cast.wang.taps(asked, "Good")
    world.turn(days=2)
    await cast.wang.sees(STILL_GOOD)
    assert (await cast.wang.taps_data(asked, f"sign:{number}:not_right")).text == TOO_LATE
    assert await _outcome(world) == "good"


async def test_an_answer_to_the_follow_up_can_be_changed_both_ways(world: World) -> None:
    cast, number, _ = await _repaired(world)
    world.turn(days=2)
    asked = await cast.wang.sees(STILL_GOOD)
    await cast.wang.taps(asked, "Yes")
    await _changes(cast, asked, "No")
    await cast.maintenance.sees(f"Return of #{number}")
    await _changes(cast, asked, "Yes")
    await cast.maintenance.sees(f"#{number + 1} · villa 8 · Repairs is taken back")
    await rested(world)
    (follow_up,) = await rows(world, FollowUp)
    assert follow_up.good is True
    (request,) = await rows(world, Request, Request.id == number)
    assert request.state == RequestState.DONE


async def test_after_a_while_a_good_follow_up_stays_good(world: World) -> None:
    cast, number, _ = await _repaired(world)
    world.turn(days=2)
    asked = await cast.wang.sees(STILL_GOOD)
    await cast.wang.taps(asked, "Yes")
    world.turn(days=1, minutes=1)
    answer = await cast.wang.taps_data(asked, f"followup:{number}:no")
    assert (answer.text, answer.alert) == (TOO_LATE, True)


# Calls


async def _to_be_called(world: World) -> tuple[Cast, int, Message]:
    """A repair whose owner is to be called: the task in the group."""
    cast, number, _ = await _repaired(world)
    await cast.wang.blocks()
    world.turn(days=2)
    return cast, number, await cast.maintenance.sees("please call Mr Wang")


async def test_not_reached_is_asked_again_when_it_suits(world: World) -> None:
    cast, _, task = await _to_be_called(world)
    await cast.anna.taps(task, "Not reached")
    await world.telegram.until(lambda: task.button_texts == ["Again now", "In an hour", "Tomorrow"])
    await cast.anna.taps(task, "Again now")
    await world.telegram.until(lambda: "Reached: good" in task.button_texts)
    await cast.anna.taps(task, "Not reached")
    await world.telegram.until(lambda: "In an hour" in task.button_texts)
    await cast.anna.taps(task, "In an hour")
    await until_it_says(world, task, "I shall ask again at 13:0")
    world.turn(hours=1, minutes=1)
    await world.telegram.until(
        lambda: sum("please call Mr Wang" in message.text for message in cast.maintenance.screen()) == 1
    )


async def test_what_a_call_brought_is_corrected(world: World) -> None:
    cast, number, task = await _to_be_called(world)
    await cast.anna.taps(task, "Reached: not good")
    await cast.maintenance.sees(f"Return of #{number}")
    await world.telegram.until(lambda: task.button_texts == ["Correct this"])
    await cast.anna.taps(task, "Correct this")
    await world.telegram.until(lambda: "Reached: good" in task.button_texts)
    await cast.anna.taps(task, "Reached: good")
    await cast.maintenance.sees(f"#{number + 1} · villa 8 · Repairs is taken back")
    (follow_up,) = await rows(world, FollowUp)
    assert follow_up.good is True
    world.turn(days=1, minutes=1)
    assert (await cast.anna.taps_data(task, f"called:{number}:call:not_good")).text == "This is settled already."
