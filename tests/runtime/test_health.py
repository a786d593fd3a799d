"""The health endpoint: well while every part shows signs of life, not well while one stands still."""

from __future__ import annotations

import socket
from datetime import timedelta
from typing import Any

import aiohttp
from sqlmodel import select

from storage.queues import Heartbeat
from tests.world import opened


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _health(port: int) -> tuple[int, dict[str, Any]]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/health") as answer:
        return answer.status, await answer.json()


async def test_well_then_standing_still(database_url: str) -> None:
    port = _free_port()
    async with opened(database_url, settings={"health_listen": f"127.0.0.1:{port}"}) as world:
        await world.supervisor("Chen")
        await world.telegram.settled()
        assert await _health(port) == (200, {"well": True, "silent_since": {}})

        def age(desk: Any) -> None:
            for beat in desk.session.exec(select(Heartbeat)).all():
                if beat.part == "delivery":
                    beat.at -= timedelta(minutes=30)

        await world.desk(age)
        status, said = await _health(port)
        assert status == 503
        assert list(said["silent_since"]) == ["delivery"]
