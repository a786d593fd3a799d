"""The keyboard of an operator: commands at the moment of the estate's clock, beside the concierge on duty."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from concierge_bot.clocks import FileClock
from tests.support.commands import Ended, run
from tests.support.world import World

Typed = Callable[..., Awaitable[Ended]]


def keyboard(world: World, folder: Path, environment: pytest.MonkeyPatch) -> Typed:
    """Returns what types a command: on the installation's database, or on the one given."""

    async def type_it(*arguments: str, database_url: str | None = None) -> Ended:
        environment.chdir(folder)
        file = folder / "clock.json"
        FileClock.write(file, world.clock.now() - datetime.now(UTC))
        environment.setenv("CONCIERGE_CLOCK_FILE", str(file))
        environment.setenv("CONCIERGE_DATABASE_URL", database_url or world.database_url)
        environment.setenv("CONCIERGE_API_URL", world.telegram.api_url)
        environment.setenv("CONCIERGE_BOT_TOKEN", world.telegram.token)
        return await asyncio.to_thread(run, *arguments)

    return type_it
