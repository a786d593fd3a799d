"""Fixtures of the tests of the runtime."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.runtime.harness import Books


@pytest.fixture
def books(database_url: str) -> Iterator[Books]:
    """Yields the test's database, seen from outside the concierge."""
    found = Books(database_url)
    yield found
    found.close()
