"""Commands in the process of the tests, and an installation for them."""

from __future__ import annotations

import asyncio
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

import pytest
from sqlmodel import update

from concierge_bot.cli import main
from concierge_bot.clocks import Clock
from concierge_bot.playground import Playground
from storage import schema
from storage.engine.unit import Storage
from storage.tables.queues import Timer, TimerState
from tests.runtime.harness import Books, first_estate

TOKEN = "987654321:AAEa-token_that-stays_secret"


@dataclass
class Ended:
    """How a command ended."""

    status: int
    said: str
    complained: str


def run(*arguments: str) -> Ended:
    """Runs a command in this process, as the shell would."""
    said, complained, before = StringIO(), StringIO(), sys.argv
    sys.argv = ["concierge", *arguments]
    try:
        with redirect_stdout(said), redirect_stderr(complained):
            main()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    else:
        status = 0
    finally:
        sys.argv = before
    return Ended(status, said.getvalue(), complained.getvalue())


@dataclass
class Home:
    """An installation: what is set for it, and the Telegram that it talks to."""

    telegram: Playground
    books: Books
    database_url: str
    environment: pytest.MonkeyPatch
    names: set[str] = field(default_factory=set)

    def set(self, **settings: str | None) -> None:
        """Sets settings, or takes them away."""
        for name, value in settings.items():
            if value is None:
                self.environment.delenv(f"CONCIERGE_{name.upper()}", raising=False)
            else:
                self.environment.setenv(f"CONCIERGE_{name.upper()}", value)

    def write(self, name: str, text: str) -> None:
        """Writes a file into the folder of the commands."""
        Path(name).write_text(text, encoding="utf-8")

    def migrated(self) -> None:
        """The database has the present schema, and nothing to do."""
        storage = Storage(self.database_url)
        if schema.present(storage) is None:
            schema.upgrade(storage)
        storage.close()
        first_estate(self.books, Clock())
        with self.books.session() as session:  # today's birthdays were looked at
            session.exec(update(Timer).values(state=TimerState.FIRED))

    async def run(self, *arguments: str) -> Ended:
        """Runs a command while Telegram goes on."""
        return await asyncio.to_thread(run, *arguments)

    async def findings(self) -> dict[str, str]:
        """What `concierge doctor` found wrong."""
        ended = await self.run("doctor")
        wrong = [line[2:].split(": ", 1) for line in ended.said.splitlines() if line.startswith("✗ ")]
        assert ended.status == (1 if wrong else 0)
        assert ended.complained == ""
        assert TOKEN not in ended.said
        return {what: said for what, said in wrong}  # noqa: C416 - pairs of two
