"""Nobody read in the evening what the day had left, nor in the morning what was waiting."""

from __future__ import annotations

from pathlib import Path

import pytest

from concierge_bot.commands.invite import manager
from concierge_bot.settings import SHIPPED_CATALOGUE
from tests.support.appointing import claimed_shoes, is_silent, order_shoes, settled_in, texts, turn_to
from tests.support.cast import on_duty, on_stage, rested
from tests.support.world import World, newest, order_repair, tap

EVENING, MORNING = "Still open this evening", "The day ahead"


async def test_what_the_day_leaves_is_told_once_without_a_sound_and_next_morning_to_the_team(world: World) -> None:
    cast = await settled_in(world)
    unclaimed = await order_shoes(cast.wang, "Tomorrow", "14:00–16:00")
    tomorrow = await claimed_shoes(cast, "Tomorrow", "10:00–12:00")
    late = await claimed_shoes(cast, "Today", "14:00–16:00")
    await turn_to(world, 21, 59)
    assert not texts(cast.chen, EVENING)
    await turn_to(world, 22, 0)
    evening = await cast.chen.sees(EVENING)
    assert is_silent(world, evening)
    lines = evening.text.splitlines()
    assert lines[2:4] == ["🔴 Late", f"#{late} · Villa 8 · Shoe shine: Bo – delay: 6 hours"]
    assert lines[5] == "🟡 Nobody has taken these"
    assert lines[6].startswith(f"#{unclaimed} · Villa 8 · Shoe shine: waiting since")
    assert lines[8] == "🗓 Promised by the end of tomorrow"
    assert lines[9] == f"#{tomorrow} · Villa 8 · Shoe shine: Tue 16 Jun, 10:00–12:00, Bo"
    assert len(texts(cast.chen, EVENING)) == 1
    await turn_to(world, 7, 0, days=1)
    morning = await cast.butlers.sees(MORNING)
    assert is_silent(world, morning)
    assert f"#{tomorrow} · Villa 8 · Shoe shine: 10:00–12:00, Bo" in morning.text
    assert all(f"#{number} ·" in morning.text for number in (late, unclaimed))
    assert not texts(cast.maintenance, MORNING)
    assert not texts(cast.chen, MORNING)


async def test_the_evenings_list_says_who_has_joined_to_whoever_has_not_heard_of_it(world: World) -> None:
    cast = await settled_in(world)
    lin = await world.supervisor("Lin")
    await order_shoes(cast.wang, "Tomorrow", "14:00–16:00")
    asked = await cast.chen.writes("/invite 8 Ms Hu")
    code = (await cast.chen.sees("Please tap this link", after=asked)).text.partition("?start=")[2].split()[0]
    hu = world.telegram.person("Hu")
    await hu.starts(code)
    await cast.chen.sees("Hu has joined: owner of Villa 8")
    for number in range(9, 21):
        await world.owner(f"Li{number}", villa=f"{number}")
    await turn_to(world, 22, 0)
    for reader, first in ((cast.chen, "Wang: owner of Villa 8"), (lin, "Chen: supervisor")):
        evening = (await reader.sees(EVENING)).text.splitlines()
        joined = evening[evening.index("👋 Have joined") + 1 :]
        assert (joined[0].startswith(first), len(joined), joined[-1].startswith("… and")) == (True, 11, True)
        assert f"{'Lin' if reader is lin else 'Hu'}: " not in "\n".join(evening)
    await turn_to(world, 22, 0, days=1)
    await world.telegram.until(lambda: len(texts(cast.chen, EVENING)) == 2)
    assert "Have joined" not in texts(cast.chen, EVENING)[-1]


async def test_a_tap_in_the_evenings_list_brings_the_card(world: World) -> None:
    cast = await settled_in(world)
    number = await order_shoes(cast.wang, "Tomorrow", "14:00–16:00")
    await turn_to(world, 22, 0)
    await cast.chen.sees(EVENING)
    answer = await tap(world, cast.chen, f"card:{number}")
    assert answer.text == f"Here is #{number}."
    await world.telegram.until(lambda: newest(cast.chen, f"take:{number}"))


