"""Greetings by the hour, and birthdays: at the estate's hour, in the owner's language, once a year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from concierge_bot.playground import Person
from concierge_bot.playground.people.screens import Screen
from concierge_bot.settings import SHIPPED_CATALOGUE
from tests.support.cast import chooses, on_duty, on_stage, rested
from tests.support.world import World

WISH = "Happy birthday, Mr Wang!"


def _at(month: int, day: int, hour: int = 9, minute: int = 0, second: int = 0, year: int = 2026) -> datetime:
    """A moment on the clock of a wall in Shanghai."""
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC) - timedelta(hours=8)


def _count(screen: Screen, fragment: str) -> int:
    return len([message for message in screen.screen() if fragment in message.text])


async def _turned_to(world: World, moment: datetime) -> None:
    """Turns the clock and lets happen what is due."""
    world.clock.turn_to(moment)
    await rested(world)


async def _wang(world: World, birthday: str, *, language: str = "en") -> Person:
    return await world.owner("Wang", birthday=birthday, language=language)


@pytest.mark.rows_of_words
@pytest.mark.parametrize(
    ("hour", "greeting"),
    [
        (4, "Good evening, Mr Wang."),
        (5, "Good morning, Mr Wang."),
        (11, "Good morning, Mr Wang."),
        (12, "Good afternoon, Mr Wang."),
        (17, "Good afternoon, Mr Wang."),
        (18, "Good evening, Mr Wang."),
        (23, "Good evening, Mr Wang."),
    ],
)
async def test_the_greeting_fits_the_hour_on_the_estates_wall(world: World, hour: int, greeting: str) -> None:
    wang = await world.owner("Wang")
    world.clock.turn_to(_at(6, 16, hour, 30))
    sent = await wang.writes("/menu")
    await wang.sees(greeting, after=sent)


async def test_a_birthday_is_greeted_at_the_hour_and_not_before(world: World) -> None:
    wang = await _wang(world, "1971-06-16")
    await _turned_to(world, _at(6, 16, 8, 59, 50))
    assert _count(wang, WISH) == 0
    world.turn(seconds=15)
    await wang.sees(WISH)


async def test_a_birthday_is_greeted_in_the_owners_language(world: World) -> None:
    wang = await _wang(world, "06-16", language="zh_Hans")
    world.clock.turn_to(_at(6, 16, 9, 0, 1))
    await wang.sees("🎂 Wang 先生，生日快乐！")


async def test_a_birthday_is_greeted_once_a_year_whatever_restarts(world: World) -> None:
    wang = await _wang(world, "06-16")
    await world.stop()
    world.clock.turn_to(_at(6, 16, 9, 0, 1))
    await world.start()
    await wang.sees(WISH)
    for _ in range(3):
        await world.restart()
        await _turned_to(world, world.clock.now() + timedelta(hours=2))
    assert _count(wang, WISH) == 1
    await _turned_to(world, _at(6, 17, 12))
    assert _count(wang, WISH) == 1
    await _turned_to(world, _at(6, 16, 9, 0, 1, year=2027))
    await world.telegram.until(lambda: _count(wang, WISH) == 2)
    await world.restart()
    await rested(world)
    assert _count(wang, WISH) == 2


async def test_a_birthday_that_is_changed_afterwards_is_not_greeted_twice(world: World) -> None:
    wang = await _wang(world, "06-16")
    world.clock.turn_to(_at(6, 16, 9, 0, 1))
    await wang.sees(WISH)
    await wang.writes("/profile")
    await chooses(wang, "Birthday: 16 June", "Change the birthday")
    await chooses(wang, "In which month is your birthday?", "June")
    await chooses(wang, "On which day?", "17")
    await wang.sees("Birthday: 17 June")
    await _turned_to(world, _at(6, 17, 9, 0, 1))
    assert _count(wang, WISH) == 1


@pytest.mark.rows_of_words
@pytest.mark.parametrize(
    ("year", "greeted_on"),
    [(2027, (2, 28)), (2028, (2, 29)), (2100, (2, 28))],
)
async def test_who_was_born_on_29_february(database_url: str, year: int, greeted_on: tuple[int, int]) -> None:
    async with on_duty(database_url, now=_at(2, 26, 12, year=year)) as world:
        wang = await _wang(world, "1972-02-29")
        for month, day in ((2, 27), (2, 28), (2, 29), (3, 1), (3, 2)):
            if (month, day) == (2, 29) and greeted_on != (2, 29):
                continue
            before = _count(wang, WISH)
            await _turned_to(world, _at(month, day, 9, 0, 1, year=year))
            assert (_count(wang, WISH) > before) is ((month, day) == greeted_on)


async def test_a_birthday_less_than_a_day_ago_is_still_greeted(world: World) -> None:
    wang = await _wang(world, "06-17")
    await world.stop()
    world.clock.turn_to(_at(6, 18, 8, 59))
    await world.start()
    await wang.sees(WISH)


async def test_a_birthday_more_than_a_day_ago_is_not_greeted_any_more(world: World) -> None:
    wang = await _wang(world, "06-17")
    li = await world.owner("Li", birthday="06-18")
    await world.stop()
    world.clock.turn_to(_at(6, 18, 9, 0, 10))
    await world.start()
    await li.sees("Happy birthday, Mr Li!")
    await rested(world)
    assert _count(wang, WISH) == 0


async def test_after_a_stop_of_three_days_the_rounds_go_on(world: World) -> None:
    wang = await _wang(world, "06-17")
    zhao, li = await world.owner("Zhao", birthday="06-18"), await world.owner("Li", birthday="06-19")
    await world.stop()
    world.clock.turn_to(_at(6, 18, 12))
    await world.start()
    await zhao.sees("Happy birthday, Mr Zhao!")
    world.clock.turn_to(_at(6, 19, 9, 0, 1))
    await li.sees("Happy birthday, Mr Li!")
    assert _count(wang, WISH) == 0


async def test_the_staff_are_told_the_day_before_in_the_language_of_their_chat(world: World) -> None:
    cast = await on_stage(world, birthday="06-17")
    await cast.bo.writes("/language", chat=cast.butlers)
    await cast.bo.taps(await cast.butlers.sees("Which language should the cards"), "简体中文")
    await cast.butlers.sees("本群工单语言：简体中文")
    await _turned_to(world, _at(6, 16, 8, 59, 50))
    assert _count(cast.butlers, "🎂") == 0
    world.turn(seconds=15)
    told = await cast.butlers.sees("明天（6月17日）是")
    assert "Wang 先生" in told.text
    assert "8" in told.text
    await world.restart()
    await _turned_to(world, _at(6, 17, 9, 0, 1))
    assert _count(cast.butlers, "🎂") == 1
    assert _count(cast.maintenance, "🎂") == 0
    await cast.wang.sees(WISH)


async def test_a_late_round_does_not_call_today_tomorrow(world: World) -> None:
    cast = await on_stage(world, birthday="06-17")
    await world.stop()
    world.clock.turn_to(_at(6, 17, 7))
    await world.start()
    await rested(world)
    assert _count(cast.butlers, "Birthday tomorrow, 17 June") == 0
    world.clock.turn_to(_at(6, 17, 9, 0, 1))
    await cast.wang.sees(WISH)


async def test_new_year_is_the_day_after_new_years_eve(database_url: str) -> None:
    async with on_duty(database_url, now=_at(12, 31, 8)) as world:
        cast = await on_stage(world, birthday="01-01")
        world.clock.turn_to(_at(12, 31, 9, 0, 1))
        await cast.butlers.sees("🎂 Birthday tomorrow, 1 January: Mr Wang, Villa 8. Please prepare our good wishes.")
        world.clock.turn_to(_at(1, 1, 9, 0, 1, year=2027))
        await cast.wang.sees(WISH)
        await _turned_to(world, _at(12, 31, 9, 0, 1, year=2027))
        await world.telegram.until(lambda: _count(cast.butlers, "Birthday tomorrow, 1 January") == 2)


async def test_a_greeting_that_cannot_be_delivered_is_told_the_supervisor(world: World) -> None:
    cast = await on_stage(world, birthday="06-16")
    await cast.wang.blocks()
    await rested(world)
    world.clock.turn_to(_at(6, 16, 9, 0, 1))
    await cast.chen.sees("Wang: the birthday greeting did not arrive.")


# Where the clocks change


def _berlin(folder: Path, birthday_hour: str = "09:00") -> Path:
    text = SHIPPED_CATALOGUE.read_text(encoding="utf-8")
    text = text.replace('"Asia/Shanghai"', '"Europe/Berlin"')
    text = text.replace('birthday_hour = "09:00"', f'birthday_hour = "{birthday_hour}"')
    path = folder / "berlin.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.rows_of_words
@pytest.mark.parametrize(
    ("now", "birthday", "due"),
    [
        (datetime(2026, 3, 27, 12, tzinfo=UTC), "03-28", datetime(2026, 3, 28, 8, tzinfo=UTC)),
        (datetime(2026, 3, 27, 12, tzinfo=UTC), "03-29", datetime(2026, 3, 29, 7, tzinfo=UTC)),
        (datetime(2026, 3, 27, 12, tzinfo=UTC), "03-30", datetime(2026, 3, 30, 7, tzinfo=UTC)),
        (datetime(2026, 10, 23, 12, tzinfo=UTC), "10-24", datetime(2026, 10, 24, 7, tzinfo=UTC)),
        (datetime(2026, 10, 23, 12, tzinfo=UTC), "10-26", datetime(2026, 10, 26, 8, tzinfo=UTC)),
    ],
)
async def test_summer_time_does_not_move_the_hour(
    database_url: str, tmp_path: Path, now: datetime, birthday: str, due: datetime
) -> None:
    async with on_duty(database_url, now=now, catalogue=_berlin(tmp_path)) as world:
        wang = await _wang(world, birthday)
        await _turned_to(world, due - timedelta(seconds=10))
        assert _count(wang, WISH) == 0
        world.turn(seconds=12)
        await wang.sees(WISH)


async def test_the_rounds_go_on_where_two_of_them_fall_on_one_day_of_utc(database_url: str, tmp_path: Path) -> None:
    now = datetime(2026, 3, 27, 12, tzinfo=UTC)
    async with on_duty(database_url, now=now, catalogue=_berlin(tmp_path, "01:00")) as world:
        wang = await _wang(world, "04-02")
        for day in (28, 29, 30, 31):
            await _turned_to(world, datetime(2026, 3, day, 12, tzinfo=UTC))
        world.clock.turn_to(datetime(2026, 4, 1, 23, 0, 1, tzinfo=UTC))
        await wang.sees(WISH)
