"""What the tests of the runtime share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.runtime.harness import Books


@pytest.fixture
def books(database_url: str) -> Iterator[Books]:
    """The test's database, looked at from outside."""
    found = Books(database_url)
    yield found
    found.close()
