"""What an owner has in hand is theirs: a return neither replaces nor captures it, whoever says that it is not good."""

from __future__ import annotations

import pytest

from concierge_bot.playground import Message
from concierge_bot.playground.people.writing import Attachment
from tests.support.cast import Cast, at, begins, chooses, heading, on_stage, rested, sends, until_it_says
from tests.support.world import World, order_repair, tap

ASK_TO_SEND = "Is everything correct? Tap Send and I will pass it on at once."
SORRY = "We are very sorry, Mr Wang."
ADD = "✍️ Add something"


async def _repaired(cast: Cast) -> int:
    """A repair that Anna has just done; the question whether it is good is on the owner's screen."""
    number = await order_repair(cast.world, cast.wang)
    card = await cast.maintenance.sees(f"🔧 #{number} · Villa 8 · Repairs")
    await cast.anna.taps(card, "Claim")
    await until_it_says(cast.world, card, "Taken by Anna")
    await cast.anna.taps(card, "Done")
    await until_it_says(cast.world, card, "Done by Anna")
    cast.world.turn(minutes=1, seconds=1)  # only then the owner is told
    return number


async def _signs_not_right(cast: Cast, number: int) -> Message:
    """The owner signs 👎. Returns the message that is sorry."""
    asked = await cast.wang.sees("Is everything to your satisfaction?")
    await cast.wang.taps(asked, "Not quite")
    await until_it_says(cast.world, asked, SORRY)
    await cast.maintenance.sees(f"↩️ Return of #{number}")
    return asked


async def _beneath(cast: Cast, number: int, fragment: str) -> Message:
    """What stands beneath the team's card of a repair and says so, once it is there."""
    card = await cast.maintenance.sees(f"🔧 #{number} · Villa 8 · Repairs")

    def found() -> Message | None:
        screen = [message for message in cast.maintenance.screen() if message.reply_to is card]
        return next((message for message in screen if fragment in message.text), None)

    return await cast.world.telegram.until(found)


async def test_a_summary_survives_a_thumb_down_on_an_older_repair(world: World) -> None:
    cast = await on_stage(world)
    number = await _repaired(cast)
    await begins(cast.wang, "enquiry")
    await cast.wang.writes("A table for two tonight")
    summary = await cast.wang.sees(ASK_TO_SEND)
    await _signs_not_right(cast, number)
    await cast.wang.taps(summary, "✅ Send")
    await cast.butlers.sees("Enquiry: A table for two tonight")


async def test_a_question_survives_a_thumb_down_on_the_follow_up(world: World) -> None:
    cast = await on_stage(world)
    number = await _repaired(cast)
    world.turn(days=2)
    asked = await cast.wang.sees("Is everything still working well?")
    await begins(cast.wang, "enquiry")
    await cast.wang.taps(asked, "No")
    await until_it_says(world, asked, SORRY)
    await cast.wang.writes("A table for two tonight")
    await sends(cast.wang)
    await cast.butlers.sees("Enquiry: A table for two tonight")
    card = await cast.maintenance.sees(f"↩️ Return of #{number}")
    assert "table" not in card.text


@pytest.mark.parametrize("written", ["A table for two tonight", None])
async def test_a_butler_who_reached_somebody_captures_no_answer(world: World, written: str | None) -> None:
    """The answer to an enquiry was posted beneath the repair that came back, and never became a request."""
    cast = await on_stage(world)
    number = await _repaired(cast)
    world.turn(days=2)
    await cast.wang.sees("Is everything still working well?")
    world.turn(days=1)
    await rested(world)
    world.turn(days=1)
    task = await cast.maintenance.sees("please speak to Mr Wang")
    await begins(cast.wang, "enquiry")
    await cast.anna.taps(task, "Reached: not right")
    await cast.maintenance.sees(f"↩️ Return of #{number}")
    await (cast.wang.writes(written) if written else cast.wang.sends_voice())
    request = await sends(cast.wang)
    await cast.butlers.sees(f"Enquiry: {written or '🎤 see voice message'}")
    await rested(world)
    assert request > number
    assert not [message for message in cast.maintenance.screen() if "The owner has added" in message.text]


async def test_nobody_was_asked_for_more_where_a_butler_said_that_it_is_not_good(world: World) -> None:
    cast = await on_stage(world)
    await _repaired(cast)
    world.turn(days=2)
    await cast.wang.sees("Is everything still working well?")
    world.turn(days=1)
    await rested(world)
    world.turn(days=1)
    await cast.anna.taps(await cast.maintenance.sees("please speak to Mr Wang"), "Reached: not right")
    await cast.maintenance.sees("↩️ Return of")
    await cast.wang.writes("Two bottles of red wine")
    await cast.wang.sees("Thank you, I have received that.")
    await rested(world)
    assert not [message for message in cast.maintenance.screen() if "wine" in message.text]


