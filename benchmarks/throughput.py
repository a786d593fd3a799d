"""Updates a second over the whole path: an owner's tap, the commit, the card that the server has accepted."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from typing import Any

from benchmarks import lower_bound, relay
from benchmarks.estate import Estate, estate, until
from benchmarks.figures import Row, at_least, beside, main, median
from benchmarks.programs import Program, folder
from concierge_bot.runtime.processes.event_loop import run_on_duty

OWNERS = 300
TARGET = 0.4
PAUSE = 0.5
"""Seconds of rest between two rounds."""

RELAY = "a bare aiogram relay without any storage"

Sample = dict[str, float]


def measure(quick: bool) -> tuple[list[Row], dict[str, Any]]:
    """Measures rounds of all three in turn, so that other load on the machine befalls all alike."""
    relays, leasts, ours = run_on_duty(_measure(rounds=2 if quick else 5, taps=2 if quick else 5))
    ratio, floor = _ratio(ours, relays), _ratio(leasts, relays)
    what = "updates a second, whole path: an owner's tap, commit, card accepted by the server; limits off, SQLite"
    rows = [
        at_least(what, RELAY, ratio, TARGET, f"{ratio:.2f} ({_rate(ours):.0f}/s to {_rate(relays):.0f}/s)"),
        beside(lower_bound.WHAT, RELAY, floor, f"{floor:.2f} ({_rate(leasts):.0f}/s to {_rate(relays):.0f}/s)"),
    ]
    return rows, {"relay": relays, "lower_bound": leasts, "concierge": ours}


def _rate(samples: list[Sample]) -> float:
    return median(one["rate"] for one in samples)


def _ratio(samples: list[Sample], references: list[Sample]) -> float:
    return median(one["rate"] / other["rate"] for one, other in zip(samples, references, strict=True))


async def _measure(rounds: int, taps: int) -> tuple[list[Sample], list[Sample], list[Sample]]:
    relays, leasts, ours = list[Sample](), list[Sample](), list[Sample]()
    async with AsyncExitStack() as stack:
        there, elsewhere, here = [
            await stack.enter_async_context(estate(stack.enter_context(folder()), owners=OWNERS)) for _ in range(3)
        ]
        bare = await stack.enter_async_context(there.bot(relay))
        bot = await stack.enter_async_context(elsewhere.bot(lower_bound))
        concierge = await stack.enter_async_context(here.concierge())
        await _relayed(there, bare, 1)
        await _relayed(elsewhere, bot, 1)
        await _requested(here, concierge, 1)
        for _ in range(rounds):
            relays.append(await _relayed(there, bare, taps))
            leasts.append(await _relayed(elsewhere, bot, taps))
            ours.append(await _requested(here, concierge, taps))
    return relays, leasts, ours


async def _relayed(there: Estate, bare: Program, taps: int) -> Sample:
    for number in range(taps):
        for owner in there.owners:
            await owner.writes(f"wish {number} of {owner.name}")
    return await _arrived(there, bare, len(there.owners) * taps)


async def _requested(here: Estate, concierge: Program, taps: int) -> Sample:
    for owner, message, data in here.ready_to_send(taps):
        await owner.taps_data(message, data, wait=False)
    found = await _arrived(here, concierge, len(here.owners) * taps)
    await until(lambda: here.unsent() == 0, look=0.05)
    return found


async def _arrived(where: Estate, who: Program, count: int) -> Sample:
    """Waits until each update has its message in the group. Returns the rate a second, and processor ms for each."""
    before, cpu, server_cpu, start = where.cards, who.cpu, time.process_time(), time.perf_counter()
    end = await until(lambda: where.cards - before >= count)
    found = {
        "rate": count / (end - start),
        "cpu_ms": (who.cpu - cpu) / count * 1000,
        "server_cpu_ms": (time.process_time() - server_cpu) / count * 1000,
    }
    await asyncio.sleep(PAUSE)
    return found


if __name__ == "__main__":
    main("throughput", measure)
