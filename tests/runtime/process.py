"""The concierge in a process of its own, with the playground beside it: to be killed and started again."""

from __future__ import annotations

import fcntl
import hashlib
import itertools
import json
import os
import signal
import socket
import sys
import tempfile
import time as real_time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from concierge_bot.clocks import FileClock
from concierge_bot.demo.bot_process import BotProcess
from concierge_bot.playground import Fault, FaultKind, Person, Playground
from tests.runtime.harness import Books, Household, Ready, first_estate, move_in, ready_to_send, until
from tests.support.databases import make_schema
from tests.support.world import newest

ROOT = Path(__file__).parents[2]
START = 90.0
"""Seconds that a start may take on a slow machine."""
NO_LIMITS = {
    "RATE_OVERALL": "100000",
    "RATE_GROUP": "100000",
    "RATE_PRIVATE": "100000",
    "RATE_BURST": "100000",
}


class Zygote:
    """See `tests/runtime/zygote.py`. Whoever names the same folder has the same one: to import takes it long."""

    def __init__(self, folder: Path | None = None) -> None:
        mark = hashlib.sha256(str(folder or uuid4()).encode()).hexdigest()[:16]
        address = Path(tempfile.gettempdir()) / f"concierge-zygote-{mark}"  # short: a socket's path has few letters
        self._socket = socket.socket(socket.AF_UNIX)
        with address.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with suppress(ConnectionRefusedError, FileNotFoundError):
                self._socket.connect(str(address))
                return
            address.unlink(missing_ok=True)  # of one that was killed
            environment = {**os.environ, "PYTHONPATH": str(ROOT)}
            os.posix_spawn(sys.executable, [sys.executable, "-m", "tests.runtime.zygote", str(address)], environment)
            self._connect(str(address))

    def _connect(self, address: str) -> None:
        end = real_time.monotonic() + START
        while True:
            try:
                self._socket.connect(address)
            except OSError:  # it is not there yet
                if real_time.monotonic() > end:
                    raise
                real_time.sleep(0.01)
            else:
                return

    def order(self, **order: object) -> None:
        """Orders the start of a process."""
        self._socket.sendall(json.dumps(order).encode() + b"\n")

    def close(self) -> None:
        """Needs it no more: with the last who does, it ends."""
        self._socket.close()


class ForkedBot(BotProcess):
    """The bot's process, forked from one that has imported the concierge already."""

    def __init__(self, zygote: Zygote, folder: Path, *arguments: str, **options: Any) -> None:
        super().__init__(folder, **options)
        self._zygote, self._arguments = zygote, arguments
        self._starts = itertools.count()
        self._status = folder / "none.status"

    @property
    def is_running(self) -> bool:
        return len(self._standing()) == 1

    async def start(self) -> None:
        if self.is_running:
            return
        self._status = self.folder / f"{next(self._starts)}.status"
        self._zygote.order(
            log=str(self.log_file),
            status=str(self._status),
            folder=str(self.folder),
            environment=self.environment,
            arguments=self._arguments,
        )
        await until(self._standing, START)

    async def stop(self) -> int | None:
        await self._end(signal.SIGTERM)
        return self._standing()[1]

    async def _end(self, sign: signal.Signals) -> None:
        if self.is_running:
            os.kill(self._standing()[0], sign)
            await until(lambda: not self.is_running, START, look=0.005)

    def _standing(self) -> list[int]:
        """Returns the process id, and the exit status once it has ended; empty before the start."""
        return [int(word) for word in self._status.read_text().split()] if self._status.exists() else []


@dataclass
class Living:
    """A bot's process with everything around it."""

    telegram: Playground
    bot: BotProcess
    books: Books
    house: Household
    kills: int = field(default=0)

    @property
    def now(self) -> datetime:
        """Returns the moment by the bot's clock."""
        return self.bot.clock.now()

    def turn(self, by: timedelta) -> None:
        """Turns the bot's clock."""
        FileClock.write(self.bot.clock_file, self.bot.clock.offset() + by)

    async def start(self) -> None:
        """Starts the process, and waits until it polls, or has set its webhook."""
        before = self._starts()
        await self.bot.start()
        await until(lambda: self._starts() > before, START)

    def _starts(self) -> int:
        return sum(len(self.telegram.requests_of(method)) for method in ("deleteWebhook", "setWebhook"))

    async def kill_and_restart(self) -> None:
        """Kills the process by SIGKILL, and starts it again. Its calls in flight meet the faults in force as well."""
        await self.bot.kill()
        self.kills += 1
        await self.start()
        self.telegram.faults.clear()

    async def killed_at(self, fault: Fault) -> None:
        """Kills the process at the very call that a fault strikes, and starts it again."""
        await until(lambda: fault.struck)
        await self.kill_and_restart()

    def strikes(self, kind: FaultKind, method: str, chat_id: int, text: str = "") -> Fault:
        """Adds a fault for the next such call with this text; those that follow it, a second try as well, never arrive.

        So nothing goes through between the strike and the kill.
        """
        fault = self.telegram.faults.add(Fault(kind, method=method, chat_id=chat_id, text=text, times=1))
        self.telegram.faults.add(Fault(FaultKind.DROP_BEFORE, method=method, chat_id=chat_id))
        return fault

    async def tap(self, person: Person, button: str) -> None:
        """Taps a button of the group's newest message that has it, without waiting for the answer."""
        message, data = await until(lambda: newest(self.house.group, button))
        await person.taps_data(message, data, wait=False)

    def ready(self) -> list[Ready]:
        """Makes drafts that are ready to send; see `ready_to_send`."""
        return ready_to_send(self.telegram, self.books, self.now, self.house.owners)


@asynccontextmanager
async def living(
    folder: Path,
    database_url: str,
    zygote: Zygote | None = None,
    *,
    owners: int = 1,
    butlers: int = 1,
    settings: dict[str, str] | None = None,
    keep_calls: int | None = None,
) -> AsyncIterator[Living]:
    """Yields the process on duty, at noon, on an estate where everybody has joined."""
    file = folder / "clock.json"
    zone = ZoneInfo("Asia/Shanghai")
    now = datetime.now(UTC)
    FileClock.write(file, datetime.combine(now.astimezone(zone).date(), time(12), zone) - now)
    clock = FileClock(file)
    make_schema(database_url)
    books = Books(database_url)
    first_estate(books, clock)
    async with Playground(now=clock.now, keep_calls=keep_calls) as telegram:
        house = await move_in(telegram, books, clock.now(), owners=owners, butlers=butlers)
        wanted = {**NO_LIMITS, "DATABASE_URL": database_url, **(settings or {})}
        options = {"token": telegram.token, "api_url": telegram.api_url, "settings": wanted}
        bot = ForkedBot(zygote, folder, **options) if zygote else BotProcess(folder, **options)  # type: ignore[arg-type]
        found = Living(telegram, bot, books, house)
        try:
            await found.start()
            yield found
        finally:
            await bot.kill()
            books.close()
