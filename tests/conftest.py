"""Fixtures that every test may use."""

from __future__ import annotations

import asyncio
import gc
import os
import ssl
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import certifi
import pytest
import uvloop
from hypothesis import HealthCheck, settings

from concierge_bot.desk.requests import board_changes
from concierge_bot.playground import Playground
from tests.runtime.harness import Books
from tests.runtime.process import Zygote
from tests.support.cast import on_duty
from tests.support.commands import TOKEN, Home
from tests.support.databases import PostgresServer, engine_that_compiles_once, postgres, sqlite_url
from tests.support.keyboard import Typed, keyboard
from tests.support.world import World

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", settings.get_profile("patient"))
settings.load_profile("patient")
"""How long an example takes says something of the machine, and nothing of the rule."""


def pytest_collection_finish() -> None:
    """Freezes what was imported and collected: examined again and again, it took an eighth of the whole run."""
    gc.freeze()


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Returns the event loop of the concierge on duty, for the tests to run on."""
    return {"uvloop": uvloop.new_event_loop}


DEAREST = ("tests/week/test_week.py", "tests/test_story.py", "tests/test_guide.py", "tests/test_house_rules.py")
"""What takes a minute or more by itself: begun last, it would keep one worker busy while the others have gone home.

The first hundred tests go to one worker: what is prepared for all tests of a file is prepared once there.
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begins with the dearest tests; the others keep their order. Leaves out rows of words on a second database."""
    items[:] = [item for item in items if not _is_row_again(item)]
    order = {name: place for place, name in enumerate(DEAREST)}
    items.sort(key=lambda item: order.get(item.nodeid.partition("::")[0], len(order)))


_on_postgresql: dict[str, str] = {}
"""The first row that is tried on PostgreSQL, by the test without its rows."""


def _is_row_again(item: pytest.Item) -> bool:
    """Returns whether another row of the same words is tried on PostgreSQL already: to the database they are alike."""
    row = getattr(item, "callspec", None)
    if row is None or row.params.get("database_url") != "postgresql" or not item.get_closest_marker("rows_of_words"):
        return False
    return _on_postgresql.setdefault(item.nodeid.partition("[")[0], item.nodeid) != item.nodeid


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, Any, Any]:
    """Replaces lone surrogates in a report of a failure: unreadable, it would end the whole run of a worker."""
    return _readable((yield))


def _readable(found: Any) -> Any:
    if isinstance(found, str):
        return found.encode(errors="replace").decode()
    if isinstance(found, dict):
        return {_readable(key): _readable(value) for key, value in found.items()}
    return type(found)(map(_readable, found)) if isinstance(found, list | tuple) else found


@pytest.fixture(autouse=True, scope="session")
def made_once() -> Iterator[None]:
    """Caches, for all tests, compiled statements and the certificates of all authorities."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("storage.engine.unit.create_engine", engine_that_compiles_once)
        certificates = ssl.create_default_context(cafile=certifi.where())
        patch.setattr(
            "aiogram.client.session.aiohttp.ssl", SimpleNamespace(create_default_context=lambda **_: certificates)
        )
        yield


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """Yields a PostgreSQL server, started when the first test wants it."""
    yield from postgres()


@pytest.fixture
def boards() -> None:
    """Turns boards on, which only tests about them have."""


@pytest.fixture(autouse=True)
def no_other_boards(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Turns boards off: on a slow machine one follows in the middle of a test that looks for a card."""
    if "boards" not in request.fixturenames:
        monkeypatch.setattr(board_changes, "note", lambda _desk, _estate_id: None)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yields the URL of a database of the test's own, on each of the two engines."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path)
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.new()
    yield url
    server.give_back(url)


@pytest.fixture(scope="session")
def zygote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zygote]:
    """Where processes of the concierge's come from at once; all workers of a test run share one."""
    folder = tmp_path_factory.getbasetemp()
    found = Zygote(folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder)
    yield found
    found.close()


@pytest.fixture
def books(database_url: str) -> Iterator[Books]:
    """Yields the test's database, seen from outside the concierge."""
    found = Books(database_url)
    yield found
    found.close()


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """Yields an estate on duty; checks at the end that it was left in order, and that no call broke a rule."""
    async with on_duty(database_url) as found:
        yield found


@pytest.fixture
def typed(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Types a command at the moment of the estate's clock, beside the concierge on duty."""
    return keyboard(world, tmp_path, monkeypatch)


@pytest.fixture
async def home(database_url: str, books: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Home]:
    """Yields an installation without a word in its database."""
    for name in list(os.environ):
        if name.startswith("CONCIERGE_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    async with Playground(token=TOKEN) as telegram:
        found = Home(telegram, books, database_url, monkeypatch)
        found.set(bot_token=TOKEN, api_url=telegram.api_url, database_url=database_url)
        yield found
