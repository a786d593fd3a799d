"""The estate of 0.1.0, in each of the ways in which it may come to today's program."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import make_url

from storage import schema
from tests.support.databases import PostgresServer, sqlite_url
from tests.upgrade.kept import Estate, lay_down, migrate, restore, taken_over

RELEASE = "0.1.0"
A_FILE, AN_ARCHIVE, A_MOVE = "its file", "its archive", "its archive, postgresql"


@pytest.fixture(params=[A_FILE, AN_ARCHIVE, A_MOVE])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Returns the URL of a database of 0.1.0, upgraded to today's schema: each test has a copy of its own."""
    if request.param == A_MOVE:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        return server.copy(_moved(server))
    url = sqlite_url(tmp_path)
    Path(make_url(url).database or "").write_bytes(_brought_up(request.param))
    return url


@cache
def _brought_up(way: str) -> bytes:
    with TemporaryDirectory(prefix="concierge-upgrade-") as folder:
        url = sqlite_url(Path(folder))
        if way == A_FILE:
            lay_down(RELEASE, url)
            assert migrate(url) == f"schema: 0005 → {schema.needed()}"
        else:
            restore(RELEASE, url)
        return Path(make_url(url).database or "").read_bytes()


@cache
def _moved(server: PostgresServer) -> str:
    url = server.new(empty=True)
    restore(RELEASE, url)
    return url


@pytest.fixture
async def waiting(database_url: str) -> AsyncIterator[Estate]:
    """Yields the estate a moment before today's program starts."""
    async with taken_over(RELEASE, database_url) as estate:
        yield estate


@pytest.fixture
async def estate(waiting: Estate) -> Estate:
    """Returns the estate with today's program on duty."""
    await waiting.world.start()
    return waiting
