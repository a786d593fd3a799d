"""Rules of times that were agreed, of what is late, and of danger that was tapped or said."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from concierge_bot.desk.cards import apology_texts
from concierge_bot.desk.context import Caller, Desk, Sender
from concierge_bot.desk.fulfilment import completing, undoing
from concierge_bot.desk.queues.timers import TimerKind
from concierge_bot.desk.requests.promises import Promise
from concierge_bot.desk.requests.repository import Line
from concierge_bot.desk.roles import accounts
from concierge_bot.i18n import words
from concierge_bot.screens import Reply
from concierge_bot.settings import SHIPPED_CATALOGUE
from storage.tables.queues import Timer
from storage.tables.requests import EventKind, Request, RequestState
from tests.runtime.harness import only_sqlite
from tests.support.appointing import claimed_shoes, request, settled_in, texts, turn_to
from tests.support.cast import at, begins, chooses, on_duty, on_stage, opens_the_bot, rested
from tests.support.looks import rows
from tests.support.world import NOON, World, order_repair, tap

COME = "🚨 Come at once"


@only_sqlite
@pytest.mark.parametrize("move", ["onsite", "release"])
async def test_who_is_there_already_or_gave_it_back_is_not_reminded_of_the_time(world: World, move: str) -> None:
    cast = await settled_in(world)
    number = await claimed_shoes(cast)
    await tap(world, cast.bo, f"{move}:{number}", cast.butlers)
    await turn_to(world, 13, 31)
    assert not texts(cast.bo, "the agreed time")
    assert not texts(cast.butlers, "the agreed time")


@only_sqlite
async def test_another_time_tomorrow_is_two_taps_away(world: World) -> None:
    cast = await settled_in(world)
    number = await claimed_shoes(cast)
    await tap(world, cast.wang, f"…move:{number}:")
    await cast.wang.taps(await cast.wang.sees("Which day?"), "Tomorrow")
    await cast.wang.taps(await cast.wang.sees("At what time on"), "10:00–12:00")
    await cast.bo.sees("the owner has changed the time to Tue 16 Jun, 10:00–12:00")


@only_sqlite
async def test_what_is_urgent_and_no_danger_rings_the_team_and_no_supervisor(world: World) -> None:
    cast = await on_stage(world)
    await opens_the_bot(cast.anna)
    await cast.anna.writes("/on", chat=cast.maintenance)
    await cast.maintenance.sees("Anna is on duty.")
    await begins(cast.wang, "repair")
    await chooses(cast.wang, "What kind of problem is it?", "💧 Water")
    await chooses(cast.wang, "How urgent is it?", "🚨 Urgent: please come at once")
    shown = await at(cast.wang, "repair", 3)
    assert "👉" not in shown.text
    world.turn(minutes=2)
    await cast.anna.sees("URGENT")
    await rested(world)
    assert not texts(cast.chen, "#1")


def _without_danger(folder: Path) -> Path:
    """A copy of the shipped catalogue that says nothing of danger."""
    text = SHIPPED_CATALOGUE.read_text(encoding="utf-8")
    left, count = re.subn(r"^\[danger\b.*?(?=^\[(?!danger\b)|\Z)", "", text, flags=re.MULTILINE | re.DOTALL)
    assert count
    path = folder / "catalogue.toml"
    path.write_text(left, encoding="utf-8")
    return path


@only_sqlite
async def test_where_the_catalogue_knows_no_danger_what_is_urgent_can_be_ordered_all_the_same(
    database_url: str, tmp_path: Path
) -> None:
    async with on_duty(database_url, catalogue=_without_danger(tmp_path)) as world:
        cast = await on_stage(world)
        await begins(cast.wang, "repair")
        await chooses(cast.wang, "What kind of problem is it?", "🔥 Gas")
        shown = await at(cast.wang, "repair", 3)
        assert "If I do not hear from you" not in shown.text
        world.turn(minutes=10)
        await rested(world)
        assert await rows(world, Request) == []
        await cast.wang.taps(shown, COME)
        await cast.maintenance.sees("URGENT")


@only_sqlite
async def test_one_danger_that_can_wait_takes_back_no_other_that_was_tapped(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "repair")
    await chooses(cast.wang, "What kind of problem is it?", "🔥 Gas")
    await at(cast.wang, "repair", 3)
    world.turn(minutes=1)
    await cast.wang.writes("my wife collapsed")
    asked = await cast.wang.sees("Would you like somebody to come at once?")
    await cast.wang.taps(asked, "Not urgent")
    await world.telegram.until(
        lambda: "If I do not hear from you, somebody will come at 12:02." in cast.wang.screen()[-1].text
    )
    world.turn(minutes=1)
    await cast.maintenance.sees("URGENT")
    await cast.wang.sees("As I have not heard from you")


@only_sqlite
async def test_a_done_whose_minute_is_over_stays_done_before_the_owner_was_told(world: World) -> None:
    """The tap may be done just before the timer that tells the owner: nobody undoes what they are told in a moment."""
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    await tap(world, cast.anna, f"done:{number}", cast.maintenance)
    await cast.maintenance.sees("Done by Anna")

    def undo(desk: Desk) -> Reply:
        desk = replace(desk, now=desk.now + timedelta(minutes=1))
        sender = Sender(cast.anna.id, cast.maintenance.id, private=False)
        return undoing.undo(desk, Caller(sender, accounts.persons(desk, cast.anna.id)[0], words("en")), number)

    answer = await world.desk(undo)
    assert (answer.toast, answer.alert) == (f"Too late: the owner has been told that #{number} is done.", True)
    assert (await request(world, number)).state == RequestState.DONE


def test_an_apology_is_for_one_promise_even_where_two_fall_due_at_one_moment() -> None:
    """Shoes for two o'clock to four that are ordered at five to four: to be taken by four, and to be there by four."""
    of_wang: dict[str, Any] = {"estate_id": 1, "villa_id": 1, "person_id": 1}
    shoes = Request(**of_wang, service="shoe_shine", team="butlers", claim_by=NOON, arrive_by=NOON)
    said = Line(EventKind.APOLOGISED, None, NOON, {"promise": "claim", "due": NOON.isoformat()})
    assert apology_texts.is_about(said, shoes, Promise.CLAIM)
    assert not apology_texts.is_about(said, shoes, Promise.ARRIVE)


