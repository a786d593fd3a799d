"""Before Send an edit changes what it edits, photos and captions too; after it the team is told what is new."""

from __future__ import annotations

from tests.support.cast import at, begins, begins_repair, chooses, heading, on_stage, rested, sends
from tests.support.world import World, order_repair

TOO_LATE = "I see that you have edited a message."


async def test_a_replaced_photo_goes_to_the_staff_with_its_new_caption(world: World) -> None:
    cast = await on_stage(world)
    await begins_repair(cast.wang)
    photo = await cast.wang.sends_photo(b"wrong", caption="The lamp in the hall")
    await at(cast.wang, "repair", 4)
    await cast.wang.replaces_photo(photo, b"right", caption="The lamp in the bedroom")
    await rested(world)
    right = photo.media
    await chooses(cast.wang, heading("repair", 4), "Continue")
    await chooses(cast.wang, heading("repair", 5), "As soon as possible")
    number = await sends(cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    assert "Fault: The lamp in the bedroom" in card.text
    sent = await cast.maintenance.sees("The lamp in the bedroom", after=card)
    assert sent.media is not None
    assert right is not None
    assert sent.media.file_id == right.file_id


async def test_an_edited_caption_at_a_question_for_files_is_the_one_that_is_sent(world: World) -> None:
    cast = await on_stage(world)
    await begins_repair(cast.wang)
    await cast.wang.writes("It is broken")
    await at(cast.wang, "repair", 4)
    photo = await cast.wang.sends_photo(caption="The hall")
    await cast.wang.sees("Thank you, I have received that.")
    await cast.wang.edits(photo, "The bedroom")
    await rested(world)
    await chooses(cast.wang, heading("repair", 4), "Continue")
    await chooses(cast.wang, heading("repair", 5), "As soon as possible")
    await sends(cast.wang)
    await cast.maintenance.sees("The bedroom")
    assert not [message for message in cast.maintenance.screen() if "The hall" in message.text]


async def test_each_of_several_kept_messages_is_changed_by_its_own_edit(world: World) -> None:
    cast = await on_stage(world)
    await cast.wang.writes("The tap drips")
    second = await cast.wang.writes("in the kitchen")
    await cast.wang.sees("Thank you, I have received that.", after=second)
    await cast.wang.edits(second, "in the bathroom")
    await rested(world)
    await chooses(cast.wang, "Thank you, I have received that.", "🛍 Purchases and errands")
    shown = await at(cast.wang, "purchase", 1)
    assert "Your answer so far: The tap drips\nin the bathroom" in shown.text


async def test_an_edit_without_other_words_tells_nobody(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "enquiry")
    written = await cast.wang.writes("Is the pool open?")
    await sends(cast.wang)
    await rested(world)
    before = len(cast.wang.screen()), len(cast.butlers.screen())
    world.telegram.inject({"edited_message": {**written.snapshot(), "edit_date": 5}})
    await rested(world)
    assert (len(cast.wang.screen()), len(cast.butlers.screen())) == before


async def test_what_was_added_is_changed_by_its_edit(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    added = await cast.wang.writes("Please come at three", reply_to=await cast.wang.sees(f"#{number}"))
    await cast.maintenance.sees(f"#{number} · Villa 8 · Repairs. The owner has added: Please come at three")
    await cast.wang.edits(added, "Please come at four")
    await cast.maintenance.sees(f"✏️ #{number} · Villa 8 · Repairs. The owner has changed the text: Please come at four")
    await cast.maintenance.sees("Note: Please come at four")


async def test_an_edit_of_what_is_finished_says_so(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "enquiry")
    written = await cast.wang.writes("Is the pool open?")
    number = await sends(cast.wang)
    card = await cast.wang.sees(f"#{number}")
    await cast.wang.taps_data(card, f"cancelsure:{number}")
    await cast.wang.edits(written, "Is the sauna open?")
    await cast.wang.sees(TOO_LATE)
