"""The wait of Telegram's calls while strangers besiege the webhook, and the end of a program without its database."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from typing import Any

from aiohttp.test_utils import unused_port

from benchmarks.estate import estate
from benchmarks.figures import Row, at_most, main, median, percentile
from benchmarks.programs import Program, folder, program
from benchmarks.strangers import HEAD
from concierge_bot.runtime.processes.event_loop import run_on_duty

SILENT, FORGED = 1000, 10_000
CALLS = 200
SECRET = "a-secret-of-enough-letters"
TARGETS = {"silent": 3.0, "forged": 10.0}
END_TARGET = 5.0
COMING = {"silent": 2.0, "forged": 0.2}
"""Seconds until the strangers have come."""


def measure(quick: bool) -> tuple[list[Row], dict[str, Any]]:
    """Measures calls with and without strangers in turn, then the ends."""
    rounds, share = (1, 2) if quick else (3, 1)
    raw: dict[str, Any] = {
        "silent": run_on_duty(_besieged("silent", SILENT // share, rounds, CALLS // share)),
        "forged": run_on_duty(_besieged("forged", FORGED // share, rounds, CALLS // share)),
    }
    free, locked = run_on_duty(_ends(rounds))
    raw |= {"free": free, "locked": locked}
    whats = {
        "silent": f"Telegram's call of the webhook, {SILENT // share:,} silent connections that come again: p99",
        "forged": f"the same while {FORGED // share:,} forged calls come over fifty connections: p99",
    }
    rows = [_row(what, raw[kind], TARGETS[kind]) for kind, what in whats.items()]
    ends = f"{median(locked):.2f} s ({median(free):.2f} s without the lock)"
    what = "SIGTERM until the end while SQLite is locked"
    return [*rows, at_most(what, "an unlocked one", median(locked), END_TARGET, " s", ends)], raw


def _row(what: str, measured: tuple[list[list[float]], list[list[float]]], target: float) -> Row:
    before, there = (median(percentile(each, 0.99) for each in rounds) for rounds in measured)
    shown = f"{there / before:.1f} × ({there * 1000:.1f} ms to {before * 1000:.1f} ms)"
    return at_most(what, "without them", there / before, target, " ×", shown)


async def _besieged(kind: str, count: int, rounds: int, calls: int) -> tuple[list[list[float]], list[list[float]]]:
    alone, besieged = list[list[float]](), list[list[float]]()
    with folder() as where:
        async with estate(where, owners=1) as here:
            port = unused_port()
            url = f"http://127.0.0.1:{port}/hook"
            door = {"WEBHOOK_URL": url, "WEBHOOK_SECRET": SECRET, "WEBHOOK_LISTEN": f"127.0.0.1:{port}"}
            numbers = itertools.count(10**8)
            async with here.concierge(door):
                await _calls(port, calls, numbers)
                for _ in range(rounds):
                    alone.append(await _calls(port, calls, numbers))
                    async with _strangers(kind, port, count) as strangers:
                        besieged.append(await _calls(port, calls, numbers, strangers if kind == "forged" else None))
    return alone, besieged


@asynccontextmanager
async def _strangers(kind: str, port: int, count: int) -> AsyncIterator[Program]:
    async with program("-m", "benchmarks.strangers", kind, str(port), str(count)) as found:
        await asyncio.sleep(COMING[kind])
        yield found


async def _calls(port: int, count: int, numbers: Iterator[int], during: Program | None = None) -> list[float]:
    """Calls as Telegram does, each on a connection of its own. Returns the seconds of each until it was kept.

    With `during`, it goes on for as long as that program runs, and only what was answered meanwhile counts.
    """
    found = list[float]()
    while len(found) < count if during is None else during.is_running:
        found.append(await _call(port, next(numbers)))
        await asyncio.sleep(0.005)
    return found


async def _call(port: int, number: int) -> float:
    """Times one call; one that was turned away is made again, and the time goes on."""
    body = f'{{"update_id": {number}}}'.encode()
    start = time.perf_counter()
    while True:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(HEAD.format(secret=SECRET, length=len(body)).encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
        except (OSError, asyncio.IncompleteReadError):
            continue
        writer.close()
        if not answer.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(answer.decode(errors="replace"))
        return time.perf_counter() - start


async def _ends(rounds: int) -> tuple[list[float], list[float]]:
    free, locked = list[float](), list[float]()
    for _ in range(rounds):
        free.append(await _end(is_locked=False))
        locked.append(await _end(is_locked=True))
    return free, locked


async def _end(*, is_locked: bool) -> float:
    """Times the end of a program that has something to write."""
    with folder() as where:
        async with estate(where, owners=1) as here, here.concierge() as running:
            with closing(sqlite3.connect(where / "concierge.sqlite")) as other:
                if is_locked:
                    other.execute("BEGIN EXCLUSIVE")
                    await here.owners[0].writes("Good morning")
                    await asyncio.sleep(0.5)
                start = time.perf_counter()
                await running.end()
                return time.perf_counter() - start


if __name__ == "__main__":
    main("siege", measure)