@only_sqlite
async def test_of_what_somebody_has_without_a_time_the_longest_held_comes_first(world: World) -> None:
    cast = await settled_in(world)
    first, second = [await order_repair(world, cast.wang) for _ in range(2)]
    for number in (second, first):
        await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
        world.turn(minutes=1)
    await turn_to(world, 22)
    evening = await cast.chen.sees("Still open this evening")
    assert re.findall(r"#(\d+) ·", evening.text) == [str(second), str(first)]


@only_sqlite
async def test_a_done_of_this_minute_puts_off_nothing_of_the_estates(world: World) -> None:
    """An estate's timer may have the number of a request as its subject."""
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    await tap(world, cast.anna, f"done:{number}", cast.maintenance)
    await cast.maintenance.sees("Done by Anna")

    def put_off(desk: Desk) -> set[str]:
        timers = desk.session.exec(select(Timer).where(Timer.subject_id == number)).all()
        before = {timer.id: timer.due_at for timer in timers}
        for timer in timers:
            completing.set_back(desk, timer)
        desk.session.expire_all()
        return {timer.kind for timer in timers if timer.due_at != before[timer.id]}

    found = await world.desk(put_off)
    assert TimerKind.ESCALATE in found
    assert not found & {TimerKind.DAILY_SUMMARY, TimerKind.BIRTHDAYS, TimerKind.CLEANING, TimerKind.DONE_TOLD}
