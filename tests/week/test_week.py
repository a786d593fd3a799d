"""A week of an estate: nobody is rung without cause, and nobody is left without a word."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.stories.cast import on_duty
from tests.week.living import move_in
from tests.week.script import MONDAY, script
from tests.week.table import lines


async def test_a_week(database_url: str) -> None:
    async with on_duty(database_url, now=MONDAY - timedelta(hours=4)) as world:
        week = await move_in(world)
        await week.live(script(), MONDAY + timedelta(days=7))
        Path("/tmp/week.txt").write_text("\n".join(lines(week)))