async def test_where_there_is_nothing_to_say_there_is_no_list(world: World) -> None:
    cast = await settled_in(world)
    number = await claimed_shoes(cast)
    await tap(world, cast.bo, f"done:{number}", cast.butlers)
    await turn_to(world, 22, 0)
    await turn_to(world, 7, 0, days=1)
    assert not texts(cast.chen, EVENING)
    assert not texts(cast.butlers, MORNING)


async def test_what_is_agreed_for_a_later_day_is_in_the_morning_only(world: World) -> None:
    cast = await settled_in(world)
    number = await claimed_shoes(cast, "20", "10:00–12:00")
    await turn_to(world, 22, 0)
    assert not texts(cast.chen, EVENING)
    await turn_to(world, 7, 0, days=1)
    morning = await cast.butlers.sees(MORNING)
    assert "Promised for later" in morning.text
    assert f"#{number} · Villa 8 · Shoe shine: Sat 20 Jun, 10:00–12:00, Bo" in morning.text


async def test_a_supervisor_who_cannot_be_reached_leaves_it_to_the_manager(world: World) -> None:
    cast = await settled_in(world)
    lin = world.telegram.person("Lin")
    await lin.starts(await world.code(manager(name="Lin")))
    await tap(world, lin, "lang:en")
    await order_shoes(cast.wang, "Tomorrow", "14:00–16:00")
    await cast.chen.blocks()
    await rested(world)
    await turn_to(world, 22, 0)
    await lin.sees(EVENING)
    await cast.chen.unblocks()


async def test_teams_that_share_a_chat_get_one_list(world: World) -> None:
    chen = await world.supervisor("Chen")
    bo = world.telegram.person("Bo")
    group = await world.team("butlers", bo, by=chen)
    wang = await world.owner("Wang")
    await order_repair(world, wang)
    await order_shoes(wang, "Tomorrow", "14:00–16:00")
    await turn_to(world, 22, 0)
    await turn_to(world, 7, 0, days=1)
    morning = await group.sees(MORNING)
    assert "Repairs" in morning.text
    assert "Shoe shine" in morning.text
    assert len(texts(group, MORNING)) == 1
    assert len(texts(chen, EVENING)) == 1


async def test_a_long_list_says_how_many_more_there_are(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = await on_stage(world)
    for _ in range(3):
        await order_repair(world, cast.wang)
    await rested(world)
    monkeypatch.setattr("concierge_bot.desk.reports.summary_texts.SHOWN", 2)
    await turn_to(world, 22, 0)
    evening = await cast.chen.sees(EVENING)
    assert "… and 1 more" in evening.text


@pytest.mark.parametrize("stop", [False, True])
async def test_on_a_holiday_there_is_no_list_and_after_a_stop_none_that_the_next_has_overtaken(
    database_url: str, tmp_path: Path, stop: bool
) -> None:
    """Monday is the fifteenth; the butlers do not work on the Tuesday."""
    path = tmp_path / "catalogue.toml"
    shipped = SHIPPED_CATALOGUE.read_text(encoding="utf-8")
    path.write_text(shipped.replace("holidays = []", "holidays = [2026-06-16]"), encoding="utf-8")
    async with on_duty(database_url, catalogue=path) as world:
        cast = await settled_in(world)
        await order_shoes(cast.wang, "20", "10:00–12:00")
        if stop:
            await world.stop()
            world.turn(hours=44)  # Wednesday, eight o'clock
            await world.start()
            await rested(world)
            assert len(texts(cast.chen, EVENING)) == 0
        else:
            await turn_to(world, 22, 0)
            await cast.chen.sees(EVENING)
            await turn_to(world, 23, 0, days=1)
            assert len(texts(cast.chen, EVENING)) == 1
            assert not texts(cast.butlers, MORNING)
            await turn_to(world, 7, 0, days=1)
        await cast.butlers.sees(MORNING)
        assert len(texts(cast.butlers, MORNING)) == 1
