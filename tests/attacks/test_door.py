"""The webhook's door under attack: only Telegram gets in, and whoever does not takes nothing from those who do."""

from __future__ import annotations

import asyncio
import gzip
import logging
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from concierge_bot.runtime.intake import http_server, webhook
from storage.tables.queues import InboxUpdate
from storage.tables.refusals import Refusal
from tests.runtime.harness import Books, free_port, moved_in, only_sqlite, until
from tests.runtime.process import Living, Zygote, living
from tests.support.memory import resident
from tests.support.world import World, opened, tap

SECRET = "a-secret-of-enough-letters"
PATH = "/hook/telegram"
OVERSIZED = b"x" * (webhook.LARGEST_BODY + 1)
SILENT = 300
"""The number of silent connections: more than may be open."""
IN_TIME = 2.0
"""Seconds in which Telegram's calls are answered meanwhile."""
MOST_LINES = 10
UPDATE = b'{"update_id": 1}'
BOMB = gzip.compress(b" " * (32 << 20))


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
async def hooked(database_url: str, port: int) -> AsyncIterator[World]:
    settings = {
        "webhook_url": f"http://127.0.0.1:{port}{PATH}",
        "webhook_secret": SecretStr(SECRET),
        "webhook_listen": f"127.0.0.1:{port}",
    }
    async with opened(database_url, settings=settings) as world:
        await world.telegram.until(lambda: world.telegram.requests_of("setWebhook"))
        yield world
        assert world.telegram.violations == []


@pytest.fixture
def books(database_url: str) -> Iterator[Books]:
    found = Books(database_url)
    yield found
    found.close()


def _head(
    method: str = "POST", path: str = PATH, *, secret: str | None = SECRET, length: int | None = None, more: str = ""
) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: concierge", *(more.split("\n") if more else ())]
    if secret is not None:
        lines.append(f"{webhook.SECRET_HEADER}: {secret}")
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape")


def _post(body: bytes = UPDATE, **head: Any) -> bytes:
    return _head(length=len(body), **head) + body


@asynccontextmanager
async def _line(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def _ask(port: int, raw: bytes) -> int:
    """The status of the answer; 0 where the connection is closed without one."""
    async with _line(port) as (reader, writer):
        writer.write(raw)
        try:
            answer = await asyncio.wait_for(reader.readline(), 10)
        except ConnectionError:
            return 0
    return int(answer.split()[1]) if answer else 0


def _chunked(body: bytes) -> bytes:
    return f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"


KNOCKS = {
    "no secret": (_post(secret=None), 403),
    "an empty secret": (_post(secret=""), 403),
    "all but the last letter": (_post(secret=SECRET[:-1]), 403),
    "one letter more": (_post(secret=SECRET + "x"), 403),
    "another case": (_post(secret=SECRET.upper()), 403),
    "the secret twice": (_post(secret=f"{SECRET}, {SECRET}"), 403),
    "a secret of letters from elsewhere": (_post(secret="ä秘密"), 403),
    "a secret that is no text": (_post(secret="\udcff\udcfe"), 403),
    "the secret in the address": (_post(secret=None, path=f"{PATH}?secret_token={SECRET}"), 403),
    "no secret, and too much": (_post(OVERSIZED, secret=None), 403),
    "no secret, and a bomb": (_post(BOMB, secret=None, more="Content-Encoding: gzip"), 403),
    "another path": (_post(path="/"), 404),
    "a path from elsewhere": (_post(path="/../../etc/passwd"), 404),
    "a path that leads back": (_post(path="/hook/../hook/telegram/x"), 404),
    "the path with another end": (_post(path=PATH + "/"), 404),
    "GET": (_head("GET"), 405),
    "HEAD": (_head("HEAD"), 405),
    "PUT": (_post(method="PUT"), 405),
    "DELETE": (_head("DELETE"), 405),
    "OPTIONS": (_head("OPTIONS"), 405),
    "a method of one's own": (_head("HACK"), 400),
    "too much": (_post(OVERSIZED), 413),
    "too much, in pieces": (_head(more="Transfer-Encoding: chunked") + _chunked(OVERSIZED), 413),
    "much less than announced": (_head(length=1 << 40), 413),
    "a bomb": (_post(BOMB, more="Content-Encoding: gzip"), 400),
    "no body": (_head(), 400),
    "no JSON": (_post(b"<xml/>"), 400),
    "no UTF-8": (_post(b"\xff\xfe\xfa"), 400),
    "half of it": (_post(b'{"update_id": 1'), 400),
    "far too deep": (_post(b"[" * 200_000), 400),
    "far too deep, and whole": (_post(b'{"a":' * 100_000 + b"1" + b"}" * 100_000), 400),
    "an enormous number": (_post(b'{"update_id": ' + b"9" * 5_000 + b"}"), 400),
    "hundreds of headers": (_post(more="\n".join(f"X-{number}: 1" for number in range(500))), 400),
    "a header without an end": (_post(more="X: " + "x" * 100_000), 400),
    "a header that is none": (_post(more="no header"), 400),
    "an address without an end": (_post(path=PATH + "?" + "x" * 100_000), 400),
    "no HTTP": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20 + b"\r\n\r\n", 400),
    "an update of another media type": (_post(b'{"update_id": 1}', more="Content-Type: text/html"), 200),
    "no update": (_post(b'["update_id"]'), 200),
    "the same update again": (_post(b'{"update_id": 1}'), 200),
}


@only_sqlite
@pytest.mark.usefixtures("hooked")
async def test_who_gets_in(books: Books, port: int, caplog: pytest.LogCaptureFixture) -> None:
    expected = {name: status for name, (_, status) in KNOCKS.items()}
    assert {name: await _ask(port, raw) for name, (raw, _) in KNOCKS.items()} == expected
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []
    assert [row.update_id for row in books.all(InboxUpdate)] == [1]
    assert books.count(Refusal) == 0


