"""What stands on cards and notices, and what stands there no more once it is not true."""

from __future__ import annotations

from datetime import UTC, datetime

from concierge_bot.desk.context import Desk
from concierge_bot.desk.reports import figures
from concierge_bot.desk.reports.figures import Period, Scope
from storage.tables.requests import SignOff
from tests.cards.test_a10_owners_notices import CLOSING
from tests.runtime.harness import only_sqlite
from tests.support.appointing import claimed_shoes, request, settled_in, turn_to
from tests.support.cast import Cast, at, begins, chooses, on_stage, rested, sends, until_it_says
from tests.support.looks import rows
from tests.support.world import World, order_repair, tap


async def _repaired(cast: Cast, number: int) -> None:
    """Anna takes a repair, has done it, and the owner is told."""
    await tap(cast.world, cast.anna, f"claim:{number}", cast.maintenance)
    await tap(cast.world, cast.anna, f"done:{number}", cast.maintenance)
    await rested(cast.world)
    cast.world.turn(minutes=1)
    await rested(cast.world)


@only_sqlite
async def test_who_has_arrived_is_not_on_the_way_any_more(world: World) -> None:
    cast = await settled_in(world)
    number = await claimed_shoes(cast)
    await turn_to(world, 13, 50)
    await tap(world, cast.bo, f"onway:{number}", cast.butlers)
    card = await cast.butlers.sees("On the way since 13:50")
    await tap(world, cast.bo, f"onsite:{number}", cast.butlers)
    await until_it_says(world, card, "Bo on site")
    assert "On the way" not in card.text


@only_sqlite
async def test_who_saw_it_before_it_was_handed_back_has_not_seen_it_since(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    for _ in range(2):
        world.turn(minutes=5, seconds=1)
        await rested(world)
    alarm = await cast.chen.sees("Nobody has taken this request yet")
    await cast.chen.taps(alarm, "Seen")
    await until_it_says(world, alarm, "Seen by Chen")
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    await until_it_says(world, alarm, "Taken by Anna")
    world.turn(minutes=1)
    await tap(world, cast.anna, f"release:{number}", cast.maintenance)
    await until_it_says(world, alarm, "Waiting since")
    assert "Seen by" not in alarm.text


@only_sqlite
async def test_of_a_return_that_is_done_nobody_asks_what_is_not_right(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    await _repaired(cast, number)
    world.turn(days=2)
    asked = await cast.wang.sees("Is everything still working well?")
    await cast.wang.taps(asked, "No")
    await until_it_says(world, asked, "What is not right?")
    await tap(world, cast.anna, f"done:{number + 1}", cast.maintenance)
    await rested(world)
    await cast.wang.taps_data(asked, f"change:{number}:followup")
    await world.telegram.until(lambda: "Change my answer" not in asked.button_texts)
    assert asked.text == f"We are very sorry, Mr Wang. The team is attending to #{number} again, now as #{number + 1}."
    assert asked.buttons == []


@only_sqlite
async def test_the_follow_up_of_one_repair_ends_no_answer_to_another(world: World) -> None:
    cast = await on_stage(world)
    first = await order_repair(world, cast.wang)
    await _repaired(cast, first)
    world.turn(days=2)
    await cast.wang.sees("Is everything still working well?")
    second = await order_repair(world, cast.wang)
    await _repaired(cast, second)
    await tap(world, cast.wang, f"sign:{second}:good")
    await world.telegram.until(lambda: "Change my answer" in cast.wang.screen()[-1].button_texts)
    await tap(world, cast.wang, f"change:{second}:sign")
    await tap(world, cast.wang, f"sign:{second}:not_right")
    await cast.maintenance.sees(f"Return of #{second}")


@only_sqlite
async def test_who_was_content_once_stays_so_when_it_breaks_again_later(world: World) -> None:
    """The repair comes back by words; the answer of before is kept as it was given."""
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    await _repaired(cast, number)
    asked = await cast.wang.sees(CLOSING)
    await cast.wang.taps(asked, "Yes, thank you")
    await until_it_says(world, asked, "Thank you, Mr Wang.")
    await cast.wang.writes("The tap drips again", reply_to=asked)
    await tap(world, cast.wang, "reopen:")
    await cast.maintenance.sees(f"Return of #{number}")
    await rested(world)
    (sign_off,) = await rows(world, SignOff)
    assert sign_off.outcome == "good"
    assert "We are very sorry" not in asked.text


@only_sqlite
async def test_thanks_at_the_question_when_name_no_time(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "purchase")
    await cast.wang.writes("Two bottles of milk")
    await at(cast.wang, "purchase", 2)
    sent = await cast.wang.writes("Thank you!")
    await cast.wang.sees("It is our pleasure, Mr Wang.", after=sent)
    await chooses(cast.wang, "When do you need it?", "As soon as possible")
    await sends(cast.wang)
    assert "Thank you" not in (await cast.butlers.sees("Request: Two bottles of milk")).text


@only_sqlite
async def test_what_is_done_at_the_stroke_of_a_period_is_counted_in_it_and_not_in_the_one_before(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    await _repaired(cast, number)
    done = (await request(world, number)).done_at
    assert done is not None
    long_ago, later = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)

    def counted(desk: Desk) -> list[int]:
        scopes = [Scope(1, Period(*period)) for period in ((long_ago, done), (done, later))]
        return [figures.figures(desk, scope, figures.judge(desk, scope)).first_time.of for scope in scopes]

    assert await world.desk(counted) == [0, 1]
