"""Fixtures of the tests of estates."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from concierge_bot.clocks import FileClock
from tests.support.commands import Ended, run
from tests.support.world import World


@pytest.fixture
def typed(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Types a command at the moment of the estate's clock, beside the concierge on duty."""

    async def type_it(*arguments: str) -> Ended:
        monkeypatch.chdir(tmp_path)
        file = tmp_path / "clock.json"
        FileClock.write(file, world.clock.now() - datetime.now(UTC))
        monkeypatch.setenv("CONCIERGE_CLOCK_FILE", str(file))
        monkeypatch.setenv("CONCIERGE_DATABASE_URL", world.database_url)
        return await asyncio.to_thread(run, *arguments)

    return type_it
