"""Fixtures of the tests of the runtime."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.support.systemd import Systemd
from tests.support.world import World, opened


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """Yields an estate on duty where trouble is meant; checks at the end that no call broke a rule of the Bot API."""
    async with opened(database_url) as found:
        yield found
        assert found.telegram.violations == []


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[Systemd]:
    """Listens on a socket's file."""
    found = Systemd(str(tmp_path / "notify"))
    yield found
    found.close()