@only_sqlite
@pytest.mark.usefixtures("hooked")
async def test_forgeries_fill_neither_the_books_nor_the_log(
    books: Books, port: int, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        for _ in range(200):
            assert await _ask(port, _post(secret="wrong")) == 403
    assert [record.getMessage() for record in caplog.records if record.name == webhook.__name__] == []
    assert books.count(InboxUpdate) == 0


@only_sqlite
async def test_who_is_slow_is_waited_for_so_long_and_no_longer(
    database_url: str, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_server, "FIRST_SECONDS", 0.5)
    monkeypatch.setattr(webhook, "BODY_SECONDS", 0.5)
    settings = {
        "webhook_url": f"http://127.0.0.1:{port}{PATH}",
        "webhook_secret": SecretStr(SECRET),
        "webhook_listen": f"127.0.0.1:{port}",
    }
    async with opened(database_url, settings=settings), AsyncExitStack() as stack:
        silent, slow_head, slow_body = [await stack.enter_async_context(_line(port)) for _ in range(3)]
        slow_head[1].write(b"POST /hook HTTP/1.1\r\nHost: con")
        slow_body[1].write(_head(length=100) + b"{")
        for reader, writer in (silent, slow_head):
            assert await asyncio.wait_for(reader.read(), 5) == b""
            assert writer is not None
        assert (await asyncio.wait_for(slow_body[0].readline(), 5)).split()[1] == b"408"


@only_sqlite
async def test_lines_that_are_kept_open_leave_room_for_others(
    hooked: World, books: Books, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_server, "MOST_CONNECTIONS", 30)
    house = await moved_in(hooked, books)
    async with AsyncExitStack() as stack:
        lines = [await stack.enter_async_context(_line(port)) for _ in range(60)]
        assert all([await asyncio.wait_for(_is_closed(line[0]), 5) for line in lines[:30]])
        assert await _ask(port, _post()) == 200
    await house.owners[0].writes("/menu")
    await tap(hooked, house.owners[0], "menu:profile")
    await house.owners[0].sees("Your profile")


@only_sqlite
async def test_d12_silent_lines_and_forged_calls_keep_nobody_out_and_write_nothing(
    tmp_path: Path, database_url: str, zygote: Zygote
) -> None:
    async with living(tmp_path, database_url, zygote, settings=_webhook_settings(free_port())) as alive:
        owner = alive.house.owners[0]
        await alive.telegram.settled()
        port = int(alive.bot.environment["CONCIERGE_WEBHOOK_LISTEN"].split(":")[1])
        before, longest = _lines(alive), 0.0
        async with AsyncExitStack() as stack:
            for _ in range(SILENT):
                await stack.enter_async_context(_line(port))
            forged = [raw for raw, status in KNOCKS.values() if status in {403, 404, 405, 400, 413}]
            for raw in forged * 10:
                assert await _ask(port, raw) >= 400
            async with asyncio.TaskGroup() as group:
                group.create_task(_forge(port, forged * 5))
                for _ in range(3):
                    began = time.monotonic()
                    await owner.writes("/menu")
                    await until(lambda: not alive.telegram.waiting)
                    longest = max(longest, time.monotonic() - began)
        written = [line for line in _lines(alive)[len(before) :] if "update done" not in line and "message" not in line]
        print(f"{len(forged) * 15} forged calls, {SILENT} silent lines: Telegram waited {longest:.2f} s at most")
        assert longest < IN_TIME
        assert len(written) < MOST_LINES, written


def _webhook_settings(port: int) -> dict[str, str]:
    return {
        "WEBHOOK_URL": f"http://127.0.0.1:{port}{PATH}",
        "WEBHOOK_SECRET": SECRET,
        "WEBHOOK_LISTEN": f"127.0.0.1:{port}",
    }


async def _forge(port: int, calls: list[bytes]) -> None:
    for raw in calls:
        await _ask(port, raw)


def _lines(alive: Living) -> list[str]:
    return alive.bot.log_file.read_text().splitlines()


async def _is_closed(reader: asyncio.StreamReader) -> bool:
    try:
        return await reader.read() == b""
    except ConnectionError:
        return True


@only_sqlite
async def test_a_thousand_that_bring_too_much_take_no_memory(tmp_path: Path, database_url: str, zygote: Zygote) -> None:
    port = free_port()
    settings = {
        "WEBHOOK_URL": f"http://127.0.0.1:{port}{PATH}",
        "WEBHOOK_SECRET": SECRET,
        "WEBHOOK_LISTEN": f"127.0.0.1:{port}",
    }
    async with living(tmp_path, database_url, zygote, settings=settings) as alive:
        process_id = int(alive.bot._status.read_text().split()[0])  # type: ignore[attr-defined]
        begun = OVERSIZED[: 16 << 10]  # the rest is not waited for
        kinds = (
            _head(length=len(OVERSIZED)) + begun,
            _head(length=len(OVERSIZED), secret="wrong") + begun,
            _head(more="Transfer-Encoding: chunked") + _chunked(OVERSIZED),
        )
        for raw in kinds:
            await asyncio.gather(*(_ask(port, raw) for _ in range(20)))
        before = resident(process_id)
        for raw, times in zip(kinds, (22, 22, 6), strict=True):  # the last are read, up to the limit
            for _ in range(times):
                assert set(await asyncio.gather(*(_ask(port, raw) for _ in range(20)))) <= {403, 413}
        grown = resident(process_id) - before
        print(f"a thousand oversized requests: {grown / 1e6:+.1f} MB")
        assert grown < 32 << 20  # a thousand bodies are a thousand megabytes
        assert await _ask(port, _post()) == 200
