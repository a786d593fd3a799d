"""The time from the start of the program to its first answer, and from a restart to its first delivery."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.answers import Waits
from benchmarks.estate import Estate, estate, until
from benchmarks.figures import Row, at_most, main, median
from benchmarks.programs import folder, program
from benchmarks.rows import fill
from concierge_bot.desk.queues.timers import TimerKind
from concierge_bot.runtime.processes.event_loop import run_on_duty
from storage.tables.queues import OutboxMessage, Timer, Urgency

MESSAGES, TIMERS, OVERDUE = 10_000, 100_000, 100
TARGET = 1.0
USUAL_LIMITS = {"RATE_OVERALL": "30", "RATE_GROUP": "20", "RATE_PRIVATE": "1", "RATE_BURST": "5"}


def measure(quick: bool) -> tuple[list[Row], dict[str, Any]]:
    """Measures each start beside its reference, in turn."""
    rounds, share = (1, 20) if quick else (5, 1)
    imports, answers = run_on_duty(_first_answers(rounds))
    empty, full = run_on_duty(_first_deliveries(rounds, MESSAGES // share, TIMERS // share))
    over, behind = median(answers) - median(imports), median(full) - median(empty)
    first = f"+ {over:.2f} s ({median(answers):.2f} s to {median(imports):.2f} s)"
    second = f"+ {behind:.2f} s ({median(full):.2f} s to {median(empty):.2f} s)"
    what = f"restart with {MESSAGES // share:,} outbox rows and {TIMERS // share:,} timers: first delivery"
    return [
        at_most("start until the first answer", "importing aiogram", over, TARGET, " s more", first),
        at_most(what, "an empty one's", behind, TARGET, " s more", second),
    ], {"importing_aiogram": imports, "first_answer": answers, "empty": empty, "full": full}


async def _first_answers(rounds: int) -> tuple[list[float], list[float]]:
    imports, answers = [], []
    with folder() as where:
        async with estate(where, owners=10) as here:
            for _ in range(rounds + 1):
                imports.append(await _import())
                answers.append(await _answer(here))
    return imports[1:], answers[1:]  # the first has read the files from the disk


async def _import() -> float:
    start = time.perf_counter()
    async with program("-c", "import aiogram") as found:
        await until(lambda: not found.is_running)
    return time.perf_counter() - start


async def _answer(here: Estate) -> float:
    """Times a tap that waits at the server: seconds from the start of the program until it is answered."""
    (owner, message, data), *_ = here.ready_to_send()
    waits = Waits(here)
    await owner.taps_data(message, data, wait=False)
    await asyncio.sleep(0)
    async with here.concierge():
        await until(lambda: waits.seconds)
    await waits.close()
    return waits.seconds[0]


async def _first_deliveries(rounds: int, messages: int, timers: int) -> tuple[list[float], list[float]]:
    with folder() as one, folder() as other:
        async with estate(one, owners=300) as empty, estate(other, owners=300) as full:
            fill(full.storage, Timer, _timers(timers))
            _write(full, messages)
            found: tuple[list[float], list[float]] = ([], [])
            for _ in range(rounds):
                _write(empty, 1)
                for here, times in zip((empty, full), found, strict=True):
                    times.append(await _delivery(here))
            return found


def _write(here: Estate, messages: int) -> None:
    owners = here.owners
    rows = (here.message(owners[number % len(owners)].id, f"line {number}") for number in range(messages))
    fill(here.storage, OutboxMessage, rows)


async def _delivery(here: Estate) -> float:
    before = here.delivered()
    start = time.perf_counter()
    async with here.concierge(USUAL_LIMITS):
        return await until(lambda: here.delivered() > before) - start


def _timers(count: int) -> Iterator[dict[str, Any]]:
    now = datetime.now(UTC)
    for number in range(count):
        yield {
            "key": f"escalate:{number}:bench",
            "kind": TimerKind.ESCALATE,
            "subject_id": 10**9 + number,
            "due_at": now + timedelta(days=1) if number >= OVERDUE else now - timedelta(minutes=1),
            "urgency": Urgency.ESCALATION,
            "data": {"promise": "claim", "step": 0, "repeats": 0, "since": ""},
        }


if __name__ == "__main__":
    main("start", measure)
