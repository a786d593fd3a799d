"""PostgreSQL beside SQLite: the rush of `throughput` on both in turn, then with two intakes and two deliveries."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from typing import Any

from aiohttp.test_utils import unused_port

from benchmarks.estate import Estate, estate, until
from benchmarks.figures import Row, at_least, at_most, main, median
from benchmarks.postgres_server import database
from benchmarks.programs import Program, folder
from concierge_bot.runtime.processes.event_loop import run_on_duty

OWNERS = 300
MOST_PROCESSOR, LEAST_RATE, NO_SLOWER = 1.5, 0.6, 0.95
PAUSE = 0.5
"""Seconds of rest between two rounds."""
ONE_OF_EACH = ("intake", "delivery", "clock")
TWO_OF_EACH = ("intake", "intake", "delivery", "delivery", "clock")

Sample = dict[str, float]
Side = tuple[Estate, list[Program]]


def measure(quick: bool) -> tuple[list[Row], dict[str, Any]]:
    """Measures rounds that take turns, so that whatever else the machine does befalls all sides alike."""
    rounds, taps = (2, 2) if quick else (5, 5)
    files, server = run_on_duty(_both_engines(rounds, taps))
    alone, doubled = run_on_duty(_processes(rounds, taps))
    processor, rate = _ratio(server, files, "cpu_ms"), _ratio(server, files, "rate")
    times = _ratio(doubled, alone, "rate")
    what = "on PostgreSQL, its server on the same processors"
    rows = [
        at_most(
            f"processor time a request {what}",
            "on SQLite",
            processor,
            MOST_PROCESSOR,
            shown=f"{processor:.2f} × ({_median(server, 'cpu_ms'):.1f} ms to {_median(files, 'cpu_ms'):.1f} ms)",
        ),
        at_least(
            f"requests a second {what}",
            "on SQLite",
            rate,
            LEAST_RATE,
            f"{rate:.2f} ({_median(server, 'rate'):.0f}/s to {_median(files, 'rate'):.0f}/s)",
        ),
        at_least(
            "requests a second with two intakes behind a webhook and two deliveries",
            "one of each",
            times,
            NO_SLOWER,
            f"{times:.2f} ({_median(doubled, 'rate'):.0f}/s to {_median(alone, 'rate'):.0f}/s)",
        ),
    ]
    return rows, {"sqlite": files, "postgresql": server, "one_of_each": alone, "two_of_each": doubled}


def _median(samples: list[Sample], name: str) -> float:
    return median(one[name] for one in samples)


def _ratio(samples: list[Sample], references: list[Sample], name: str) -> float:
    return median(one[name] / other[name] for one, other in zip(samples, references, strict=True))


async def _both_engines(rounds: int, taps: int) -> tuple[list[Sample], list[Sample]]:
    async with AsyncExitStack() as stack:
        sides = []
        for is_postgresql in (False, True):
            where = stack.enter_context(folder())
            url = stack.enter_context(database(where)) if is_postgresql else ""
            here = await stack.enter_async_context(estate(where, owners=OWNERS, url=url))
            sides.append((here, [await stack.enter_async_context(here.concierge())]))
        return await _in_turn(sides, rounds, taps)


async def _processes(rounds: int, taps: int) -> tuple[list[Sample], list[Sample]]:
    async with AsyncExitStack() as stack:
        sides = []
        for parts in (ONE_OF_EACH, TWO_OF_EACH):
            where = stack.enter_context(folder())
            url = stack.enter_context(database(where))
            here = await stack.enter_async_context(estate(where, owners=OWNERS, url=url))
            address = f"127.0.0.1:{unused_port()}"
            settings = {
                "WEBHOOK_URL": f"http://{address}/hook",
                "WEBHOOK_SECRET": "a-secret-of-enough-letters",
                "WEBHOOK_LISTEN": address,
            }
            programs = [await stack.enter_async_context(here.concierge(settings, only=part)) for part in parts]
            sides.append((here, programs))
        return await _in_turn(sides, rounds, taps)


async def _in_turn(sides: list[Side], rounds: int, taps: int) -> tuple[list[Sample], list[Sample]]:
    """Measures both sides in turn, after a round of each that does not count."""
    samples: tuple[list[Sample], list[Sample]] = ([], [])
    for number in range(rounds + 1):
        for side, found in zip(sides, samples, strict=True):
            sample = await _requested(*side, taps if number else 1)
            if number:
                found.append(sample)
    return samples


async def _requested(here: Estate, programs: list[Program], taps: int) -> Sample:
    """Taps Send for all owners, and waits until the group has all cards; afterwards, until nothing waits."""
    prepared = here.ready_to_send(taps)
    before, cpu, start = here.cards, _cpu(programs), time.perf_counter()
    for owner, message, data in prepared:
        await owner.taps_data(message, data, wait=False)
    end = await until(lambda: here.cards - before >= len(prepared), 120)
    found = {"rate": len(prepared) / (end - start), "cpu_ms": (_cpu(programs) - cpu) / len(prepared) * 1000}
    await until(lambda: here.unsent() == 0, look=0.05)
    await asyncio.sleep(PAUSE)
    return found


def _cpu(programs: list[Program]) -> float:
    return sum(program.cpu for program in programs)


if __name__ == "__main__":
    main("postgresql", measure)
