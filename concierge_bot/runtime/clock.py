"""The clock's part: APScheduler wakes it at the next due timer, and the desk carries the timer out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from concierge_bot import logs
from concierge_bot.clocks import FileClock
from concierge_bot.desk.audit import recorder
from concierge_bot.desk.context import Desk
from concierge_bot.desk.fulfilment import completing
from concierge_bot.desk.operations import estates, watchdog
from concierge_bot.desk.queues import timers
from concierge_bot.parts import Part
from concierge_bot.runtime.observability.journal import Due, stopwatch
from concierge_bot.runtime.processes.tasks import Wake
from concierge_bot.runtime.retries import is_trouble, place_of
from concierge_bot.runtime.units import Desks
from storage.engine.notices import Queue
from storage.tables.queues import Timer, TimerState
from storage.tables.rows import row_id

T = TypeVar("T")

log = logs.get(__name__)

LOOK_AGAIN = 30
"""Seconds after which the timers are looked at even if nothing woke the clock."""
TURN_CHECK = 0.1
"""Seconds between two looks at a clock that is turned from outside."""
BREATH = 0.03
"""Seconds in which several wake-ups become one look."""
ATTEMPTS = 3
TROUBLE_PAUSE = 1.0
WAKE_UP_TURNS = 3
"""After so many turns of the event loop a wake-up that has begun is over: it waits for nothing."""
BEAT = 10
"""Seconds between two signs of life."""


class Clockwork:
    """Fires due timers, the most important first, each in a transaction of its own."""

    def __init__(self, desks: Desks) -> None:
        self._desks = desks
        self._wake = Wake()
        self._beat_at = datetime.min.replace(tzinfo=UTC)
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._next_look: datetime | None = None
        """When the clock will look at the timers anyway; None while it is at it, or waits for nothing."""
        desks.storage.on_wake(self._told)
        desks.clock.on_turn(self._wake)

    async def run(self) -> None:
        """Runs until it is cancelled."""
        # Also where a busy machine is late with it: a look that is left out is half a minute lost.
        self._scheduler.add_job(
            self._look, IntervalTrigger(seconds=LOOK_AGAIN, timezone=UTC), misfire_grace_time=None, coalesce=True
        )
        if isinstance(self._desks.clock, FileClock):
            self._scheduler.add_job(
                self._refresh,
                IntervalTrigger(seconds=TURN_CHECK, timezone=UTC),
                args=(self._desks.clock,),
                misfire_grace_time=None,
            )
        self._scheduler.start()
        try:
            await self._through_trouble(lambda: self._desks.run(estates.plan_all))
            while True:
                await self._beat()
                self._wake_at(await self._work_off())
                await self._wake.wait(BEAT)
                self._next_look = None
                await asyncio.sleep(BREATH)
        finally:
            await self._shut_down()

    async def _shut_down(self) -> None:
        """Shuts the scheduler down after a wake-up that has just begun; else it would be cancelled, with an error."""
        self._scheduler.pause()
        for _ in range(WAKE_UP_TURNS):
            await asyncio.sleep(0)
        self._scheduler.shutdown(wait=False)

    async def _refresh(self, clock: FileClock) -> None:
        """Checks the file for a turn, in the event loop: a stop would cut off a thread of the scheduler's."""
        clock.refresh()

    async def _look(self) -> None:
        self._wake()

    def _told(self, queue: Queue, at: datetime | None) -> None:
        """Wakes the clock for a new timer, unless it is due after the next look anyway."""
        if queue is Queue.TIMERS and (at is None or self._next_look is None or at < self._next_look):
            self._wake()

    async def _beat(self) -> None:
        """Writes the clock's heartbeat, in the machine's time, at most once in `BEAT` seconds."""
        machine_now = self._desks.clock.machine()
        if machine_now - self._beat_at < timedelta(seconds=BEAT):
            return
        self._beat_at = machine_now
        with suppress(SQLAlchemyError):
            await self._desks.run(lambda desk: watchdog.beat(desk, Part.CLOCK, machine_now))

    def _wake_at(self, due_at: datetime | None) -> None:
        """Schedules a wake-up when the next timer is due, by a clock that may be turned."""
        if due_at is None:
            return
        self._next_look = due_at
        real = datetime.now(UTC) + max(timedelta(), due_at - self._desks.clock.now())
        self._scheduler.add_job(
            self._look, DateTrigger(real), id="next due timer", replace_existing=True, misfire_grace_time=None
        )

    async def _work_off(self) -> datetime | None:
        """Fires the due timers. Returns when the next timer is due; None where there is none."""
        while True:
            due_at = await self._through_trouble(lambda: self._desks.run(timers.next_due))
            if due_at is None or due_at > self._desks.clock.now():
                return due_at
            while await self._through_trouble(self._fire_next):
                pass
            await asyncio.sleep(BREATH)  # what is still due is in the hands of another clock

    async def _through_trouble(self, work: Callable[[], Awaitable[T]]) -> T:
        """Retries some work until it succeeds: the clock must outlive every trouble. Returns its result."""
        while True:
            self._desks.liveness.came_round(Part.CLOCK)
            try:
                return await work()
            except Exception as error:
                log.warning("the clock stands still", error=place_of(error))
                self._desks.journal.failed(Part.CLOCK, error)
                await asyncio.sleep(TROUBLE_PAUSE)

    async def _fire_next(self) -> bool:
        """Fires the most important due timer in one transaction. Returns whether there was one."""
        tried: list[Due] = []
        began, journal = stopwatch(), self._desks.journal

        def unit(desk: Desk) -> bool:
            tried.clear()  # a unit may be done twice
            timer = timers.most_important_due(desk)
            if timer is None:
                return False
            tried.append(Due(row_id(timer), timer.kind, desk.now - timer.due_at))
            if not timers.take(desk, timer):
                return False
            recorder.act_as_part(desk, f"timer {timer.kind}")
            desk.capabilities.timers[timer.kind].fire(desk, timer)
            completing.set_back(desk, timer)
            return True

        with journal.work():
            try:
                fired = await self._desks.run(unit)
            except Exception as error:
                if is_trouble(error) or not tried:
                    raise
                await self._note_failure(tried[0], error)
                journal.timer_fired(tried[0], "failed", began)
            else:
                if fired:
                    journal.timer_fired(tried[0], "fired", began)
        return bool(tried)

    async def _note_failure(self, due: Due, error: Exception) -> None:
        where = place_of(error)
        log.error("the timer failed", timer_id=due.timer_id, timer_kind=due.kind, error=where)
        self._desks.journal.failed(Part.CLOCK, error)
        await self._desks.run(lambda desk: _failed(desk, due.timer_id, where))


def _failed(desk: Desk, timer_id: int, error: str) -> None:
    """Postpones a failed timer; after `ATTEMPTS` attempts sets it aside, where `concierge doctor` shows it."""
    timer = desk.session.get_one(Timer, timer_id)
    attempts = timer.attempts + 1
    state = TimerState.FAILED if attempts >= ATTEMPTS else TimerState.WAITING
    desk.session.exec(
        update(Timer)
        .where(col(Timer.id) == timer_id)
        .values(attempts=attempts, error=error, state=state, due_at=desk.now + timedelta(seconds=attempts))
    )
