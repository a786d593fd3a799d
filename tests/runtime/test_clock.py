"""The clock: what is due is done at once, the important first; what fails holds up nothing else."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from concierge_bot.clocks import FileClock, TurnableClock
from concierge_bot.desk.capabilities import CAPABILITIES
from concierge_bot.desk.context import Desk
from concierge_bot.desk.operations import estates
from concierge_bot.desk.queues import timers
from concierge_bot.desk.queues.timers import TimerKind, set_timer
from concierge_bot.runtime import clock as clockwork
from concierge_bot.runtime.app import build
from storage.tables.queues import Timer, TimerState, Urgency
from tests.runtime.harness import Books, in_trouble, moved_in, only_sqlite, ready_to_send, send_all, until
from tests.support.world import World


def _timer(world: World, number: int, *, seconds: float = 0, urgency: Urgency = Urgency.ROUTINE) -> Timer:
    return Timer(
        key=f"test:{number}",
        kind=TimerKind.FOLLOW_UP,
        subject_id=number,
        due_at=world.clock.now() + timedelta(seconds=seconds),
        urgency=urgency,
    )


def _fires(monkeypatch: pytest.MonkeyPatch, fire: Callable[[Desk, Timer], None]) -> None:
    """Lets timers of follow-ups do something else."""
    known = CAPABILITIES.timers
    monkeypatch.setitem(known, TimerKind.FOLLOW_UP, replace(known[TimerKind.FOLLOW_UP], fire=fire))


@pytest.fixture
def fired(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The subjects of follow-up timers, in the order in which they fired."""
    subjects: list[int] = []
    _fires(monkeypatch, lambda _desk, timer: subjects.append(timer.subject_id))
    return subjects


async def test_a_timer_fires_as_soon_as_the_clock_is_turned_to_it(world: World, fired: list[int]) -> None:
    def set_one(desk: Desk) -> None:
        due = desk.now + timedelta(hours=3)
        set_timer(desk, TimerKind.FOLLOW_UP, 1, due, Urgency.ROUTINE, key="test")
        set_timer(desk, TimerKind.FOLLOW_UP, 1, due, Urgency.ROUTINE, key="test")

    await world.desk(set_one)
    world.turn(hours=2, minutes=59, seconds=50)
    await asyncio.sleep(0.3)
    assert fired == []
    world.turn(seconds=11)
    await until(lambda: fired == [1])


async def test_a_timer_fires_in_its_own_time_as_well(world: World, fired: list[int]) -> None:
    def set_some(desk: Desk) -> None:
        for number, seconds in enumerate((0.6, 0.3, 0.9)):
            set_timer(
                desk, TimerKind.FOLLOW_UP, number, desk.now + timedelta(seconds=seconds), Urgency.ROUTINE, key="test"
            )

    await world.desk(set_some)
    await until(lambda: fired == [1, 0, 2])


async def test_eight_hundred_overdue_timers_are_worked_off_in_order_of_importance(
    world: World, books: Books, fired: list[int]
) -> None:
    await world.stop()
    ranks = [Urgency.ROUTINE, Urgency.OWNER, Urgency.ALARM, Urgency.ESCALATION]
    books.add(*[_timer(world, number, seconds=-number, urgency=ranks[number % 4]) for number in range(800)])
    began = asyncio.get_running_loop().time()
    await world.start()
    await until(lambda: len(fired) >= 800, timeout=240)
    print(f"800 overdue timers in {asyncio.get_running_loop().time() - began:.1f} s")
    order = {Urgency.ALARM: 0, Urgency.ESCALATION: 1, Urgency.OWNER: 2, Urgency.ROUTINE: 3}
    expected = sorted(range(800), key=lambda number: (order[ranks[number % 4]], -number))
    assert fired == expected
    done = (Timer.state == TimerState.FIRED, Timer.kind == TimerKind.FOLLOW_UP)
    await until(lambda: books.count(Timer, *done) == 800)  # the last one's commit follows on its doing


