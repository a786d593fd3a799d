"""C1: a group hides its members, and whoever tapped Claim there was refused as a stranger."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from concierge_bot.playground import Fault, FaultKind
from storage.tables.refusals import Refusal
from tests.attacks.row import ONLY_TEAM, PRIVATE_SERVICE
from tests.runtime.harness import texts
from tests.support.cast import Cast, left_in_order, on_stage, rested
from tests.support.looks import rows
from tests.support.world import World, opened, order_repair, tap

HIDDEN = ("member list is inaccessible", "CHAT_ADMIN_REQUIRED", "PARTICIPANT_ID_INVALID")
ASK_FOR_IT = "Your supervisor has been asked to make me an administrator"


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """An estate on duty with a group that hides its members."""
    async with opened(database_url) as found:
        yield found
        await left_in_order(found, *HIDDEN)
        assert found.telegram.violations == []


async def _hidden(world: World) -> Cast:
    cast = await on_stage(world)
    await cast.maintenance.demote_bot()
    await cast.maintenance.hide_members()
    await rested(world)
    return cast


def _told(world: World, cast: Cast) -> int:
    said = "I cannot see who is in “Maintenance”"
    return sum(said in text for text in texts(world.telegram, cast.chen.id))


async def test_who_taps_claim_in_a_group_with_hidden_members_reads_what_helps(world: World) -> None:
    cast = await _hidden(world)
    number = await order_repair(world, cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    answer = await cast.anna.taps(card, f"claim:{number}")
    assert ASK_FOR_IT in str(answer.text)
    assert answer.alert
    assert ONLY_TEAM not in str(answer.text)
    await cast.chen.sees("I cannot see who is in “Maintenance”")
    assert await rows(world, Refusal) == []
    await cast.anna.taps(card, f"claim:{number}")
    world.turn(hours=2)
    await cast.anna.taps(card, f"claim:{number}")
    await rested(world)
    assert _told(world, cast) == 1
    await cast.maintenance.promote_bot()
    await rested(world)
    await cast.anna.taps(card, f"claim:{number}")
    await cast.maintenance.sees("Taken by Anna")


async def test_the_supervisor_is_told_again_the_day_after(world: World) -> None:
    cast = await _hidden(world)
    await cast.anna.writes("/duty", chat=cast.maintenance)
    await cast.maintenance.sees(ASK_FOR_IT)
    await rested(world)
    assert _told(world, cast) == 1
    world.turn(days=1)
    await rested(world)
    await cast.anna.writes("/duty", chat=cast.maintenance)
    await rested(world)
    assert _told(world, cast) == 2


async def test_who_starts_the_bot_in_private_is_not_taken_for_a_stranger_for_certain(world: World) -> None:
    cast = await _hidden(world)
    await cast.anna.starts()
    said = await cast.anna.sees(ASK_FOR_IT)
    assert PRIVATE_SERVICE in said.text
    await cast.chen.sees("I cannot see who is in “Maintenance”")
    assert await rows(world, Refusal) == []
    await cast.maintenance.promote_bot()
    await rested(world)
    await cast.anna.starts()
    await tap(world, cast.anna, "lang:en")
    await cast.anna.sees("Requests appear in the staff chat")


@pytest.mark.rows_of_words
@pytest.mark.parametrize("said", HIDDEN)
async def test_whatever_telegram_says_of_it_is_no_no(world: World, said: str) -> None:
    cast = await on_stage(world)
    fault = Fault(FaultKind.FORBIDDEN, method="getChatMember", description=f"Forbidden: {said}")
    world.telegram.faults.add(fault)
    number = await order_repair(world, cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    answer = await cast.anna.taps(card, f"claim:{number}")
    assert ASK_FOR_IT in str(answer.text)
    world.telegram.faults.clear()
    await cast.anna.taps(card, f"claim:{number}")
    await cast.maintenance.sees("Taken by Anna")


async def test_somebody_who_is_known_to_work_there_goes_on_working(world: World) -> None:
    cast = await on_stage(world)
    await cast.anna.writes("/on", chat=cast.maintenance)
    await rested(world)
    await cast.maintenance.demote_bot()
    await cast.maintenance.hide_members()
    number = await order_repair(world, cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    await cast.anna.taps(card, f"claim:{number}")
    await cast.maintenance.sees("Taken by Anna")