async def test_a_reply_to_the_sorry_message_goes_to_the_return_and_nowhere_else(world: World) -> None:
    cast = await on_stage(world)
    number = await _repaired(cast)
    await begins(cast.wang, "enquiry")
    sorry = await _signs_not_right(cast, number)
    sent = await cast.wang.writes("It drips again", reply_to=sorry)
    said = await cast.wang.sees(f"I have passed it on and added it to #{number + 1}.", after=sent)
    assert heading("enquiry", 1) in said.text
    await _beneath(cast, number + 1, "It drips again")
    await cast.wang.sends_photo(caption="Under the sink", reply_to=sorry)
    picture = await _beneath(cast, number + 1, "Under the sink")
    assert picture.media is not None
    await cast.wang.writes("A table for two tonight")
    await sends(cast.wang)
    card = await cast.butlers.sees("Enquiry: A table for two tonight")
    assert "attachment" not in card.text


async def test_what_is_added_by_its_own_question_leaves_the_draft_as_it_was(world: World) -> None:
    cast = await on_stage(world)
    number = await _repaired(cast)
    await begins(cast.wang, "shoe_shine")
    await chooses(cast.wang, heading("shoe_shine", 1), "5")
    await at(cast.wang, "shoe_shine", 2)
    sorry = await _signs_not_right(cast, number)
    await cast.wang.taps(sorry, ADD)
    await cast.wang.sees(f"What would you like to add to #{number + 1}?")
    sent = await cast.wang.writes("It drips again")
    said = await cast.wang.sees(f"I have passed it on and added it to #{number + 1}.", after=sent)
    await _beneath(cast, number + 1, "It drips again")
    await cast.wang.taps(said, "As soon as possible")
    await chooses(cast.wang, heading("shoe_shine", 3), "Skip")
    assert "Pairs: 5" in (await cast.wang.sees(ASK_TO_SEND)).text


async def test_an_album_that_was_asked_for_goes_along_whole(world: World) -> None:
    cast = await on_stage(world)
    number = await _repaired(cast)
    await begins(cast.wang, "enquiry")
    sorry = await _signs_not_right(cast, number)
    await cast.wang.taps(sorry, ADD)
    await cast.wang.sees(f"What would you like to add to #{number + 1}?")
    before = len(cast.wang.screen())
    await cast.wang.sends_album([Attachment(caption="North"), Attachment(caption="South"), Attachment(caption="West")])
    for caption in ("North", "South", "West"):
        await _beneath(cast, number + 1, caption)
    await rested(world)
    assert len(cast.wang.screen()) == before + 3 + 1
    await cast.wang.writes("A table for two tonight")
    assert "attachment" not in (await cast.wang.sees(ASK_TO_SEND)).text


async def test_with_nothing_in_hand_what_is_not_right_is_asked_at_once(world: World) -> None:
    cast = await on_stage(world)
    number = await _repaired(cast)
    sorry = await _signs_not_right(cast, number)
    assert "What is not right?" in sorry.text
    await cast.wang.writes("It drips again")
    await cast.wang.sees(f"I have passed it on and added it to #{number + 1}.")
    await cast.wang.sends_photo(caption="Under the sink")
    await _beneath(cast, number + 1, "It drips again")
    await _beneath(cast, number + 1, "Under the sink")
    assert "Note: It drips again" in (await cast.maintenance.sees(f"🔧 #{number + 1} · Villa 8 · Repairs")).text


async def test_the_question_what_is_not_right_ends_where_another_wish_begins(world: World) -> None:
    cast = await on_stage(world)
    number = await _repaired(cast)
    await _signs_not_right(cast, number)
    await begins(cast.wang, "enquiry")
    await cast.wang.writes("A table for two tonight")
    await sends(cast.wang)
    await cast.butlers.sees("Enquiry: A table for two tonight")
    assert "table" not in (await cast.maintenance.sees(f"🔧 #{number + 1} · Villa 8 · Repairs")).text


async def test_the_question_what_is_not_right_does_not_listen_for_ever(world: World) -> None:
    cast = await on_stage(world)
    number = await _repaired(cast)
    await _signs_not_right(cast, number)
    world.turn(minutes=16)
    await cast.wang.writes("Two bottles of red wine")
    await cast.wang.sees("Thank you, I have received that.")
    await rested(world)
    assert "wine" not in (await cast.maintenance.sees(f"🔧 #{number + 1} · Villa 8 · Repairs")).text


async def test_adding_to_what_is_done_meanwhile_says_so(world: World) -> None:
    cast = await on_stage(world)
    number = await _repaired(cast)
    await begins(cast.wang, "enquiry")
    sorry = await _signs_not_right(cast, number)
    await tap(world, cast.anna, f"done:{number + 1}", cast.maintenance)
    await rested(world)
    answer = await cast.wang.taps(sorry, ADD)
    assert answer.text == f"#{number + 1} is already finished."
    await cast.wang.writes("A table for two tonight")
    assert "Enquiry: A table for two tonight" in (await cast.wang.sees(ASK_TO_SEND)).text