async def test_a_failing_timer_holds_up_no_other_and_is_set_aside(
    world: World, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    fired: list[int] = []

    def fire(_desk: Desk, timer: Timer) -> None:
        fired.append(timer.subject_id)
        if timer.subject_id == 13:
            raise ZeroDivisionError("Mr Wang's birthday")
        if timer.subject_id == 14:
            raise IntegrityError("INSERT", {}, Exception("twice"))

    _fires(monkeypatch, fire)
    books.add(*[_timer(world, number, urgency=Urgency.ALARM if number > 12 else Urgency.BULK) for number in range(15)])
    world.turn(seconds=0)
    await until(lambda: set(fired) >= set(range(15)))

    def settled() -> bool:
        world.turn(seconds=5)  # no pause need be waited for
        return not books.count(Timer, Timer.state == TimerState.WAITING, Timer.kind == TimerKind.FOLLOW_UP)

    await until(settled)
    failed = books.all(Timer, Timer.state == TimerState.FAILED)
    assert [(timer.subject_id, timer.attempts) for timer in failed] == [(13, 3), (14, 3)]
    assert [str(timer.error).split(" ")[0] for timer in failed] == ["ZeroDivisionError", "IntegrityError"]
    assert not [timer for timer in failed if "Wang" in str(timer.error)]
    tried = Counter(fired)  # one that shared a commit with the step of another part was done once more by itself
    assert min(tried[13], tried[14]) >= 3
    assert all(tried[number] == 1 for number in range(13))


async def test_a_timer_of_a_kind_that_is_not_known_is_set_aside(world: World, books: Books, fired: list[int]) -> None:
    stranger = _timer(world, 1, urgency=Urgency.ALARM)
    stranger.kind = "of_a_newer_version"
    books.add(stranger, _timer(world, 2))
    world.turn(seconds=0)
    await until(lambda: fired == [2])


@only_sqlite
@pytest.mark.parametrize("error", [OperationalError("SELECT", {}, Exception("gone")), RuntimeError("never seen")])
@pytest.mark.parametrize("where", ["most_important_due", "next_due", "plan_all"])
async def test_trouble_of_any_kind_does_not_stop_the_clock(
    world: World, books: Books, fired: list[int], monkeypatch: pytest.MonkeyPatch, where: str, error: Exception
) -> None:
    left = in_trouble(monkeypatch, estates if where == "plan_all" else timers, where, [error] * 2)
    monkeypatch.setattr(clockwork, "TROUBLE_PAUSE", 0.02)
    await world.restart()
    books.add(_timer(world, 1))
    world.turn(seconds=0)
    await until(lambda: fired == [1] and not left)


async def test_a_timer_whose_transaction_met_trouble_fires_once_it_is_over(
    world: World, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    fired: list[int] = []
    left = [OperationalError("UPDATE", {}, Exception("gone"))] * 5

    def fire(_desk: Desk, timer: Timer) -> None:
        if left:
            raise left.pop()
        fired.append(timer.subject_id)

    _fires(monkeypatch, fire)
    monkeypatch.setattr(clockwork, "TROUBLE_PAUSE", 0.02)
    books.add(_timer(world, 1))
    world.turn(seconds=0)
    await until(lambda: fired == [1])
    assert books.one(Timer, Timer.kind == TimerKind.FOLLOW_UP).attempts == 0


async def test_a_restart_loses_no_timer_and_fires_none_twice(world: World, books: Books, fired: list[int]) -> None:
    books.add(*[_timer(world, number, seconds=60) for number in range(300)])
    world.turn(minutes=2)
    await until(lambda: len(fired) >= 20)
    for _ in range(3):
        before = len(fired)
        await world.restart()
        await until(lambda before=before: len(fired) >= min(300, before + 20))  # type: ignore[misc]
    await until(lambda: not books.count(Timer, Timer.state == TimerState.WAITING, Timer.kind == TimerKind.FOLLOW_UP))
    assert sorted(fired) == list(range(300))


async def test_what_is_due_is_done_while_updates_pour_in(world: World, books: Books, fired: list[int]) -> None:
    house = await moved_in(world, books, owners=100)
    ready = ready_to_send(world.telegram, books, world.clock.now(), house.owners)
    books.add(*[_timer(world, number, seconds=60) for number in range(20)])
    await send_all(ready)
    world.turn(minutes=2)
    await until(lambda: len(fired) == 20)
    await world.telegram.settled()


@only_sqlite
async def test_a_clock_that_is_turned_by_a_file_wakes_the_timers(
    world: World, books: Books, fired: list[int], tmp_path: Path
) -> None:
    file = tmp_path / "clock.json"
    await world.stop()
    house = world.house()
    clock = FileClock(file)
    house.storage.close()
    world.clock = clock  # type: ignore[assignment]
    world.concierge = build(world.house())
    await world.concierge.start()
    books.add(_timer(world, 1, seconds=3600))
    FileClock.write(file, timedelta(hours=1, seconds=1))
    await until(lambda: fired == [1])
    file.write_text("no json")
    await asyncio.sleep(0.2)
    FileClock.write(file, timedelta(hours=2))
    await until(lambda: clock.offset() == timedelta(hours=2))


def test_turning_tells_everyone_who_waits() -> None:
    clock, told = TurnableClock(), [0]
    clock.on_turn(lambda: told.append(1))
    clock.turn_to(clock.now() + timedelta(days=1))
    assert sum(told) == 1
