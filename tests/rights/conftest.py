"""Fixtures of the tests of rights."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.rights.household import Household, settle
from tests.runtime.conftest import world  # noqa: F401 - a fixture
from tests.runtime.harness import Books
from tests.support.cast import left_in_order
from tests.support.world import World


@pytest.fixture
async def household(world: World, books: Books, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Household]:  # noqa: F811
    """Two estates on duty."""
    monkeypatch.setattr("concierge_bot.desk.people.refusals.MOST_A_DAY", 10_000)
    yield await settle(world, books)
    await left_in_order(world)
