"""A week of an estate: `python -m tests.week [--postgresql] [--keep]`.

Ends with 1 where somebody was rung without cause or left without a word, or where who hears what is no longer what was
read and kept.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import UTC, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from concierge_bot.desk.context import Desk
from concierge_bot.desk.requests import promises
from storage.tables.requests import UNFINISHED, Request
from storage.tables.rows import row_id
from tests.support.cast import on_duty
from tests.support.databases import postgres, sqlite_url
from tests.week.living import StillClock, Week, move_in
from tests.week.script import MONDAY, Fate, script
from tests.week.table import lines, rung_in_the_night, said_of

KEPT = Path(__file__).parent / "week.txt"
NEW = Path(__file__).parents[2] / ".cache" / "week.txt"


async def lived(database_url: str, days: int = 7) -> tuple[str, list[str]]:
    """Lives through the first days of the week. Returns the table of messages, and the faults."""
    clock = StillClock((MONDAY - timedelta(hours=4)).astimezone(UTC))
    async with on_duty(database_url, clock=clock) as world:
        week = await move_in(world)
        await week.live(script(), MONDAY + timedelta(days=days))
        return "\n".join(lines(week)) + "\n", [*_rung_without_cause(week), *await _left_without_a_word(week, days)]


def _rung_without_cause(week: Week) -> list[str]:
    urgent = {number for number, wish in week.numbers.items() if wish.is_urgent}
    return [f"{rung.name} was rung: {rung.line}" for rung in rung_in_the_night(week) if rung.number not in urgent]


async def _left_without_a_word(week: Week, days: int) -> list[str]:
    """Returns the faults of silence: late requests without an apology or a word to the supervisor, silent requests."""

    def late(desk: Desk) -> list[int]:
        found = (desk.session.get_one(Request, number) for number in week.numbers)
        return [
            row_id(request)
            for request in found
            if request.state in UNFINISHED and promises.overdue(request, desk.now - timedelta(hours=1))
        ]

    wrong = []
    for number in await week.world.desk(late):
        said = said_of(week, week.owners[week.numbers[number].owner], number)
        if not any("sorry" in one or "抱歉" in one for one in said):
            wrong.append(f"nobody apologised for #{number}")
        if not said_of(week, week.chen, number):
            wrong.append(f"the supervisor was not told of #{number}")
    silent = (
        number
        for number, wish in week.numbers.items()
        if wish.fate is not Fate.CANCELLED
        and wish.at < MONDAY + timedelta(days=days, hours=-4)  # of what is later the card itself says when they hear
        and not said_of(week, week.owners[wish.owner], number)
    )
    return [*wrong, *(f"the owner heard nothing of #{number}" for number in silent)]


def main() -> int:
    """Parses the arguments, and lives through the week."""
    parser = argparse.ArgumentParser(prog="week", description=__doc__)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--keep", action="store_true", help="keep the table, once it was read as each of these people")
    options = parser.parse_args()
    if options.postgresql:
        for server in postgres():
            table, wrong = asyncio.run(lived(server.new()))
    else:
        with TemporaryDirectory(prefix="concierge-week-") as folder:
            table, wrong = asyncio.run(lived(sqlite_url(Path(folder))))
    NEW.parent.mkdir(exist_ok=True)
    (KEPT if options.keep else NEW).write_text(table)
    if not options.keep and (not KEPT.exists() or KEPT.read_text() != table):
        wrong.append(f"who hears what has changed: read {NEW}")
    print("\n".join(wrong) or "nobody was rung without cause, and nobody left without a word")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
