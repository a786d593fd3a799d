"""Fixtures of the tests of attacks."""

from __future__ import annotations

from tests.runtime.conftest import world  # noqa: F401 - a fixture
