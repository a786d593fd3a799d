"""The estate of the cases, which checks at the end that nothing went wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.runtime.conftest import books  # noqa: F401 - a fixture
from tests.runtime.test_commands import home  # noqa: F401 - a fixture
from tests.stories.cast import left_in_order
from tests.world import World


@pytest.fixture
async def world(world: World) -> AsyncIterator[World]:
    """Yields an estate on duty; checks at the end that nothing was set aside, and that Telegram refused no call."""
    yield world
    await left_in_order(world)
