"""Send sends what the summary shows, and nothing else."""

from __future__ import annotations

from tests.support.cast import begins, chooses, on_stage, rested, sends, until_it_says
from tests.support.world import World, newest

ASK_TO_SEND = "Is everything correct? Tap Send and I will pass it on at once."
CHANGED = "This has changed in the meantime. It would now be sent like this:"


async def test_send_on_an_older_summary_shows_what_would_be_sent_now(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "enquiry")
    await cast.wang.writes("Is the pool open?")
    older = await cast.wang.sees(ASK_TO_SEND)
    sent = await cast.wang.writes("And is it warm?")
    newer = await cast.wang.sees("Note: And is it warm?", after=sent)
    await cast.wang.taps(older, "✅ Send")
    await until_it_says(world, older, CHANGED)
    assert "Note: And is it warm?" in older.text
    await rested(world)
    assert not [message for message in cast.butlers.screen() if "pool" in message.text]
    await cast.wang.taps(newer, "✅ Send")
    assert "Note: And is it warm?" in (await cast.butlers.sees("Enquiry: Is the pool open?")).text


async def test_an_answer_that_was_changed_on_the_way_back_is_not_sent_unseen(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "enquiry")
    await cast.wang.writes("Is the pool open?")
    older = await cast.wang.sees(ASK_TO_SEND)
    await cast.wang.edits(cast.wang.screen()[-2], "Is the sauna open?")
    await cast.wang.sees("Enquiry: Is the sauna open?")
    await cast.wang.taps(older, "✅ Send")
    await until_it_says(world, older, "Enquiry: Is the sauna open?")
    await sends(cast.wang)
    await cast.butlers.sees("Enquiry: Is the sauna open?")


async def test_a_photo_that_came_after_the_summary_is_not_sent_unseen(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "enquiry")
    await cast.wang.writes("Is the pool open?")
    older = await cast.wang.sees(ASK_TO_SEND)
    sent = await cast.wang.sends_photo()
    await cast.wang.sees(ASK_TO_SEND, after=sent)
    await cast.wang.taps(older, "✅ Send")
    await until_it_says(world, older, "📎 1 attachment")
    await cast.wang.taps(older, "✅ Send")
    await cast.butlers.sees("📎 1 attachment")


async def test_a_send_button_of_an_older_version_shows_the_summary_again(world: World) -> None:
    """Its data named the draft alone: nobody knows what stood above it."""
    cast = await on_stage(world)
    await begins(cast.wang, "enquiry")
    await cast.wang.writes("Is the pool open?")
    summary = await cast.wang.sees(ASK_TO_SEND)
    _, data = await world.telegram.until(lambda: newest(cast.wang, "send:"))
    await cast.wang.taps_data(summary, data.rpartition(":")[0])
    await until_it_says(world, summary, CHANGED)
    await chooses(cast.wang, CHANGED, "✅ Send")
    await cast.butlers.sees("Enquiry: Is the pool open?")
