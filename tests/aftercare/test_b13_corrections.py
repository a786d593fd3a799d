"""B13: a thumb that slipped, a call that was not good without a word why, "Not reached" until tomorrow."""

from __future__ import annotations

from concierge_bot.playground import Message
from storage.tables.requests import FollowUp, Request, RequestEvent, RequestState, SignOff
from tests.cards.test_a10_owners_notices import CLOSING
from tests.support.cast import Cast, on_stage, rested, until_it_says
from tests.support.looks import rows
from tests.support.world import World, order_repair, tap

STILL_GOOD = "Is everything still working well?"
TOO_LATE = "This answer can no longer be changed."


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
    await cast.wang.taps(asked, "Yes, thank you")
    await _changes(cast, asked, "Not quite")
    await cast.maintenance.sees(f"Return of #{number}")
    await until_it_says(world, asked, f"#{number} again, now as #{number + 1}")
    assert await _outcome(world) == "not_right"


async def test_not_right_by_mistake_takes_the_return_back(world: World) -> None:
    cast, number, asked = await _repaired(world)
    await cast.wang.taps(asked, "Not quite")
    card = await cast.maintenance.sees(f"Return of #{number}")
    await _changes(cast, asked, "Yes, thank you")
    await cast.maintenance.sees(f"#{number + 1} · Villa 8 · Repairs has been withdrawn: it was a mistake")
    await until_it_says(world, card, "Cancelled")
    await until_it_says(world, asked, "Thank you, Mr Wang.")
    assert await _outcome(world) == "good"
    (follow_up,) = await rows(world, FollowUp)
    assert follow_up.answered_at is None
    world.turn(days=2)
    await cast.wang.sees(STILL_GOOD)


async def test_a_return_that_somebody_has_begun_is_not_taken_back(world: World) -> None:
    cast, number, asked = await _repaired(world)
    await cast.wang.taps(asked, "Not quite")
    await tap(world, cast.anna, f"onsite:{number + 1}", cast.maintenance)
    for data in (f"change:{number}:sign", f"sign:{number}:good"):
        assert (await cast.wang.taps_data(asked, data)).text == TOO_LATE
    assert await _outcome(world) == "not_right"
    (again,) = await rows(world, Request, Request.return_of == number)
    assert again.state == RequestState.ON_SITE


async def test_once_the_follow_up_is_asked_good_stays_good(world: World) -> None:
    cast, number, asked = await _repaired(world)
    await cast.wang.taps(asked, "Yes, thank you")
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
    await cast.maintenance.sees(f"#{number + 1} · Villa 8 · Repairs has been withdrawn")
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
    return cast, number, await cast.maintenance.sees("please speak to Mr Wang")


async def test_not_reached_is_asked_again_when_it_suits(world: World) -> None:
    cast, _, task = await _to_be_called(world)
    await cast.anna.taps(task, "Not reached")
    await world.telegram.until(lambda: task.button_texts == ["Again now", "In an hour", "Tomorrow"])
    await cast.anna.taps(task, "Again now")
    await world.telegram.until(lambda: "Reached: all well" in task.button_texts)
    await cast.anna.taps(task, "Not reached")
    await world.telegram.until(lambda: "In an hour" in task.button_texts)
    await cast.anna.taps(task, "In an hour")
    await until_it_says(world, task, "I will remind you again at 13:0")
    world.turn(hours=1, minutes=1)
    await world.telegram.until(
        lambda: sum("please speak to Mr Wang" in message.text for message in cast.maintenance.screen()) == 1
    )


async def test_what_a_call_brought_is_corrected(world: World) -> None:
    cast, number, task = await _to_be_called(world)
    await cast.anna.taps(task, "Reached: not right")
    await cast.maintenance.sees(f"Return of #{number}")
    await world.telegram.until(lambda: task.button_texts == ["Correct this"])
    await cast.anna.taps(task, "Correct this")
    await world.telegram.until(lambda: "Reached: all well" in task.button_texts)
    await cast.anna.taps(task, "Reached: all well")
    await cast.maintenance.sees(f"#{number + 1} · Villa 8 · Repairs has been withdrawn")
    (follow_up,) = await rows(world, FollowUp)
    assert follow_up.good is True
    world.turn(days=1, minutes=1)
    assert (await cast.anna.taps_data(task, f"called:{number}:call:not_good")).text == (
        "This has already been settled."
    )


# What was heard in a call


NOTE = "Please reply to this message with text"


