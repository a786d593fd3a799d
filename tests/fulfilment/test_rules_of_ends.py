"""What ends, ends alone: one group's trouble, and what an owner was not content with."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from concierge_bot.playground import Fault, FaultKind
from storage.tables.groups import ChatTrouble
from tests.support.appointing import order_shoes, texts
from tests.support.cast import left_in_order, on_stage, opens_the_bot, rested
from tests.support.looks import rows
from tests.support.world import World, opened, order_repair, tap


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """An estate on duty whose groups refuse messages for a while."""
    async with opened(database_url) as found:
        yield found
        await left_in_order(found, "not enough rights to send", "CHAT_WRITE_FORBIDDEN", "TOPIC_CLOSED")
        assert found.telegram.violations == []


async def test_of_two_groups_that_let_the_bot_write_nothing_one_is_well_again(world: World) -> None:
    cast = await on_stage(world)
    for group in (cast.maintenance, cast.butlers):
        await group.restrict_bot()
    await order_repair(world, cast.wang)
    await order_shoes(cast.wang)
    for group in (cast.maintenance, cast.butlers):
        await cast.chen.sees(f"I am no longer allowed to write in “{group.title}”")
    await cast.maintenance.release_bot()
    await cast.chen.sees("“Maintenance” is working again")
    await rested(world)
    (left,) = await rows(world, ChatTrouble, ChatTrouble.ended_at == None)  # noqa: E711 - in SQL
    assert left.chat_id == cast.butlers.id
    assert not texts(cast.chen, "“Butlers” is working again")
    await cast.butlers.release_bot()
    await cast.chen.sees("“Butlers” is working again")


@pytest.mark.parametrize("said", ["yes", "no"])
async def test_only_what_an_owner_called_good_is_drawn_for_a_check(world: World, said: str) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    await tap(world, cast.anna, f"done:{number}", cast.maintenance)
    world.turn(days=2, minutes=1)
    await tap(world, cast.wang, f"followup:{number}:{said}")
    await rested(world)
    for _ in range(6):
        world.turn(days=1)
        await rested(world)
    assert bool(texts(cast.chen, f"#{number} ·", "Spot check")) is (said == "yes")


@pytest.mark.usefixtures("boards")
async def test_a_board_that_is_taken_down_takes_no_other_with_it(world: World) -> None:
    cast = await on_stage(world)
    await order_repair(world, cast.wang)
    await order_shoes(cast.wang)
    for _ in range(2):
        await rested(world)
        world.turn(seconds=5)
    await cast.maintenance.sees("📌 1 request is open")
    other = world.telegram.group("Butlers two", by=cast.chen, members=[cast.bo])
    await other.add_bot(by=cast.chen, admin=True)
    await cast.chen.writes("/staffchat butlers", chat=other)
    await other.sees("staff chat for")
    for _ in range(2):
        await rested(world)
        world.turn(seconds=5)
    await other.sees("📌 1 request is open")
    await order_repair(world, cast.wang, "The tap drips again")
    for _ in range(2):
        await rested(world)
        world.turn(seconds=5)
    await rested(world)
    assert [text.splitlines()[0] for text in texts(cast.maintenance, "📌")] == ["📌 2 requests are open"]
    assert not texts(cast.butlers, "📌")


async def test_a_group_that_the_bot_was_taken_out_of_stands_in_nobodys_way(world: World) -> None:
    """Its trouble ends with it: back in the group, the bot writes there, and in private to nobody."""
    cast = await on_stage(world)
    await cast.maintenance.restrict_bot()
    await order_repair(world, cast.wang)
    await cast.chen.sees("I am no longer allowed to write in “Maintenance”")
    await cast.maintenance.remove_bot()
    await cast.chen.sees("the staff chat “Maintenance” is without me now")
    await rested(world)
    assert await rows(world, ChatTrouble) == []


async def test_a_closed_topic_of_one_team_keeps_no_reminder_from_another(world: World) -> None:
    cast = await on_stage(world)
    await opens_the_bot(cast.anna)
    forum = world.telegram.group("Staff", by=cast.chen, members=[cast.anna, cast.bo], forum=True)
    await forum.add_bot(by=cast.chen)
    topics = {}
    for team in ("maintenance", "butlers"):
        topics[team] = await forum.open_topic(team.title(), by=cast.chen)
        sent = await cast.chen.writes(f"/staffchat {team}", chat=forum, thread=topics[team])
        await forum.sees("staff chat for", after=sent)
    await forum.close_topic(topics["butlers"])
    await order_shoes(cast.wang)
    await cast.chen.sees("Butlers: the team's topic in “Staff” is closed")
    number = await order_repair(world, cast.wang)
    await forum.sees(f"#{number}")
    await rested(world)
    world.turn(minutes=5, seconds=1)
    await forum.sees(f"#{number} · Villa 8 · Repairs: nobody has taken this yet")
    assert not texts(cast.anna, f"#{number}")
    await forum.reopen_topic(topics["butlers"])
    await cast.chen.sees("“Staff” is working again")


async def test_who_is_on_duty_is_reminded_in_private_where_the_topic_is_closed(world: World) -> None:
    cast = await on_stage(world)
    await opens_the_bot(cast.anna)
    forum = world.telegram.group("Staff", by=cast.chen, members=[cast.anna], forum=True)
    await forum.add_bot(by=cast.chen)
    topic = await forum.open_topic("Maintenance", by=cast.chen)
    await cast.chen.writes("/staffchat maintenance", chat=forum, thread=topic)
    await forum.sees("staff chat for")
    await cast.anna.writes("/on", chat=forum, thread=topic)
    await forum.sees("on duty")
    await forum.close_topic(topic)
    number = await order_repair(world, cast.wang)
    await cast.anna.sees(f"#{number}")
    await rested(world)
    world.turn(minutes=5, seconds=1)
    await cast.anna.sees(f"#{number} · Villa 8 · Repairs: nobody has taken this yet")
    await forum.reopen_topic(topic)
    await cast.chen.sees("“Staff” is working again")


async def test_two_reminders_that_telegram_holds_up_both_come(world: World) -> None:
    """Of those of one request only the newest waits."""
    cast = await on_stage(world)
    numbers = [await order_repair(world, cast.wang) for _ in range(2)]
    for number in numbers:
        await cast.maintenance.sees(f"#{number}")
    await rested(world)
    flood = Fault(FaultKind.TOO_MANY_REQUESTS, chat_id=cast.maintenance.id, times=1, retry_after=2)
    world.telegram.faults.add(flood)
    world.turn(minutes=5, seconds=1)
    await world.telegram.until(lambda: flood.struck)
    for number in numbers:
        await cast.maintenance.sees(f"#{number} · Villa 8 · Repairs: nobody has taken this yet")
