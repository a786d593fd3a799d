"""The processor's share that thirty requests a second take."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from benchmarks.estate import Estate, estate, until
from benchmarks.figures import Row, at_most, main, median
from benchmarks.programs import Program, folder

RATE = 30
OWNERS = 300
TARGET = 15.0


def measure(quick: bool) -> tuple[list[Row], dict[str, Any]]:
    """Requests at an even pace; the share is taken second by second over many of them."""
    shares = asyncio.run(_measure(seconds=5 if quick else 40))
    share = median(shares)
    what = f"processor time at {RATE} messages a second, each a request with its answer and both cards; limits off"
    return [at_most(what, "one core", share, TARGET, " %", f"{share:.1f} %")], {"percent_by_spell": shares}


async def _measure(seconds: int) -> list[float]:
    with folder() as where:
        async with estate(where, owners=OWNERS) as here, here.concierge() as concierge:
            await _spell(here, concierge, 5)
            return [await _spell(here, concierge, 5) for _ in range(max(1, seconds // 5))]


async def _spell(here: Estate, concierge: Program, seconds: int) -> float:
    """A few seconds of it, until all is done. Returns the percentage of one core."""
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
