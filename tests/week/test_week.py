"""A week of an estate: nobody is rung without cause, and nobody is left without a word."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from concierge_bot.desk import promises
from concierge_bot.desk.context import Desk
from storage.requests import UNFINISHED, Request
from tests.stories.cast import on_duty
from tests.week.living import Week, move_in
from tests.week.script import MONDAY, script
from tests.week.table import lines, rung_in_the_night, said_of

GOLDEN = Path(__file__).parent / "week.txt"
NEW = Path(__file__).parents[2] / ".cache" / "week.txt"

pytestmark = pytest.mark.timeout(900)


async def test_a_week(database_url: str) -> None:
    """Its table is kept: whoever changes who hears what sees it there, and reads it as each of these people."""
    async with on_duty(database_url, now=MONDAY - timedelta(hours=4)) as world:
        week = await move_in(world)
        await week.live(script(), MONDAY + timedelta(days=7))
        table = "\n".join(lines(week)) + "\n"
        _keep(table)
        _assert_that_the_night_is_quiet(week)
        await _assert_that_nobody_is_without_a_word(week)
    assert table == GOLDEN.read_text(), f"who hears what has changed: read {NEW}, and keep it as {GOLDEN.name}"


def _keep(table: str) -> None:
    NEW.parent.mkdir(exist_ok=True)
    NEW.write_text(table)


def _assert_that_the_night_is_quiet(week: Week) -> None:
    urgent = {number for number, wish in week.numbers.items() if wish.is_urgent}
    assert [rung for rung in rung_in_the_night(week) if rung.number not in urgent] == []


async def _assert_that_nobody_is_without_a_word(week: Week) -> None:
    """Of each request that waits or is late, its owner was told, and somebody who can do something about it."""

    def late(desk: Desk) -> list[int]:
        found = (desk.session.get_one(Request, number) for number in week.numbers)
        return [
            request.id or 0
            for request in found
            if request.state in UNFINISHED and promises.overdue(request, desk.now - timedelta(hours=1))
        ]

    for number in await week.world.desk(late):
        wish = week.numbers[number]
        assert any("sorry" in said or "抱歉" in said for said in said_of(week, week.owners[wish.owner], number)), number
        assert said_of(week, week.chen, number), number
    for number, wish in week.numbers.items():
        assert said_of(week, week.owners[wish.owner], number), number
