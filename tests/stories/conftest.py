"""The estate of the stories, which checks at the end that nothing went wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.stories.cast import left_in_order
from tests.world import World


@pytest.fixture
async def world(world: World) -> AsyncIterator[World]:
    """Yields an estate on duty; checks at the end that nothing was set aside, and that Telegram refused no call."""
    yield world
    await left_in_order(world)
