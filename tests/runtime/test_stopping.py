"""SIGTERM ends the program in time whatever hangs, and nothing is lost by it."""

from __future__ import annotations

import re
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from sqlalchemy import make_url

from concierge_bot.demo.bot_process import BotProcess
from concierge_bot.runtime.processes.stopping import CUT_OFF, PROMISED
from storage.tables.queues import InboxUpdate
from tests.runtime.harness import only_sqlite, until
from tests.runtime.process import Zygote, living
from tests.support.commands import TOKEN
from tests.support.databases import PostgresServer, make_schema

BUSY_MACHINE = 20.0
"""Seconds that the end may take as a test measures it; the program's own line tells what it took by its clock."""
CUT = re.compile(r"cut off (\d+\.\d) s after SIGTERM")


@contextmanager
def locked(database_url: str) -> Iterator[None]:
    """Holds SQLite's one right to write and to read."""
    connection = sqlite3.connect(make_url(database_url).database or "", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.close()


@contextmanager
def frozen(server: PostgresServer) -> Iterator[None]:
    """Freezes a PostgreSQL server with all its processes: connections stand, and nobody answers."""
    postmaster = psutil.Process(server.pid)
    all_of_it = [postmaster, *postmaster.children(recursive=True)]
    for process in all_of_it:
        process.suspend()
    try:
        yield
    finally:
        for process in all_of_it:
            process.resume()


@contextmanager
def silence() -> Iterator[tuple[socket.socket, int]]:
    """Listens on a port of loopback; who connects is never answered."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        listening.setblocking(False)
        yield listening, listening.getsockname()[1]


def _in_time(bot: BotProcess) -> bool:
    """Returns whether the program says that it ended in time, where it had to be cut off."""
    found = CUT.search(bot.log_file.read_text())
    return found is not None and float(found[1]) < PROMISED


@only_sqlite
async def test_d8_sqlite_that_is_locked_holds_up_no_end(tmp_path: Path, database_url: str, zygote: Zygote) -> None:
    async with living(tmp_path, database_url, zygote) as bot:
        owner = bot.house.owners[0]
        await bot.telegram.settled()
        with locked(database_url):
            await owner.writes("/menu")
            began = time.monotonic()
            status = await bot.bot.stop()
            assert time.monotonic() - began < BUSY_MACHINE
            assert status == 0 or (status == CUT_OFF and _in_time(bot.bot))
        await bot.start()
        await owner.sees("How may we be of service?")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_d8_a_frozen_postgresql_holds_up_no_end(
    tmp_path: Path, database_url: str, zygote: Zygote, postgres_server: PostgresServer
) -> None:
    async with living(tmp_path, database_url, zygote) as bot:
        owner = bot.house.owners[0]
        await until(lambda: bot.books.count(InboxUpdate))
        with frozen(postgres_server):
            await owner.writes("/menu")
            began = time.monotonic()
            status = await bot.bot.stop()
            assert time.monotonic() - began < BUSY_MACHINE
            assert status == 0 or (status == CUT_OFF and _in_time(bot.bot))
        await bot.start()
        await owner.sees("How may we be of service?")


async def _ends(bot: BotProcess) -> int | None:
    began = time.monotonic()
    status = await bot.stop()
    assert time.monotonic() - began < BUSY_MACHINE
    assert "Traceback" not in bot.log_file.read_text()
    return status


@only_sqlite
async def test_d8_a_silent_telegram_at_the_start_holds_up_no_end(tmp_path: Path, database_url: str) -> None:
    make_schema(database_url)
    with silence() as (listening, port):
        bot = BotProcess(
            tmp_path, token=TOKEN, api_url=f"http://127.0.0.1:{port}", settings={"DATABASE_URL": database_url}
        )
        await bot.start()
        line = await until(lambda: _called(listening))
        assert await _ends(bot) == 0
        line.close()


async def test_d8_a_silent_database_at_the_start_holds_up_no_end(tmp_path: Path) -> None:
    with silence() as (listening, port):
        bot = BotProcess(
            tmp_path,
            token=TOKEN,
            api_url="http://127.0.0.1:9",
            settings={"DATABASE_URL": f"postgresql://concierge@127.0.0.1:{port}/concierge"},
        )
        await bot.start()
        line = await until(lambda: _called(listening))
        assert await _ends(bot) == 0
        line.close()


@only_sqlite
async def test_d8_a_locked_sqlite_at_the_start_holds_up_no_end(tmp_path: Path, database_url: str) -> None:
    make_schema(database_url)
    file = make_url(database_url).database
    with locked(database_url):
        bot = BotProcess(tmp_path, token=TOKEN, api_url="http://127.0.0.1:9", settings={"DATABASE_URL": database_url})
        await bot.start()
        await until(lambda: file in {found.path for found in psutil.Process(bot.pid).open_files()})
        assert await _ends(bot) == 0


def _called(listening: socket.socket) -> socket.socket | None:
    try:
        return listening.accept()[0]
    except BlockingIOError:
        return None
