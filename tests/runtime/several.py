"""An installation of several processes on one PostgreSQL: each part twice, any of them to be killed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from concierge_bot.clocks import FileClock
from concierge_bot.playground import Playground
from tests.runtime.harness import Books, Household, Ready, first_estate, free_port, move_in, ready_to_send, until
from tests.runtime.process import NO_LIMITS, START, ForkedBot, Zygote
from tests.support.databases import make_schema

ON_DUTY = "the concierge is on duty"
EVERYTHING = "everything"
"""The name of a process with all parts, which polls."""
EACH_TWICE = ("intake", "intake", "delivery", "delivery", "clock", "clock")


class PartProcess(ForkedBot):
    """A process that runs one part."""

    part: str
    _begins_at = 0
    """Where the log of the present run begins."""

    async def start(self) -> None:
        """Starts the process, and waits until it is on duty."""
        before = self._said(ON_DUTY)
        self._begins_at = len(self.log_file.read_text()) if self.log_file.exists() else 0
        await super().start()
        await until(lambda: self._said(ON_DUTY) > before, START)

    def _said(self, words: str) -> int:
        return self.log_file.read_text().count(words) if self.log_file.exists() else 0

    @property
    def is_on_post(self) -> bool:
        """Returns whether the process is the leader, by its log since it was started."""
        log = self.log_file.read_text()[self._begins_at :]
        return log.rfind(f"{self.part}: takes the lead") > log.rfind(f"{self.part}: gives up the lead")


@dataclass
class Installation:
    """The processes with everything around them."""

    telegram: Playground
    books: Books
    house: Household
    processes: list[PartProcess]
    clock: FileClock
    clock_file: Path

    def of(self, part: str) -> list[PartProcess]:
        """Returns the processes of one part."""
        return [process for process in self.processes if process.part == part]

    def on_post(self, part: str) -> PartProcess | None:
        """Returns the leader among the processes of a part; None where there is none."""
        return next((process for process in self.of(part) if process.is_running and process.is_on_post), None)

    def turn(self, by: timedelta) -> None:
        """Turns the clock of all processes."""
        FileClock.write(self.clock_file, self.clock.offset() + by)

    def ready(self) -> list[Ready]:
        """Makes drafts that are ready to send; see `ready_to_send`."""
        return ready_to_send(self.telegram, self.books, self.clock.now(), self.house.owners)

    def logs(self) -> str:
        """Returns the logs of all processes."""
        return "".join(process.log_file.read_text() for process in self.processes)


def _door() -> dict[str, str]:
    port = free_port()
    return {
        "WEBHOOK_URL": f"http://127.0.0.1:{port}/hook",
        "WEBHOOK_SECRET": "a-secret-of-enough-letters",
        "WEBHOOK_LISTEN": f"127.0.0.1:{port}",
    }


@asynccontextmanager
async def installed(
    folder: Path,
    database_url: str,
    zygote: Zygote,
    *,
    parts: Sequence[str] = EACH_TWICE,
    owners: int = 1,
    butlers: int = 1,
    settings: dict[str, str] | None = None,
    kind: str = "supergroup",
) -> AsyncIterator[Installation]:
    """Yields an estate at noon where everybody has joined, with the processes of `parts` on duty.

    Separate intakes are behind a webhook.
    """
    file = folder / "clock.json"
    zone = ZoneInfo("Asia/Shanghai")
    now = datetime.now(UTC)
    FileClock.write(file, datetime.combine(now.astimezone(zone).date(), time(12), zone) - now)
    clock = FileClock(file)
    make_schema(database_url)
    books = Books(database_url)
    first_estate(books, clock)
    async with Playground(now=clock.now) as telegram:
        house = await move_in(telegram, books, clock.now(), owners=owners, butlers=butlers, kind=kind)
        wanted = {**NO_LIMITS, "DATABASE_URL": database_url, "CLOCK_FILE": str(file), **(settings or {})}
        if EVERYTHING not in parts:
            wanted |= _door()
        processes = []
        for number, part in enumerate(parts):
            home = folder / f"{number}-{part}"
            home.mkdir()
            arguments = () if part == EVERYTHING else ("--only", part)
            process = PartProcess(
                zygote, home, *arguments, token=telegram.token, api_url=telegram.api_url, settings=wanted
            )
            process.part = part
            processes.append(process)
        try:
            await asyncio.gather(*(process.start() for process in processes))
            asked = "deleteWebhook" if EVERYTHING in parts else "setWebhook"
            await telegram.until(lambda: telegram.requests_of(asked), START)
            yield Installation(telegram, books, house, processes, clock, file)
        finally:
            await asyncio.gather(*(process.kill() for process in processes))
            books.close()
