"""Fixtures of the tests of rights."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from concierge_bot.clocks import FileClock
from tests.rights.household import Household, settle
from tests.runtime.conftest import world  # noqa: F401 - a fixture
from tests.runtime.harness import Books
from tests.support.cast import left_in_order
from tests.support.commands import Ended, run
from tests.support.world import World

Typed = Callable[..., Awaitable[Ended]]


@pytest.fixture
async def household(world: World, books: Books, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Household]:  # noqa: F811
    """Two estates on duty."""
    monkeypatch.setattr("concierge_bot.desk.people.refusals.MOST_A_DAY", 10_000)
    yield await settle(world, books)
    await left_in_order(world)


@pytest.fixture
def typed(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:  # noqa: F811
    """Types a command at the moment of the estate's clock; on the installation's database, or on the one given."""

    async def type_it(*arguments: str, database_url: str | None = None) -> Ended:
        monkeypatch.chdir(tmp_path)
        file = tmp_path / "clock.json"
        FileClock.write(file, world.clock.now() - datetime.now(UTC))
        monkeypatch.setenv("CONCIERGE_CLOCK_FILE", str(file))
        monkeypatch.setenv("CONCIERGE_DATABASE_URL", database_url or world.database_url)
        return await asyncio.to_thread(run, *arguments)

    return type_it
