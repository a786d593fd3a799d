"""Calls are asked for while the team works and the owner may be spoken to; no day is offered on which nobody works."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from concierge_bot.settings import SHIPPED_CATALOGUE
from storage.tables.requests import RequestEvent
from tests.support.cast import Cast, begins_repair, chooses, on_duty, on_stage, rested, until_it_says
from tests.support.looks import rows
from tests.support.world import World, order_repair, tap

CALL = "please speak to"
WEEK = '{ mon = "07:00-22:00", tue = "07:00-22:00", wed = "07:00-22:00", thu = "07:00-22:00", fri = "07:00-22:00"'
BOTH_DAYS = WEEK + ', sat = "07:00-22:00", sun = "07:00-22:00" }'


@pytest.fixture
async def world(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """An estate whose teams do not work on Wednesdays and Thursdays."""
    shipped = SHIPPED_CATALOGUE.read_text(encoding="utf-8")
    assert BOTH_DAYS in shipped
    closed = BOTH_DAYS.replace('wed = "07:00-22:00", thu = "07:00-22:00", ', "")
    path = tmp_path / "catalogue.toml"
    path.write_text(shipped.replace(BOTH_DAYS, closed).replace("holidays = []", "holidays = [2026-06-20]"), "utf-8")
    async with on_duty(database_url, catalogue=path) as opened_world:
        yield opened_world


async def _repaired(world: World, **options: str) -> tuple[Cast, int]:
    """Monday noon: a repair is done."""
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang, **options)
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    await tap(world, cast.anna, f"done:{number}", cast.maintenance)
    world.turn(minutes=1)
    await cast.wang.sees("Is everything to your satisfaction?")
    return cast, number


async def test_a_call_falls_due_on_a_day_on_which_the_team_is_closed_and_is_asked_for_on_the_next_one(
    world: World,
) -> None:
    cast, _ = await _repaired(world)
    await cast.wang.blocks()
    for day in (17, 18):
        world.clock.turn_to(datetime(2026, 6, day, 4, 30, tzinfo=UTC))
        await rested(world)
        assert not [message for message in cast.maintenance.screen() if CALL in message.text]
    world.clock.turn_to(datetime(2026, 6, 19, 0, 0, 5, tzinfo=UTC))  # Friday, 08:00
    await cast.maintenance.sees(CALL)
    assert len(await rows(world, RequestEvent, RequestEvent.kind == "call_task")) == 1


async def test_a_call_about_what_was_urgent_is_asked_for_on_any_day(world: World) -> None:
    cast, _ = await _repaired(world, kind="lockout")
    await cast.wang.blocks()
    world.clock.turn_to(datetime(2026, 6, 17, 4, 30, tzinfo=UTC))  # Wednesday, 12:30
    await cast.maintenance.sees(CALL)


async def test_no_window_is_offered_on_a_day_on_which_the_team_is_closed(world: World) -> None:
    cast = await on_stage(world)
    world.clock.turn_to(datetime(2026, 6, 16, 4, 0, tzinfo=UTC))  # Tuesday
    await begins_repair(cast.wang)
    await cast.wang.writes("The tap drips")
    await chooses(cast.wang, "You may send photos", "Skip")
    shown = await cast.wang.sees("When may we come?")
    assert "Today" in shown.button_texts
    assert "Tomorrow" not in shown.button_texts
    days = [text for text in shown.button_texts if text.isdecimal()]
    assert days == ["16", "19", "21", "22", "23", "26", "27", "28", "29", "30"]
    data = next(button.data or "" for row in shown.buttons for button in row if button.text == "Today")
    await cast.wang.taps_data(shown, data.replace("2026-06-16", "2026-06-17"))
    await rested(world)
    assert "When may we come?" in shown.text
    assert "At what time on" not in shown.text


async def test_another_time_is_offered_on_no_such_day_either(world: World) -> None:
    cast = await on_stage(world)
    world.clock.turn_to(datetime(2026, 6, 16, 4, 0, tzinfo=UTC))
    number = await order_repair(world, cast.wang)
    card = await cast.wang.sees(f"#{number} · Repairs")
    await world.telegram.until(lambda: "Change the time" in " ".join(card.button_texts))
    await cast.wang.taps_data(card, f"move:{number}:")
    await until_it_says(world, card, "Which day?")
    assert "17" not in card.button_texts
    assert "19" in card.button_texts
