"""C11: of two members "Li Wei", /lead took the first and /roster the last."""

from __future__ import annotations

import re

import pytest

from concierge_bot.desk.people import staff
from concierge_bot.playground import Message, Person
from storage.tables.people import Person as Row
from storage.tables.people import Shift
from storage.tables.rows import row_id
from tests.support.appointing import order_shoes
from tests.support.cast import Cast, on_stage, rested
from tests.support.looks import rows
from tests.support.world import World, tap

NAME = "Li Wei"
ROSTER = f"/roster butlers\nMon-Fri 07:00-15:00 {NAME}\nMon-Fri 15:00-23:00 {NAME}\nSat 09:00-17:00 Bo"


async def _two(world: World, *usernames: str | None) -> tuple[Cast, Person, Person]:
    """An estate with two butlers of one name."""
    cast = await on_stage(world)
    first, second = (world.telegram.person("Li", last_name="Wei", username=name) for name in usernames or (None, None))
    await cast.bo.writes("/duty", chat=cast.butlers)
    for person in (first, second):
        await cast.butlers.add(person, by=cast.chen)
        await person.writes("/duty", chat=cast.butlers)
    await rested(world)
    return cast, first, second


async def _number(world: World, person: Person) -> int:
    """As whom the estate knows an account."""
    (row,) = await rows(world, Row, Row.telegram_id == person.id)
    return row_id(row)


async def _leads(world: World) -> list[int | None]:
    return [person.telegram_id for person in await world.desk(lambda desk: staff.leads(desk, 1, "butlers"))]


def _labels(message: Message) -> list[str]:
    return list(message.button_texts)


async def test_lead_asks_which_one(world: World) -> None:
    cast, first, second = await _two(world, "liwei88", "lw_night")
    await cast.chen.writes(f"/lead {NAME}", chat=cast.butlers)
    asked = await cast.butlers.sees("Several people are called “Li Wei”. Which one do you mean?")
    assert _labels(asked) == ["Li Wei · @liwei88", "Li Wei · @lw_night"]
    assert await _leads(world) == []
    assert (await second.taps(asked, "@lw_night")).text == "Only a supervisor can do this."
    await cast.chen.taps(asked, "@lw_night")
    await world.telegram.until(lambda: asked.text == "⭐️ Li Wei · @lw_night leads this team now.")
    assert await _leads(world) == [second.id]
    await cast.chen.writes("/lead @lw_night", chat=cast.butlers)
    await cast.butlers.sees("Li Wei · @lw_night no longer leads this team.")
    await cast.chen.writes("/lead li  wei @LiWei88", chat=cast.butlers)
    await cast.butlers.sees("⭐️ Li Wei · @liwei88 leads this team now.")
    assert await _leads(world) == [first.id]
    await cast.chen.writes("/lead bo", chat=cast.butlers)
    await cast.butlers.sees("⭐️ Bo leads this team now.")


async def test_without_names_of_accounts_the_last_work_tells_them_apart(world: World) -> None:
    cast, first, second = await _two(world)
    number = await order_shoes(cast.wang)
    await tap(world, second, f"claim:{number}", cast.butlers)
    await rested(world)
    await cast.chen.writes(f"/lead {NAME}", chat=cast.butlers)
    asked = await cast.butlers.sees("Several people are called")
    assert _labels(asked) == ["Li Wei · since 15 Jun", f"Li Wei · since 15 Jun · #{number}"]
    await cast.butlers.remove(second, by=cast.chen)
    await rested(world)
    answer = await cast.chen.taps(asked, f"#{number}")
    assert (answer.text, answer.alert) == ("This colleague is no longer on the team.", True)
    await cast.chen.writes(f"/lead {NAME}", chat=cast.butlers)
    await cast.butlers.sees("⭐️ Li Wei leads this team now.")
    assert await _leads(world) == [first.id]


async def test_a_roster_asks_for_each_line_and_changes_only_when_all_is_clear(world: World) -> None:
    cast, first, second = await _two(world, "liwei88", "lw_night")
    await cast.chen.writes(ROSTER)
    asked = await cast.chen.sees("Several people on this team are called “Li Wei”.")
    assert asked.text.endswith("\nMon-Fri 07:00-15:00 Li Wei")
    early = next(button.data for row in asked.buttons for button in row if "liwei88" in button.text)
    await cast.chen.taps(asked, "@liwei88")
    await world.telegram.until(lambda: asked.text.endswith("\nMon-Fri 15:00-23:00 Li Wei"))
    assert await rows(world, Shift) == []
    assert (await cast.chen.taps_data(asked, early or "")).text == "This button is no longer in use."
    await cast.chen.taps(asked, "@lw_night")
    await world.telegram.until(lambda: asked.text.startswith("Duty roster: Butlers"))
    assert "Mon 07:00-15:00 Li Wei @liwei88" in asked.text
    assert "Mon 15:00-23:00 Li Wei @lw_night" in asked.text
    shifts = {(shift.person_id, shift.starts.hour) for shift in await rows(world, Shift)}
    assert shifts == {
        (await _number(world, first), 7),
        (await _number(world, second), 15),
        (await _number(world, cast.bo), 9),
    }
    as_shown = "\n".join(line for line in asked.text.splitlines() if re.match(r"\w{3} \d\d:\d\d-", line))
    await cast.chen.writes(f"/roster butlers\n{as_shown}")
    again = await cast.chen.sees("Duty roster: Butlers", after=asked)
    assert "Mon 07:00-15:00 Li Wei @liwei88" in again.text


@pytest.mark.parametrize("other", ["/roster butlers\nSun 08:00-12:00 Bo", "/roster butlers\nSun 08:00-12:00 Nobody"])
async def test_a_newer_roster_drops_the_question(world: World, other: str) -> None:
    cast, _, _ = await _two(world, "liwei88", "lw_night")
    await cast.chen.writes(ROSTER)
    asked = await cast.chen.sees("Several people on this team are called")
    await cast.chen.writes(other)
    await cast.chen.sees("Duty roster: Butlers" if "Bo" in other else "There is nobody called “Nobody”", after=asked)
    assert (await cast.chen.taps(asked, "@liwei88")).text == "This button is no longer in use."
    assert len(await rows(world, Shift)) == (1 if "Bo" in other else 0)


async def test_figures_and_assigning_tell_them_apart(world: World) -> None:
    cast, first, second = await _two(world, "liwei88", "lw_night")
    number = await order_shoes(cast.wang)
    await rested(world)
    world.turn(hours=1)
    await rested(world)
    await cast.chen.writes("/open")
    await cast.chen.taps(await cast.chen.sees("1 open request"), f"#{number}")
    await tap(world, cast.chen, f"assign:{number}")
    await cast.chen.sees("Who should take this?")
    assert (await cast.chen.sees("Who should take this?")).button_texts[:4] == [
        "Bo · 0",
        "Chen · 0",
        "Li Wei · @liwei88 · 0",
        "Li Wei · @lw_night · 0",
    ]
    await tap(world, cast.chen, f"assignto:{number}:{await _number(world, second)}")
    await rested(world)
    await cast.chen.writes(f"/promises 7 {NAME}")
    asked = await cast.chen.sees("Several people are called “Li Wei”")
    assert _labels(asked) == ["Li Wei · @liwei88", f"Li Wei · @lw_night · #{number}"]
    await cast.chen.taps(asked, "@liwei88")
    await cast.chen.sees("Claimed in time")
    del first
