"""The webhook: only Telegram gets in, and what was not kept is brought again."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr
from sqlalchemy.exc import OperationalError

from concierge_bot.clocks import TurnableClock
from concierge_bot.desk.queues import inbox
from concierge_bot.playground import Fault, FaultKind, Playground
from concierge_bot.runtime.app import build, running
from concierge_bot.runtime.installation import ConciergeError
from concierge_bot.runtime.intake import webhook
from storage.tables.queues import InboxUpdate
from tests.runtime.harness import Books, free_port, in_trouble, moved_in, only_sqlite, until
from tests.support.world import NOON, World, opened, order_repair, tap

SECRET = "a-secret-of-enough-letters"
LOST = OperationalError("INSERT", {}, Exception("the connection is gone"))


@pytest.fixture
def door() -> dict[str, Any]:
    """The settings of a webhook."""
    port = free_port()
    return {
        "webhook_url": f"http://127.0.0.1:{port}/hook/telegram",
        "webhook_secret": SecretStr(SECRET),
        "webhook_listen": f"127.0.0.1:{port}",
    }


@pytest.fixture
async def hooked(database_url: str, door: dict[str, Any]) -> AsyncIterator[World]:
    """An estate on duty behind a webhook."""
    async with opened(database_url, settings=door) as world:
        await world.telegram.until(lambda: world.telegram.requests_of("setWebhook"))
        yield world
        assert world.telegram.violations == []


async def _post(world: World, body: bytes, secret: str | None = SECRET, path: str = "", method: str = "POST") -> int:
    headers = {} if secret is None else {webhook.SECRET_HEADER: secret}
    url = world.settings["webhook_url"] + path
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url, data=BytesIO(body), headers=headers) as answer,
    ):
        await answer.read()
        return answer.status


async def test_the_main_job_works_by_webhook(hooked: World) -> None:
    chen = await hooked.supervisor("Chen")
    anna = hooked.telegram.person("Anna")
    group = await hooked.team("maintenance", anna, by=chen)
    wang = await hooked.owner("Wang")
    number = await order_repair(hooked, wang)
    await group.sees(f"#{number}")
    assert (await tap(hooked, anna, "claim:", group)).text == f"#{number} is yours."
    await wang.sees("Taken by Anna")
    await hooked.telegram.settled()
    assert hooked.telegram.waiting == 0
    assert hooked.telegram.requests_of("getUpdates") == []


KNOCKS = [
    (None, b"{}", 403),
    ("", b"{}", 403),
    (SECRET[:-1], b"{}", 403),
    (SECRET + "x", b"{}", 403),
    (SECRET.upper(), b"{}", 403),
    ("wrong", b"no json", 403),
    ("wrong", b"x" * (2 << 20), 403),
    (SECRET, b"", 400),
    (SECRET, b"no json", 400),
    (SECRET, b"\xff\xfe", 400),
    (SECRET, b'{"update_id": 1', 400),
    (SECRET, b"[" * 100_000, 400),
    (SECRET, b"x" * ((1 << 20) + 1), 413),
    (SECRET, b'{"update_id": 1}', 200),
    (SECRET, b"[1, 2]", 200),
    (SECRET, b'{"update_id": "one"}', 200),
    (SECRET, b'{"update_id": 1267650600228229401496703205376}', 200),
    (SECRET, b'{"update_id": 2, "x": NaN, "y": "\\u0000"}', 200),
]


@only_sqlite
async def test_who_gets_in(hooked: World, books: Books) -> None:
    expected = [(secret, body[:60], status) for secret, body, status in KNOCKS]
    assert [(secret, body[:60], await _post(hooked, body, secret)) for secret, body, _ in KNOCKS] == expected
    assert [row.update_id for row in books.all(InboxUpdate)] == [1, 2]


@only_sqlite
async def test_there_is_one_door_and_one_way_to_knock(hooked: World) -> None:
    assert await _post(hooked, b"{}", path="/other") == 404
    assert await _post(hooked, b"{}", method="PUT") == 405


@only_sqlite
async def test_what_could_not_be_kept_is_brought_again(
    hooked: World, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await moved_in(hooked, books)
    left = in_trouble(monkeypatch, inbox, "keep", [LOST, RuntimeError("never seen before")])
    await house.owners[0].writes("/menu")
    await house.owners[0].sees("How may we be of service?")
    await hooked.telegram.settled()
    assert hooked.telegram.waiting == 0
    assert not left


async def test_an_update_that_is_brought_twice_is_done_once(hooked: World, books: Books) -> None:
    house = await moved_in(hooked, books)
    owner = house.owners[0]
    words = await owner.writes("Once only")
    await owner.sees("Which service is it for?")
    update = books.one(InboxUpdate, InboxUpdate.kind == "message", InboxUpdate.chat_id == owner.id)
    raw = {"update_id": update.update_id, "message": words.wire}
    for _ in range(3):
        assert await _post(hooked, json.dumps(raw).encode()) == 200
    await hooked.telegram.settled()
    assert len([message for message in owner.screen() if message.sender is hooked.telegram.bot]) == 1


@only_sqlite
async def test_a_telegram_that_is_down_at_the_start_is_waited_for(
    database_url: str, door: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "PAUSES", (0.05,))
    async with Playground(now=lambda: NOON) as telegram:
        down = telegram.faults.add(Fault(FaultKind.DOWN))
        world = World(telegram, TurnableClock(NOON), database_url, door)
        await world.start()
        try:
            await until(lambda: down.struck >= 3)
            telegram.faults.clear()
            stranger = telegram.person("Stranger")
            await stranger.starts()
            await stranger.sees("ask the service centre")
        finally:
            await world.stop()


@only_sqlite
async def test_a_port_that_is_taken_is_said(database_url: str, door: dict[str, Any]) -> None:
    with socket.socket() as other:
        host, port = door["webhook_listen"].split(":")
        other.bind((host, int(port)))
        other.listen()
        async with Playground(now=lambda: NOON) as telegram:
            concierge = build(World(telegram, TurnableClock(NOON), database_url, door).house())
            with pytest.raises(ConciergeError, match=r"cannot listen on CONCIERGE_WEBHOOK_LISTEN: .*in use"):
                async with running(concierge):
                    await concierge.start()


@only_sqlite
async def test_after_a_webhook_polling_begins_by_itself(database_url: str, door: dict[str, Any]) -> None:
    async with opened(database_url, settings=door) as world:
        await world.telegram.until(lambda: world.telegram.requests_of("setWebhook"))
        world.settings = {}
        await world.restart()
        stranger = world.telegram.person("Stranger")
        await stranger.starts()
        await stranger.sees("ask the service centre")
