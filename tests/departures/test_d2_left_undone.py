"""D2: what somebody whose role has ended was announcing, and their lines of the roster, are nobody's by accident."""

from __future__ import annotations

from datetime import UTC, datetime

from concierge_bot.desk.context import Desk
from concierge_bot.desk.people import duty
from concierge_bot.playground import Message, Person
from storage.tables.roles import RoleKind
from tests.departures.test_d2_ends import ends, role_of
from tests.runtime.harness import texts
from tests.support.cast import chooses, on_duty, on_stage, rested, until_it_says
from tests.support.world import World, order_repair, tap

POOL = "The pool is closed on Sunday."
NIGHT = datetime(2026, 6, 15, 15, 10, tzinfo=UTC)
"""Ten past eleven in the evening in Shanghai."""


async def _written(chen: Person) -> Message:
    """Chen writes to all owners, and has not sent it yet."""
    await chen.writes("/announce")
    await chooses(chen, "Who should receive it?", "All owners")
    await chen.sees("please send me the text")
    sent = await chen.writes(POOL)
    return await chen.sees("This is what owners will receive", after=sent)


async def test_d2_an_announcement_of_theirs_that_waits_passes_to_whoever_ended_the_role(database_url: str) -> None:
    async with on_duty(database_url, now=NIGHT) as world:
        cast = await on_stage(world)
        lin = await world.supervisor("Lin")
        figures = await _written(cast.chen)
        await cast.chen.taps(figures, "at 08:00")
        await world.telegram.until(lambda: "It will go out at 08:00" in figures.text)
        await ends(world, lin, cast.chen, RoleKind.SUPERVISOR)
        told = await lin.sees("Chen has scheduled this for the owners. It will go out unless you stop it:")
        assert f"“{POOL}”" in told.text
        assert "It will go out at 08:00 to 1 owner." in told.text
        assert told.button_texts == ["⏹ Stop"]
        await world.telegram.until(lambda: figures.text == "You are no longer looking after this.")
        before = texts(world.telegram, cast.chen.id)
        world.turn(hours=9)
        await cast.wang.sees(POOL)
        await lin.sees("✅ Sent to 1 of 1 owner.")
        await rested(world)
        assert texts(world.telegram, cast.chen.id) == before


async def test_d2_an_announcement_of_theirs_can_be_stopped_by_the_others(database_url: str) -> None:
    async with on_duty(database_url, now=NIGHT) as world:
        cast = await on_stage(world)
        lin = await world.supervisor("Lin")
        figures = await _written(cast.chen)
        await cast.chen.taps(figures, "at 08:00")
        await world.telegram.until(lambda: "It will go out at 08:00" in figures.text)
        await ends(world, lin, cast.chen, RoleKind.SUPERVISOR)
        told = await lin.sees("Chen has scheduled this for the owners.")
        await lin.taps(told, "⏹ Stop")
        world.turn(hours=9)
        await lin.sees("⏹ Stopped: 0 of 1 owner had received it.")
        await rested(world)
        assert all(POOL not in text for text in texts(world.telegram, cast.wang.id))


async def test_d2_the_others_read_what_they_had_begun_to_announce(world: World) -> None:
    cast = await on_stage(world)
    lin = await world.supervisor("Lin")
    figures = await _written(cast.chen)
    await ends(world, lin, cast.chen, RoleKind.SUPERVISOR)
    told = await lin.sees("Chen had drafted this announcement and did not send it:")
    assert f"“{POOL}”" in told.text
    await cast.chen.taps(figures, "Send to 1 owner")
    await rested(world)
    assert all(POOL not in text for text in texts(world.telegram, cast.wang.id))


async def test_d2_their_lines_of_the_roster_go_and_the_gap_is_shown(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    await cast.anna.taps(card, f"claim:{number}")
    await until_it_says(world, card, "Anna")
    sent = await cast.chen.writes("/roster maintenance\nMon-Fri 08:00-20:00 Anna")
    await cast.chen.sees("Duty roster", after=sent)
    role = await role_of(world, cast.anna, RoleKind.BUTLER)
    await cast.chen.taps_data(cast.chen.last, f"endrole:{role}")
    await cast.chen.sees("Roster lines that become free: 5")
    assert await world.look(_roster) == 5
    await tap(world, cast.chen, f"endsure:{role}")
    await rested(world)
    assert await world.look(_roster) == 0


def _roster(desk: Desk) -> int:
    return len(duty.roster(desk, 1, "maintenance"))
