"""The wait of owners for the answer to their tap: all at once, and while an announcement goes out."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import aiohttp

from benchmarks.estate import Estate, Tap, estate, until
from benchmarks.figures import Row, at_most, main, median, percentile
from benchmarks.programs import folder
from concierge_bot.runtime.processes.event_loop import run_on_duty
from storage.tables.queues import OutboxMessage, Urgency

OWNERS, LATENCY, TARGET = 200, 0.1, 10.0
READERS, BULK_LATENCY, BULK_TARGET = 2000, 0.05, 300.0
TAPPERS = 100
TAPS_A_SECOND = 3.0


class Waits:
    """The seconds between each tap and its answer."""

    def __init__(self, here: Estate) -> None:
        self._here = here
        self._made: dict[str, float] = {}
        self.seconds: list[float] = []
        self._events = here.telegram.subscribe()
        self._listening = asyncio.create_task(self._listen())

    async def close(self) -> None:
        """Stops listening."""
        self._events.close()
        await self._listening

    async def _listen(self) -> None:
        async for event in self._events:
            if event.kind == "tap":
                self._made[event.detail["id"]] = time.perf_counter()
            elif event.kind == "answer":
                self.seconds.append(time.perf_counter() - self._made.pop(event.detail["id"]))


def measure(quick: bool) -> tuple[list[Row], dict[str, Any]]:
    """Measures both, each on an estate of its own."""
    latency, rounds = run_on_duty(_all_at_once(rounds=1 if quick else 5))
    ratios = [percentile(seconds, 0.99) / latency for seconds in rounds]
    ratio = median(ratios)
    shown = f"{ratio:.1f} × ({ratio * latency * 1000:.0f} ms)"
    what = f"tap to answer, {OWNERS} owners at once, {LATENCY * 1000:.0f} ms server latency: p99"
    first = at_most(what, "the server's latency", ratio, TARGET, " ×", shown)
    waits = run_on_duty(_beside_an_announcement(readers=READERS // 20 if quick else READERS))
    wait = percentile(waits, 0.99) * 1000
    what = f"tap to answer while an announcement to {READERS} owners goes out, {BULK_LATENCY * 1000:.0f} ms, 30/s: p99"
    second = at_most(what, "-", wait, BULK_TARGET, " ms", f"{wait:.0f} ms")
    return [first, second], {
        "latency": latency,
        "ratios": ratios,
        "rounds": rounds,
        "beside_an_announcement": waits,
    }


async def _all_at_once(rounds: int) -> tuple[float, list[list[float]]]:
    with folder() as where:
        async with estate(where, owners=OWNERS) as here, here.concierge():
            here.slow(LATENCY)
            latency = await _latency(here)
            await _tapped(here, here.ready_to_send())
            return latency, [await _tapped(here, here.ready_to_send()) for _ in range(rounds)]


async def _latency(here: Estate) -> float:
    """Measures the latency of a call that does nothing, in seconds: the median of ten."""
    url = f"{here.telegram.api_url}/bot{here.telegram.token}/getMe"
    found = []
    async with aiohttp.ClientSession() as session:
        for _ in range(10):
            start = time.perf_counter()
            async with session.get(url) as response:
                await response.read()
            found.append(time.perf_counter() - start)
    return median(found)


async def _tapped(here: Estate, ready: list[Tap]) -> list[float]:
    """Taps all at once. Returns the seconds each waited, once everything else has come to rest as well."""
    waits, cards = Waits(here), here.cards
    for owner, message, data in ready:
        await owner.taps_data(message, data, wait=False)
    await until(lambda: len(waits.seconds) >= len(ready))
    await until(lambda: here.cards - cards >= len(ready) and not here.unsent(), look=0.1)
    await waits.close()
    return waits.seconds


async def _beside_an_announcement(readers: int) -> list[float]:
    """Taps now and then while an announcement goes out under Telegram's limits. Returns the waits in seconds."""
    limits = {"RATE_OVERALL": "30", "RATE_GROUP": "20", "RATE_PRIVATE": "1", "RATE_BURST": "5"}
    with folder() as where:
        async with estate(where, owners=TAPPERS + readers) as here:
            tappers, others = here.owners[:TAPPERS], here.owners[TAPPERS:]
            async with here.concierge(limits):
                here.slow(BULK_LATENCY)
                here.owners = tappers
                ready = here.ready_to_send()
                here.write(OutboxMessage, (_announced(here, person.id) for person in others))
                await until(lambda: here.unsent() <= readers - 10, look=0.1)
                waits = Waits(here)
                for tap in ready[: max(10, readers // 20)]:
                    owner, message, data = tap
                    await owner.taps_data(message, data, wait=False)
                    await asyncio.sleep(1 / TAPS_A_SECOND)
                    if here.unsent() < 10:
                        break
                await asyncio.sleep(1)
                await waits.close()
                return waits.seconds


def _announced(here: Estate, chat_id: int) -> dict[str, Any]:
    return here.message(chat_id, "The pool is closed on Monday.", Urgency.BULK)


if __name__ == "__main__":
    main("answers", measure)
