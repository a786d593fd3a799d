"""The memory of the program after a thousand updates, and after a hundred thousand."""

from __future__ import annotations

from typing import Any

from benchmarks.estate import Estate, estate, until
from benchmarks.figures import Row, at_most, main
from benchmarks.programs import folder
from concierge_bot.runtime.processes.event_loop import run_on_duty

OWNERS = 200
FIRST, LAST = 1_000, 100_000
GROWTH, MOST = 1.1, 300.0


def measure(quick: bool) -> tuple[list[Row], dict[str, Any]]:
    """Measures requests, round after round; each is an update with an answer and two cards."""
    last = LAST // 50 if quick else LAST
    held = run_on_duty(_measure(last))
    first, at_end = held[0][1], held[-1][1]
    ratio = at_end / first
    shown = f"{ratio:.2f} × ({at_end:.0f} MB to {first:.0f} MB)"
    return [
        at_most(f"memory after {last:,} updates", f"after {FIRST:,}", ratio, GROWTH, shown=shown),
        at_most(f"memory after {last:,} updates, in all", "-", at_end, MOST, " MB", f"{at_end:.0f} MB"),
    ], {"held": held}


async def _measure(last: int) -> list[tuple[int, float]]:
    held = []
    with folder() as where:
        async with estate(where, owners=OWNERS) as here, here.concierge() as concierge:
            for done in range(OWNERS, last + 1, OWNERS):
                await _round(here)
                if done % FIRST == 0:
                    held.append((done, concierge.memory))
    return held


async def _round(here: Estate) -> None:
    cards = here.cards
    for owner, message, data in here.ready_to_send():
        await owner.taps_data(message, data, wait=False)
    await until(lambda: here.cards - cards >= OWNERS and not here.unsent(), look=0.05)


if __name__ == "__main__":
    main("memory", measure)