async def _not_good(world: World) -> tuple[Cast, int, Message]:
    """A call that was not good: what Anna is asked."""
    cast, number, task = await _to_be_called(world)
    await cast.anna.taps(task, "Reached: not right")
    await cast.maintenance.sees(f"Return of #{number}")
    return cast, number, await cast.maintenance.sees(NOTE)


async def _notes(world: World) -> list[tuple[int, str]]:
    found = await rows(world, RequestEvent, RequestEvent.kind == "call_noted")
    return [(event.request_id, event.data["text"]) for event in found]


async def test_whoever_heard_that_it_is_not_good_is_asked_for_a_note_that_the_supervisor_reads(world: World) -> None:
    cast, number, asked = await _not_good(world)
    assert asked.text.startswith("✍️ Anna, what is not right with")
    prompts = [call for call in world.telegram.requests_of("sendMessage") if NOTE in str(call.params.get("text"))]
    assert [call.params["reply_markup"] for call in prompts] == [{"force_reply": True, "selective": True}]
    await cast.anna.writes("The tap drips again, worse at night", chat=cast.maintenance, reply_to=asked)
    await cast.maintenance.sees(f"📝 Noted with #{number}.")
    await cast.maintenance.sees(f"📝 #{number + 1} · Villa 8 · Repairs, heard by Anna: The tap drips again")
    await cast.chen.sees(f"📝 #{number + 1} · Villa 8 · Repairs, heard by Anna: The tap drips again")
    card = await cast.maintenance.sees(f"Return of #{number}")
    await until_it_says(world, card, "📝 Anna: The tap drips again, worse at night")
    said = "The tap drips again, worse at night"
    assert await _notes(world) == [(number, said), (number + 1, said)]
    (again,) = await rows(world, Request, Request.return_of == number)
    assert again.state == RequestState.CLAIMED


async def test_what_others_answer_is_no_note(world: World) -> None:
    cast, _, asked = await _not_good(world)
    ben = world.telegram.person("Ben")
    await cast.maintenance.add(ben)
    await ben.writes("I knew it", chat=cast.maintenance, reply_to=asked)
    await cast.anna.writes("/duty", chat=cast.maintenance, reply_to=asked)
    await cast.anna.writes("not an answer", chat=cast.maintenance)
    await rested(world)
    assert await _notes(world) == []


async def test_a_note_does_not_stand_in_the_way_of_a_correction(world: World) -> None:
    cast, number, asked = await _not_good(world)
    await cast.anna.writes("The tap drips", chat=cast.maintenance, reply_to=asked)
    await cast.maintenance.sees(f"📝 Noted with #{number}.")
    await tap(world, cast.anna, f"callmore:{number}:call:change", cast.maintenance)
    await tap(world, cast.anna, f"called:{number}:call:good", cast.maintenance)
    await cast.maintenance.sees(f"#{number + 1} · Villa 8 · Repairs has been withdrawn")
    await cast.anna.writes("It is still bad", chat=cast.maintenance, reply_to=asked)
    await cast.maintenance.sees("This has been corrected in the meantime, so nothing was noted.")
    assert len(await _notes(world)) == 2


async def test_what_cannot_be_deleted_is_nothing_that_the_owner_sent(world: World) -> None:
    cast, _, _ = await _to_be_called(world)
    await rested(world)
    assert not [message for message in cast.maintenance.screen() if "could not be shown" in message.text]


async def test_a_note_is_words(world: World) -> None:
    cast, number, asked = await _not_good(world)
    await cast.anna.sends_voice(chat=cast.maintenance, reply_to=asked)
    await cast.maintenance.sees("Please reply with text.")
    await cast.anna.writes("Still dripping", chat=cast.maintenance, reply_to=asked)
    await cast.maintenance.sees(f"📝 Noted with #{number}.")


async def test_a_supervisor_notes_a_check_call_in_private(world: World) -> None:
    cast, number, asked = await _repaired(world)
    await cast.wang.taps(asked, "Yes, thank you")
    world.turn(days=2)
    await cast.wang.taps(await cast.wang.sees(STILL_GOOD), "Yes")
    await rested(world)
    world.turn(days=5)
    drawn = await cast.chen.sees("Spot check")
    await cast.chen.taps(drawn, "Reached: not right")
    question = await cast.chen.sees(NOTE)
    await cast.chen.writes("They say that it squeaks", reply_to=question)
    await cast.chen.sees(f"📝 Noted with #{number}.")
    await cast.maintenance.sees(f"📝 #{number + 1} · Villa 8 · Repairs, heard by Chen: They say that it squeaks")
