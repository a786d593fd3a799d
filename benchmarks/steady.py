"""The processor's share that thirty requests a second take."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from benchmarks import lower_bound
from benchmarks.estate import Estate, estate, until
from benchmarks.figures import Row, at_most, beside, main, median
from benchmarks.programs import Program, folder
from concierge_bot.runtime.processes.event_loop import run_on_duty

RATE = 30
OWNERS = 300
SECONDS = 5
TARGET = 15.0


def measure(quick: bool) -> tuple[list[Row], dict[str, Any]]:
    """Measures requests at an even pace, spell by spell, of the concierge and of the lower bound in turn."""
    shares, leasts = run_on_duty(_measure(spells=1 if quick else 8))
    share, floor = median(shares), median(leasts)
    what = f"processor time at {RATE} messages a second, each a request with its answer and both cards; limits off"
    rows = [
        at_most(what, "one core", share, TARGET, " %", f"{share:.1f} %"),
        beside(lower_bound.WHAT, "one core", floor, f"{floor:.1f} %"),
    ]
    return rows, {"percent_by_spell": shares, "lower_bound": leasts}


async def _measure(spells: int) -> tuple[list[float], list[float]]:
    with folder() as one, folder() as other:
        async with (
            estate(one, owners=OWNERS) as here,
            estate(other, owners=OWNERS) as there,
            here.concierge() as concierge,
            there.bot(lower_bound) as bot,
        ):
            shares, leasts = list[float](), list[float]()
            for _ in range(spells + 1):
                shares.append(await _spell(here, concierge, SECONDS))
                leasts.append(await _passed(there, bot, SECONDS))
            return shares[1:], leasts[1:]


async def _passed(there: Estate, bot: Program, seconds: int) -> float:
    """Measures a spell of the lower bound, which takes words for taps. Returns the percentage of one core."""
    count, cards, cpu, start = RATE * seconds, there.cards, bot.cpu, time.perf_counter()
    for number in range(count):
        await asyncio.sleep(max(0, start + number / RATE - time.perf_counter()))
        await there.owners[number].writes(f"wish {number}")
    await until(lambda: there.cards - cards >= count)
    return (bot.cpu - cpu) / seconds * 100


async def _spell(here: Estate, concierge: Program, seconds: int) -> float:
    """Measures a spell of the concierge until all is done. Returns the percentage of one core."""
    count = RATE * seconds
    ready = here.ready_to_send()[:count]
    cards, cpu, start = here.cards, concierge.cpu, time.perf_counter()
    for number, (owner, message, data) in enumerate(ready):
        await asyncio.sleep(max(0, start + number / RATE - time.perf_counter()))
        await owner.taps_data(message, data, wait=False)
    await until(lambda: here.cards - cards >= count and not here.unsent(), look=0.1)
    return (concierge.cpu - cpu) / seconds * 100


if __name__ == "__main__":
    main("steady", measure)
