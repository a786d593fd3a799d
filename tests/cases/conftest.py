"""What every story must leave behind in order."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.runtime.conftest import books  # noqa: F401 - a fixture
from tests.runtime.test_commands import home  # noqa: F401 - a fixture
from tests.stories.cast import left_in_order
from tests.world import World


@pytest.fixture
async def world(world: World) -> AsyncIterator[World]:
    """An estate on duty; at the end nothing was set aside, and the bot asked Telegram for nothing that can't be."""
    yield world
    await left_in_order(world)
