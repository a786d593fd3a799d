"""The cost of firing a due timer among a thousand and among a million that wait."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.figures import Row, at_most, main, median
from benchmarks.programs import folder
from benchmarks.rows import fill
from concierge_bot.catalogue import model as catalogues
from concierge_bot.clocks import Clock
from concierge_bot.desk.queues import timers
from concierge_bot.desk.queues.timers import TimerKind
from concierge_bot.runtime.clock import Clockwork
from concierge_bot.runtime.processes.event_loop import run_on_duty
from concierge_bot.runtime.units import Desks
from concierge_bot.settings import SHIPPED_CATALOGUE
from storage import schema
from storage.engine.unit import Storage
from storage.tables.queues import Timer, Urgency

FEW, MANY, TARGET = 1_000, 1_000_000, 1.5
NO_REQUEST = 10**9
"""A subject that there is not: the timer looks at it, and has nothing to do."""


def measure(quick: bool) -> tuple[list[Row], dict[str, Any]]:
    """Measures turn by turn in both databases, so that other load on the machine befalls both alike."""
    many = MANY // 50 if quick else MANY
    few_times, many_times = run_on_duty(_measure(many, rounds=20 if quick else 200))
    ratio = median(many_times) / median(few_times)
    shown = f"{ratio:.2f} × ({median(many_times) * 1000:.1f} ms to {median(few_times) * 1000:.1f} ms)"
    row = at_most(f"a due timer among {many:,} waiting", f"among {FEW:,}", ratio, TARGET, shown=shown)
    return [row], {"few": few_times, "many": many_times}


async def _measure(many: int, rounds: int) -> tuple[list[float], list[float]]:
    with folder() as one, folder() as other:
        small, large = _filled(f"sqlite:///{one / 'x.sqlite'}", FEW), _filled(f"sqlite:///{other / 'x.sqlite'}", many)
        found: tuple[list[float], list[float]] = ([], [])
        for number in range(rounds):
            for desks, times in zip((small, large), found, strict=True):
                times.append(await _fired(desks, number))
        for desks in (small, large):
            desks.storage.close()
        return found


def _filled(url: str, count: int) -> Desks:
    storage = Storage(url)
    schema.upgrade(storage)
    fill(storage, Timer, _waiting(count))
    return Desks(storage, Clock(), catalogues.load(SHIPPED_CATALOGUE))


def _waiting(count: int) -> Iterator[dict[str, Any]]:
    later = datetime.now(UTC) + timedelta(days=1)
    for number in range(count):
        yield {
            "key": f"escalate:{number}:bench",
            "kind": TimerKind.ESCALATE,
            "subject_id": NO_REQUEST + number,
            "due_at": later + timedelta(seconds=number),
            "urgency": Urgency.ALARM if number % 10 == 0 else Urgency.ESCALATION,
            "data": {"promise": "claim", "step": 0, "repeats": 0, "since": ""},
        }


async def _fired(desks: Desks, number: int) -> float:
    """Times a due timer in seconds: the look for it and its firing, without the clock's pauses between them."""
    clockwork = Clockwork(desks)
    data = {"promise": "claim", "step": 0, "repeats": 0, "since": ""}
    await desks.run(
        lambda desk: timers.set_timer(
            desk, TimerKind.ESCALATE, NO_REQUEST, desk.now, Urgency.ESCALATION, key=f"due:{number}", data=data
        )
    )
    start = time.perf_counter()
    await desks.run(timers.next_due)
    assert await clockwork._fire_next()
    return time.perf_counter() - start


if __name__ == "__main__":
    main("timers", measure)
