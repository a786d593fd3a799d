"""B5: Done stood beside On site, and what was tapped by mistake could not be taken back: the owner had been told."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from concierge_bot.playground import Message
from concierge_bot.settings import SHIPPED_CATALOGUE
from storage.tables.queues import Timer, TimerState
from storage.tables.requests import FollowUp, Request, RequestState, SignOff
from tests.cards.test_a10_owners_notices import CLOSING, LOOKS_AFTER, notices
from tests.support.cast import Cast, on_stage, opens_the_bot, rested, until_it_says
from tests.support.looks import rows
from tests.support.world import World, order_repair


async def _claimed(world: World, *, kind: str = "water") -> tuple[Cast, Message, int]:
    """A repair that Anna has claimed, and its card."""
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang, kind=kind)
    card = await cast.maintenance.sees(f"#{number}")
    await cast.anna.taps(card, "Claim")
    await until_it_says(world, card, "Taken by Anna")
    await cast.wang.sees(LOOKS_AFTER)
    return cast, card, number


async def test_done_has_a_row_of_its_own(world: World) -> None:
    _, card, number = await _claimed(world)
    assert [f"done:{number}"] in [[button.data for button in row] for row in card.buttons]


@pytest.mark.parametrize("on_site", [False, True])
async def test_done_by_mistake_is_undone_and_the_owner_never_hears_of_it(world: World, on_site: bool) -> None:
    cast, card, number = await _claimed(world)
    if on_site:
        await cast.anna.taps(card, "On site")
        await until_it_says(world, card, "Anna on site")
        await rested(world)
    before = [message.text for message in cast.wang.screen()]
    await cast.anna.taps(card, "Done")
    await until_it_says(world, card, "Done by Anna")
    assert card.button_texts == ["↶ Undo"]
    await cast.wang.writes("/requests")
    await cast.wang.sees("Anna on site" if on_site else "taken by Anna")
    world.turn(seconds=50)
    assert (await cast.anna.taps(card, "Undo")).text == f"Undone: #{number} is not done yet."
    await until_it_says(world, card, "Anna on site" if on_site else "Taken by Anna")
    world.turn(minutes=5)
    await rested(world)
    assert [message.text for message in cast.wang.screen()[: len(before)]] == before
    assert not [message for message in cast.wang.screen() if "Done," in message.text or CLOSING in message.text]
    assert await rows(world, SignOff) == []
    assert await rows(world, FollowUp) == []
    (request,) = await rows(world, Request)
    assert (request.state, request.done_at) == ("on_site" if on_site else "claimed", None)
    await cast.anna.taps(card, "Done")
    world.turn(minutes=1)
    await cast.wang.sees(CLOSING)
    shown = await cast.wang.sees("✓ Done")
    assert shown.text.count("✓ Done") == 1


async def test_after_a_minute_it_is_too_late(world: World) -> None:
    cast, card, number = await _claimed(world)
    await cast.anna.taps(card, "Done")
    world.turn(minutes=1)
    await cast.wang.sees(CLOSING)
    await world.telegram.until(lambda: card.buttons == [])
    answer = await cast.anna.taps_data(card, f"undo:{number}")
    assert (answer.text, answer.alert) == (f"Too late: the owner has been told that #{number} is done.", True)
    (request,) = await rows(world, Request)
    assert request.state == RequestState.DONE


async def test_two_thumbs_on_done_and_undo_at_once(world: World) -> None:
    cast, card, number = await _claimed(world)
    for _ in range(4):
        await asyncio.gather(
            *(cast.anna.taps_data(card, f"{move}:{number}") for move in ("done", "undo", "done", "undo"))
        )
    await rested(world)
    (request,) = await rows(world, Request)
    world.turn(minutes=1)
    await rested(world)
    asked = [message for message in cast.wang.screen() if CLOSING in message.text]
    assert len(asked) == (request.state == RequestState.DONE)
    assert len(await rows(world, SignOff)) == len(asked)


async def test_a_stop_in_that_minute_loses_nothing(world: World) -> None:
    cast, card, _ = await _claimed(world)
    await cast.anna.taps(card, "Done")
    await world.stop()
    world.turn(hours=1)
    await world.start()
    await cast.wang.sees(CLOSING)
    await world.restart()
    await rested(world)
    assert len([message for message in cast.wang.screen() if CLOSING in message.text]) == 1
    (follow_up,) = await rows(world, FollowUp)
    (request,) = await rows(world, Request)
    assert request.done_at is not None
    assert (follow_up.due_at - request.done_at).total_seconds() >= 2 * 86_400


async def test_what_falls_due_in_that_minute_is_not_forgotten_once_it_is_undone(world: World) -> None:
    cast, card, number = await _claimed(world, kind="gas")
    await opens_the_bot(cast.anna)
    world.turn(minutes=4, seconds=30)
    await cast.anna.taps(card, "Done")
    world.turn(seconds=40)
    await rested(world)
    assert not [message for message in cast.anna.screen() if "was due on site" in message.text]
    await cast.anna.taps_data(card, f"undo:{number}")
    await cast.anna.sees("Anna was due on site by 12:05")


async def test_only_who_did_it_or_a_supervisor_takes_it_back(world: World) -> None:
    cast, card, number = await _claimed(world)
    ben = world.telegram.person("Ben")
    await cast.maintenance.add(ben)
    await cast.anna.taps(card, "Done")
    answer = await ben.taps_data(card, f"undo:{number}")
    assert (answer.text, answer.alert) == ("Only Anna can undo this.", True)
    assert (await cast.chen.taps_data(card, f"undo:{number}")).text == f"Undone: #{number} is not done yet."
    await until_it_says(world, card, "Taken by Anna")


async def test_a_supervisor_who_takes_over_in_that_minute_reads_that_it_is_done(world: World) -> None:
    cast, card, number = await _claimed(world)
    await cast.anna.taps(card, "Done")
    answer = await cast.chen.taps_data(card, f"take:{number}")
    assert answer.text == f"#{number} has already been done (12:00)."
    await cast.anna.taps_data(card, f"undo:{number}")
    assert (await cast.chen.taps_data(card, f"take:{number}")).text == f"#{number} is yours."
    assert (await cast.anna.taps_data(card, f"undo:{number}")).text == "Taken by Chen, 12:00"


async def test_the_owner_cancels_in_that_minute(world: World) -> None:
    cast, card, number = await _claimed(world)
    await cast.anna.taps(card, "Done")
    mine = await cast.wang.sees(f"#{number} · Repairs")
    answer = await cast.wang.taps_data(mine, f"cancelsure:{number}")
    assert answer.text == (
        "I am sorry, this request is already under way and can no longer be cancelled here. Please speak to "
        "the service centre."
    )
    await cast.anna.taps_data(card, f"undo:{number}")
    await cast.wang.taps_data(mine, f"cancelsure:{number}")
    await until_it_says(world, card, "Cancelled")
    answer = await cast.anna.taps_data(card, f"undo:{number}")
    assert answer.text == f"The owner cancelled #{number}, 12:00."
    world.turn(minutes=2)
    await rested(world)
    assert not [message for message in cast.wang.screen() if CLOSING in message.text]


async def test_a_forged_answer_in_that_minute_changes_nothing(world: World) -> None:
    cast, card, number = await _claimed(world)
    await cast.anna.taps(card, "Done")
    for data in (f"sign:{number}:not_right", f"change:{number}:sign", f"change:{number}:x"):
        answer = await cast.wang.taps_data(await cast.wang.sees(f"#{number} · Repairs"), data)
        assert answer.text == "This button is no longer in use."
    assert len(await rows(world, Request)) == 1


async def test_without_time_to_undo_the_owner_is_told_at_once(world: World, tmp_path: Path) -> None:
    await world.stop()
    world.catalogue = tmp_path / "catalogue.toml"
    text = SHIPPED_CATALOGUE.read_text(encoding="utf-8").replace('undo_within = "1m"', 'undo_within = "0s"')
    world.catalogue.write_text(text, encoding="utf-8")
    await world.start()
    cast, card, number = await _claimed(world)
    await cast.anna.taps(card, "Done")
    await cast.wang.sees(CLOSING)
    await until_it_says(world, card, "Done by Anna")
    assert card.buttons == []
    assert (await cast.anna.taps_data(card, f"undo:{number}")).alert
    await rested(world)
    assert len(notices(cast.wang)) == 1


async def test_what_was_undone_counts_in_no_figure(world: World) -> None:
    cast, card, _ = await _claimed(world)
    await cast.anna.taps(card, "Done")
    await until_it_says(world, card, "Done by Anna")
    await cast.anna.taps(card, "Undo")
    await until_it_says(world, card, "Taken by Anna")
    await cast.chen.writes("/promises")
    report = await cast.chen.sees("Claimed in time: 100% (1 of 1)")
    assert "Done in time: nothing was due" in report.text
    await cast.anna.taps(card, "Done")
    await cast.chen.writes("/promises")
    await cast.chen.sees("Done in time: 100% (1 of 1)")
    assert await rows(world, Timer, Timer.state == TimerState.FAILED) == []
