"""The lists and the figures with a thousand requests kept, and with a million."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from benchmarks.estate import Estate, estate
from benchmarks.figures import Row, at_most, main, median
from benchmarks.programs import folder
from benchmarks.rows import past
from concierge_bot.catalogue import model as catalogues
from concierge_bot.clocks import Clock
from concierge_bot.desk.capabilities import CAPABILITIES
from concierge_bot.desk.context import Caller, Desk, Sender
from concierge_bot.desk.menus import menus
from concierge_bot.desk.people import callers
from concierge_bot.desk.reports import lists, reports
from concierge_bot.runtime.processes.event_loop import run_on_duty
from concierge_bot.settings import SHIPPED_CATALOGUE

FEW, MANY = 1_000, 1_000_000
OWNERS = 300
MONTH = "30"
CATALOGUE = catalogues.load(SHIPPED_CATALOGUE)

Ask = Callable[[Desk, Caller], object]


def measure(quick: bool) -> tuple[list[Row], dict[str, Any]]:
    """Measures turn by turn in both databases."""
    many = MANY // 50 if quick else MANY
    few_times, many_times = run_on_duty(_measure(many, rounds=5 if quick else 50))
    rows = []
    for what in ("list", "open"):
        few, found = median(few_times[what]), median(many_times[what])
        name = {"list": "an owner's list", "open": "the staff's /open"}[what]
        shown = f"{found / few:.2f} × ({found * 1000:.1f} ms to {few * 1000:.1f} ms)"
        rows.append(at_most(f"{name} with {many:,} requests kept", f"with {FEW:,}", found / few, 2.0, shown=shown))
    month = median(many_times["month"])
    rows.append(at_most(f"a month's figures with {many:,} requests kept", "-", month, 2.0, " s"))
    return rows, {"few": few_times, "many": many_times}


async def _measure(many: int, rounds: int) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    with folder() as one, folder() as other:
        async with estate(one, owners=OWNERS) as small, estate(other, owners=OWNERS) as large:
            for here, count in ((small, FEW), (large, many)):
                owners = [here.person_ids[owner.id] for owner in here.owners]
                past(here.storage, here.estate_id, here.villa_id, owners, here.person_ids[here.supervisor.id], count)
            found: tuple[dict[str, list[float]], ...] = ({}, {})
            for number in range(rounds):
                for here, times in zip((small, large), found, strict=True):
                    _ask(here, times, number)
            return found[0], found[1]


def _ask(here: Estate, times: dict[str, list[float]], number: int) -> None:
    owner, chief = here.owners[number % OWNERS].id, here.supervisor.id
    questions: list[tuple[str, int, Ask]] = [
        ("list", owner, menus.my_requests),
        ("open", chief, lists.open_requests),
    ]
    if number % 10 == 0:
        questions.append(("month", chief, _month_of_promises))
    for what, telegram_id, ask in questions:
        times.setdefault(what, []).append(_timed(here, telegram_id, ask))


def _month_of_promises(desk: Desk, caller: Caller) -> object:
    """Builds the words and the lines of the plot."""
    return reports.promises(desk, caller, MONTH)


def _timed(here: Estate, telegram_id: int, ask: Ask) -> float:
    """Times a whole unit of work in seconds, from the identification of the caller to the text."""
    start = time.perf_counter()
    with here.storage.unit() as session:
        desk = Desk(session, Clock().now(), CATALOGUE, capabilities=CAPABILITIES)
        ask(desk, callers.identify(desk, Sender(telegram_id, telegram_id)))
    return time.perf_counter() - start


if __name__ == "__main__":
    main("million", measure)
