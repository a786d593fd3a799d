"""A member of the staff is taken out of the group while nobody told the bot: they are staff no more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from concierge_bot.desk.context import Desk
from concierge_bot.playground import Fault, FaultKind, Group, Person
from storage.archive import restoring
from storage.archive.reading import Archive
from storage.archive.writing import write
from storage.engine.unit import Storage
from storage.tables.people import Membership
from storage.tables.people import Person as KnownPerson
from storage.tables.requests import Request, RequestState
from tests.support.cast import Cast, left_in_order, on_stage, opens_the_bot, rested
from tests.support.looks import rows
from tests.support.world import World, opened, order_repair, tap


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """An estate on duty."""
    async with opened(database_url) as found:
        yield found
        await left_in_order(found, "member list is inaccessible", "Internal Server Error")
        assert found.telegram.violations == []


async def with_a_claim(world: World) -> tuple[Cast, int]:
    """Anna has claimed a repair, and has opened the bot in private."""
    cast = await on_stage(world)
    await opens_the_bot(cast.anna)
    number = await order_repair(world, cast.wang)
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    await rested(world)
    return cast, number


def unseen(group: Group, person: Person) -> None:
    """Takes somebody out of a group; the updates about it have expired at Telegram."""
    del group.chat.members[person.id]


async def works(world: World, person: Person) -> bool:
    """Whether somebody is on the staff by the database."""

    def look(desk: Desk) -> bool:
        found = (
            select(Membership)
            .join(KnownPerson, col(KnownPerson.id) == Membership.person_id)
            .where(KnownPerson.telegram_id == person.id)
        )
        return desk.session.exec(found).one().left_at is None

    return bool(await world.look(look))


async def state_of(world: World, number: int) -> RequestState:
    """The state of a request."""
    (found,) = await rows(world, Request, Request.id == number)
    return RequestState(found.state)


def without_rounds() -> None:
    """Ends the rounds of questions, as in a process that only does the intake."""
    (rounds,) = (task for task in asyncio.all_tasks() if task.get_name() == "memberships")
    rounds.cancel()


def questions(world: World) -> int:
    """How often Telegram was asked for a member."""
    return len(world.telegram.requests_of("getChatMember"))


async def test_d4_dismissed_while_the_bot_was_off_for_longer_than_a_day(world: World) -> None:
    cast, number = await with_a_claim(world)
    await world.stop()
    unseen(cast.maintenance, cast.anna)
    world.turn(hours=30)
    await world.start()
    await rested(world)
    assert not await works(world, cast.anna)
    assert await state_of(world, number) == RequestState.OPEN
    await cast.maintenance.sees("is open again")
    sent = await cast.anna.writes("/my")
    assert "What you have in hand" not in (await cast.anna.sees("", after=sent)).text


async def test_d4_a_short_stop_asks_nobody(world: World) -> None:
    await with_a_claim(world)
    asked = questions(world)
    await world.restart()
    await rested(world)
    assert questions(world) == asked


async def test_d4_each_night_everybody_is_asked_about_once(world: World) -> None:
    cast, number = await with_a_claim(world)
    unseen(cast.maintenance, cast.anna)
    asked = questions(world)
    world.turn(hours=6)
    await rested(world)
    assert questions(world) == asked
    assert await works(world, cast.anna)
    world.turn(hours=11)  # the night is over
    await rested(world)
    assert not await works(world, cast.anna)
    assert await state_of(world, number) == RequestState.OPEN
    after = questions(world)
    assert after - asked == len(await rows(world, Membership))
    world.turn(hours=2)
    await rested(world)
    assert questions(world) == after


async def test_d4_an_action_in_private_is_confirmed_where_that_was_not_done_for_a_day(world: World) -> None:
    cast, number = await with_a_claim(world)
    without_rounds()
    world.turn(hours=20)
    asked = questions(world)
    sent = await cast.anna.writes("/my")
    await cast.anna.sees(f"#{number}", after=sent)
    assert questions(world) == asked
    unseen(cast.maintenance, cast.anna)
    world.turn(hours=10)
    await rested(world)
    assert await works(world, cast.anna)
    sent = await cast.anna.writes("/my")
    assert f"#{number}" not in (await cast.anna.sees("Only the staff can do this.", after=sent)).text
    assert questions(world) == asked + 1
    await rested(world)
    assert not await works(world, cast.anna)
    assert await state_of(world, number) == RequestState.OPEN


async def test_d4_while_telegram_answers_nothing_who_works_goes_on_working(world: World) -> None:
    cast, number = await with_a_claim(world)
    without_rounds()
    world.turn(hours=30)
    world.telegram.faults.add(Fault(FaultKind.SERVER_ERROR, method="getChatMember"))
    unseen(cast.maintenance, cast.anna)
    sent = await cast.anna.writes("/my")
    await cast.anna.sees(f"#{number}", after=sent)
    world.telegram.faults.clear()
    world.turn(minutes=11)
    sent = await cast.anna.writes("/my")
    await cast.anna.sees("Only the staff can do this.", after=sent)


async def test_d4_where_telegram_cannot_tell_who_works_goes_on_working(world: World) -> None:
    cast, number = await with_a_claim(world)
    await cast.maintenance.demote_bot()
    await cast.maintenance.hide_members()
    world.turn(hours=30)
    await rested(world)
    assert await works(world, cast.anna)
    sent = await cast.anna.writes("/my")
    await cast.anna.sees(f"#{number}", after=sent)
    assert await works(world, cast.anna)


async def test_d4_after_a_restore_whoever_left_since_the_backup_is_no_staff(world: World, tmp_path: Path) -> None:
    cast, number = await with_a_claim(world)
    await world.stop()
    kept = tmp_path / "kept.zip"
    storage = Storage(world.database_url)
    write(storage.url, kept, made_at=world.clock.now(), program_version="1")
    await world.start()
    await cast.maintenance.remove(cast.anna, by=cast.chen)
    await rested(world)
    assert not await works(world, cast.anna)
    await world.stop()
    with Archive(kept) as archive:
        restoring.restore(storage, archive, replace=True, alive_since=world.clock.machine())
    storage.close()
    await world.start()
    await rested(world)
    assert not await works(world, cast.anna)
    assert await state_of(world, number) == RequestState.OPEN
