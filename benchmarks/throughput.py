"""Updates a second over the whole path: an owner's tap, the commit, the card that the server has accepted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from benchmarks import relay as reference
from benchmarks.estate import Estate, estate, until
from benchmarks.figures import Row, at_least, main, median
from benchmarks.programs import Program, folder, program

OWNERS = 300
TARGET = 0.4
PAUSE = 0.5
"""Seconds of rest between two rounds."""

Sample = dict[str, float]


def measure(quick: bool) -> tuple[list[Row], dict[str, Any]]:
    """Rounds of both in turn, so that whatever else the machine does befalls both alike."""
    relays, ours = asyncio.run(_measure(rounds=2 if quick else 5, taps=2 if quick else 5))
    ratios = [mine["rate"] / bare["rate"] for bare, mine in zip(relays, ours, strict=True)]
    ratio = median(ratios)
    shown = (
        f"{ratio:.2f} ({median(one['rate'] for one in ours):.0f}/s to {median(one['rate'] for one in relays):.0f}/s)"
    )
    what = "updates a second, whole path: an owner's tap, commit, card accepted by the server; limits off, SQLite"
    row = at_least(what, "a bare aiogram relay without any storage", ratio, TARGET, shown)
    return [row], {"relay": relays, "concierge": ours, "ratios": ratios}


async def _measure(rounds: int, taps: int) -> tuple[list[Sample], list[Sample]]:
    relays, ours = [], []
    with folder() as one, folder() as other:
        async with (
            estate(one, owners=OWNERS) as there,
            estate(other, owners=OWNERS) as here,
            _relay(there) as bare,
            here.concierge() as concierge,
        ):
            await _relayed(there, bare, 1)
            await _requested(here, concierge, 1)
            for _ in range(rounds):
                relays.append(await _relayed(there, bare, taps))
                ours.append(await _requested(here, concierge, taps))
    return relays, ours


@asynccontextmanager
async def _relay(there: Estate) -> AsyncIterator[Program]:
    """The bare relay over an estate of its own, of which it uses people and group only."""
    telegram = there.telegram
    arguments = ("-m", reference.__name__, telegram.api_url, telegram.token, str(there.group.id))
    async with program(*arguments, where=there.folder) as found:
        await there.asked(found)
        yield found


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
    """All are on their way; the clock runs until each has its message in the group."""
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
