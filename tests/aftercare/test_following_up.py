"""Every finished repair is followed up: politely, once, and with a way back where it did not last."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from concierge_bot.playground import Message
from concierge_bot.settings import SHIPPED_CATALOGUE
from tests.support.cast import Cast, at, begins, begins_repair, chooses, heading, on_stage, rested, sends, until_it_says
from tests.support.world import World, order_repair, tap

QUESTION = "Is everything still working well?"


async def _repaired(cast: Cast, text: str = "The tap drips") -> int:
    """A repair that Anna has just done."""
    number = await order_repair(cast.world, cast.wang, text)
    await _does(cast, number)
    return number


async def _does(cast: Cast, number: int) -> None:
    card = await cast.maintenance.sees(f"#{number} · Villa 8 · Repairs")
    await cast.anna.taps(card, "Claim")
    await until_it_says(cast.world, card, "Taken by Anna")
    await cast.anna.taps(card, "Done")
    await until_it_says(cast.world, card, "Done by Anna")


def _questions(cast: Cast) -> list[Message]:
    return [message for message in cast.wang.screen() if QUESTION in message.text]


async def _asked_nothing(cast: Cast) -> None:
    await rested(cast.world)
    assert _questions(cast) == []


async def test_two_days_after_a_repair_the_owner_is_asked(world: World) -> None:
    cast = await on_stage(world)
    number = await _repaired(cast)
    world.turn(days=2, seconds=-10)
    await _asked_nothing(cast)
    world.turn(seconds=20)
    asked = await cast.wang.sees(QUESTION)
    assert (
        f"Mr Wang, may we ask about your request #{number} (Repairs), which we completed on 15 June 2026?" in asked.text
    )
    assert asked.button_texts == ["👍 Yes", "👎 No"]


async def test_it_is_asked_in_the_owners_language(world: World) -> None:
    cast = await on_stage(world)
    await _repaired(cast)
    await cast.wang.writes("/language")
    await chooses(cast.wang, "Which language would you like me to speak?", "简体中文")
    await cast.wang.sees("我的资料")
    world.turn(days=2)
    asked = await cast.wang.sees("请问维修后使用是否正常？")
    assert "于2026年6月15日完成" in asked.text
    assert asked.button_texts == ["👍 是的", "👎 还有问题"]


@pytest.mark.rows_of_words
@pytest.mark.parametrize(
    "done_at",
    [
        datetime(2026, 6, 15, 14, 0, 1, tzinfo=UTC),  # 22:00
        datetime(2026, 6, 15, 15, 59, tzinfo=UTC),  # 23:59
        datetime(2026, 6, 15, 16, 1, tzinfo=UTC),  # 00:01
        datetime(2026, 6, 15, 23, 59, tzinfo=UTC),  # 07:59
    ],
)
async def test_the_question_waits_for_the_morning(world: World, done_at: datetime) -> None:
    cast = await on_stage(world)
    world.clock.turn_to(done_at)
    await _repaired(cast)
    morning = datetime(2026, 6, 18, 0, 0, tzinfo=UTC)  # 08:00
    world.clock.turn_to(morning)
    world.turn(seconds=-10)
    await _asked_nothing(cast)
    world.turn(seconds=12)
    await cast.wang.sees(QUESTION)


@pytest.mark.parametrize("hour", [0, 13])
async def test_the_edges_of_the_quiet_hours_are_not_quiet(world: World, hour: int) -> None:
    cast = await on_stage(world)
    world.clock.turn_to(datetime(2026, 6, 16, hour, 0, 5, tzinfo=UTC))
    await _repaired(cast)
    world.turn(days=2)
    await cast.wang.sees(QUESTION)


async def test_yes_is_thanked_for_once(world: World) -> None:
    cast = await on_stage(world)
    number = await _repaired(cast)
    world.turn(days=2)
    asked = await cast.wang.sees(QUESTION)
    await cast.wang.taps(asked, "Yes")
    await until_it_says(world, asked, f"Thank you, Mr Wang. We are glad that all is still well after #{number}.")
    assert asked.button_texts == ["Change my answer"]
    for _ in range(2):
        answer = await cast.wang.taps_data(asked, f"followup:{number}:yes")
        assert answer.text == "We already have your answer. Thank you!"
    await rested(world)
    assert not [message for message in cast.maintenance.screen() if "Return of" in message.text]


async def test_no_opens_a_linked_return_once(world: World) -> None:
    cast = await on_stage(world)
    number = await _repaired(cast)
    world.turn(days=2)
    asked = await cast.wang.sees(QUESTION)
    for _ in range(2):
        await cast.wang.taps_data(asked, f"followup:{number}:no", wait=False)
    again = number + 1
    card = await cast.maintenance.sees(f"#{again} · Villa 8 · Repairs")
    assert f"↩️ Return of #{number}" in card.text
    assert "Fault: The tap drips" in card.text
    await until_it_says(world, card, "Taken by Anna")
    assert card.button_texts == ["Anna has it", "📍 On site", "✅ Done", "Propose another time", "Release"]
    await cast.maintenance.sees(
        f"#{again} · Villa 8 · Repairs: Anna, #{number} has come back to you: the owner says it is not right yet."
    )
    await cast.chen.sees(f"↩️ Return of #{number}")
    await until_it_says(
        world, asked, f"We are very sorry, Mr Wang. The team is attending to #{number} again, now as #{again}."
    )
    mine = await cast.wang.sees(f"#{again} · Repairs")
    assert f"↩️ Return of #{number}" in mine.text
    assert "Preferred time" not in mine.text
    await rested(world)
    assert len([message for message in cast.maintenance.screen() if "Return of" in message.text]) == 1


async def test_a_return_is_followed_up_like_any_repair(world: World) -> None:
    cast = await on_stage(world)
    number = await _repaired(cast)
    world.turn(days=2)
    await cast.wang.taps(await cast.wang.sees(QUESTION), "No")
    card = await cast.maintenance.sees(f"#{number + 1} · Villa 8 · Repairs")
    await until_it_says(world, card, "Taken by Anna")
    await cast.anna.taps(card, "Done")
    await until_it_says(world, card, "Done by Anna")
    world.turn(days=2)
    asked = await cast.wang.sees(f"about your request #{number + 1} (Repairs)")
    await cast.wang.taps(asked, "No")
    await cast.maintenance.sees(f"↩️ Return of #{number + 1}")


async def test_a_return_of_somebody_who_left_escalates_like_any_request(world: World) -> None:
    cast = await on_stage(world)
    number = await _repaired(cast)
    await cast.maintenance.remove(cast.anna)
    await rested(world)
    world.turn(days=2)
    await cast.wang.taps(await cast.wang.sees(QUESTION), "No")
    card = await cast.maintenance.sees("Return of")
    assert card.button_texts == ["✋ Claim"]
    world.turn(minutes=5, seconds=1)
    await cast.maintenance.sees(f"#{number + 1} · Villa 8 · Repairs: nobody has taken this yet (5 minutes)")


async def test_a_return_brings_along_what_the_owner_sent(world: World) -> None:
    cast = await on_stage(world)
    await begins_repair(cast.wang)
    await cast.wang.sends_voice()
    await at(cast.wang, "repair", 4)
    await cast.wang.sends_photo(caption="The hinge")
    await rested(world)
    await cast.wang.taps(cast.wang.last, "Continue")
    await chooses(cast.wang, heading("repair", 5), "As soon as possible")
    number = await sends(cast.wang)
    await _does(cast, number)
    world.turn(days=2)
    await cast.wang.taps(await cast.wang.sees(QUESTION), "No")
    card = await cast.maintenance.sees(f"#{number + 1} · Villa 8 · Repairs")
    assert "📎 2 attachments" in card.text
    await world.telegram.until(lambda: len(_beneath(cast, card)) == 2)
    kinds = {message.media.kind for message in _beneath(cast, card) if message.media}
    assert kinds == {"voice", "photo"}


def _beneath(cast: Cast, card: Message) -> list[Message]:
    return [message for message in cast.maintenance.screen() if message.reply_to is card and message.media]


async def test_what_is_no_repair_is_not_followed_up(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "tea")
    await chooses(cast.wang, heading("tea", 1), "2")
    await chooses(cast.wang, heading("tea", 2), "As soon as possible")
    await sends(cast.wang)
    await tap(world, cast.bo, "claim:", cast.butlers)
    await tap(world, cast.bo, "done:", cast.butlers)
    world.turn(minutes=1)
    await cast.wang.sees("✓ Done")
    world.turn(days=10)
    await rested(world)
    assert not [message for message in cast.wang.screen() if "may we ask about your request" in message.text]


async def test_a_cancelled_repair_is_not_followed_up(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    card = await cast.wang.sees(f"#{number}")
    await cast.wang.taps_data(card, f"cancelsure:{number}")
    await until_it_says(world, card, "✕ Cancelled")
    world.turn(days=10)
    await _asked_nothing(cast)
    answer = await cast.wang.taps_data(card, f"followup:{number}:no")
    assert answer.text == "This button is no longer in use."
    await _asked_nothing(cast)


PHONE = "please speak to Mr Wang. Is everything still in order after the repair?"


async def test_an_owner_who_blocked_the_bot_is_phoned(world: World) -> None:
    cast = await on_stage(world)
    number = await _repaired(cast)
    await cast.wang.blocks()
    await rested(world)
    world.turn(days=2)
    told = await cast.maintenance.sees(PHONE)
    assert f"#{number}" in told.text


async def test_an_owner_who_could_not_be_reached_before_is_phoned_for_the_follow_up_too(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    await cast.wang.blocks()
    await _does(cast, number)
    await cast.maintenance.sees(
        f"#{number} · Villa 8 · Repairs: my messages do not reach the owner. Please speak to them in person."
    )
    world.turn(days=2)
    await cast.maintenance.sees(PHONE)


async def test_an_owner_who_came_back_is_asked(world: World) -> None:
    cast = await on_stage(world)
    await cast.wang.blocks()
    await cast.wang.unblocks()
    await _repaired(cast)
    world.turn(days=2)
    await cast.wang.sees(QUESTION)


async def test_after_a_stop_of_three_days_it_is_asked_at_once(world: World) -> None:
    cast = await on_stage(world)
    await _repaired(cast)
    await world.stop()
    world.turn(days=3)
    await world.start()
    await cast.wang.sees(QUESTION)
    await world.restart()
    await rested(world)
    assert len(_questions(cast)) == 1


async def test_after_a_stop_that_ends_at_night_it_is_asked_in_the_morning(world: World) -> None:
    cast = await on_stage(world)
    await _repaired(cast)
    await world.stop()
    world.clock.turn_to(datetime(2026, 6, 18, 19, 0, tzinfo=UTC))  # 03:00
    await world.start()
    await _asked_nothing(cast)
    world.clock.turn_to(datetime(2026, 6, 19, 0, 0, 1, tzinfo=UTC))
    await cast.wang.sees(QUESTION)


async def test_no_after_the_service_was_taken_out_of_the_catalogue(world: World, tmp_path: Path) -> None:
    cast = await on_stage(world)
    number = await _repaired(cast)
    world.turn(days=2)
    asked = await cast.wang.sees(QUESTION)
    await world.stop()
    world.catalogue = tmp_path / "catalogue.toml"
    text = SHIPPED_CATALOGUE.read_text(encoding="utf-8")
    world.catalogue.write_text(
        text.replace("[services.repair]", "[services.mend]").replace('service = "repair"', 'service = "mend"'),
        encoding="utf-8",
    )
    await world.start()
    await cast.wang.taps(asked, "No")
    await cast.maintenance.sees(f"↩️ Return of #{number}")
