"""The health endpoint: well while every part shows signs of life, not well while one stands still."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

import aiohttp
import pytest
from sqlalchemy import make_url
from sqlmodel import select

from concierge_bot.desk.operations import watchdog
from concierge_bot.parts import Part
from concierge_bot.runtime.app import build
from concierge_bot.runtime.health.health import Health
from concierge_bot.runtime.installation import ConciergeError
from concierge_bot.runtime.observability import liveness
from concierge_bot.runtime.observability.liveness import HANGS_AFTER, Liveness
from concierge_bot.settings import SettingsError, load
from storage.tables.queues import Heartbeat
from tests.runtime.harness import free_port, only_sqlite, until
from tests.support.databases import PostgresServer
from tests.support.world import World, opened

only_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


async def _health(port: int) -> tuple[int, dict[str, Any]]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/health") as answer:
        return answer.status, await answer.json()


def _ages(part: Part) -> Any:
    """A part that gave its last sign of life half an hour ago."""

    def age(desk: Any) -> None:
        for beat in desk.session.exec(select(Heartbeat).where(Heartbeat.part == part)).all():
            beat.at -= timedelta(minutes=30)

    return age


async def test_well_then_standing_still(database_url: str) -> None:
    port = free_port()
    async with opened(database_url, settings={"health_listen": f"127.0.0.1:{port}"}) as world:
        await world.supervisor("Chen")
        await world.telegram.settled()
        status, said = await _health(port)
        assert said.pop("canary_age_seconds") >= 0
        assert (status, said) == (200, {"well": True, "silent_since": {}})

        await world.desk(_ages(Part.DELIVERY))
        status, said = await _health(port)
        assert status == 503
        assert list(said["silent_since"]) == ["delivery"]


async def test_a_process_answers_for_its_own_parts_only(world: World) -> None:
    assert world.concierge is not None
    desks = world.concierge.desks
    machine_now = desks.clock.machine()
    for part in Part:
        await world.desk(partial(watchdog.beat, part=part, machine_now=machine_now))
    await world.desk(_ages(Part.INTAKE))
    assert set((await Health(desks, [Part.INTAKE]).verdict()).silent_since) == {Part.INTAKE}
    assert (await Health(desks, [Part.DELIVERY, Part.CLOCK]).verdict()).well


@only_sqlite
async def test_a_part_that_never_gave_a_sign_is_missed(world: World) -> None:
    """A token that is not accepted, from the start: nothing ever stood still, and nothing ever ran."""
    assert world.concierge is not None
    await world.stop()
    house = world.house()
    desks = build(house).desks
    with house.storage.unit() as session:
        session.connection().exec_driver_sql("DELETE FROM heartbeats")
    health = Health(desks, [Part.INTAKE])
    assert (await health.verdict()).well
    health._since -= timedelta(minutes=30)
    assert set((await health.verdict()).silent_since) == {Part.INTAKE}
    house.storage.close()


@only_sqlite
async def test_a_part_that_hangs_is_seen_though_another_process_does_its_work(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert world.concierge is not None
    monkeypatch.setattr(liveness, "HANGS_AFTER", 2.5)  # delivery comes round every two seconds
    concierge = world.concierge
    concierge.parts = [Part.DELIVERY]
    assert not concierge.hangs()
    concierge.tasks.cancel_all_but("line", "clock", "polling")
    await until(concierge.hangs)
    verdict = await Health(concierge.desks, concierge.parts).verdict()
    assert set(verdict.silent_since) == {Part.DELIVERY}


def test_each_part_hangs_for_itself() -> None:
    times = [0.0]
    found = Liveness(lambda: times[0])
    times[0] = HANGS_AFTER + 1
    found.came_round(Part.CLOCK)
    assert found.hanging(set(Part)) == {Part.INTAKE: HANGS_AFTER + 1, Part.DELIVERY: HANGS_AFTER + 1}
    assert found.hanging([Part.CLOCK]) == {}


def _may_connect(server: PostgresServer, database_url: str, *, allowed: bool) -> None:
    name = make_url(database_url).database
    server._execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS {allowed}")
    if not allowed:
        server._execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")


@only_postgresql
async def test_while_the_database_is_away(database_url: str, postgres_server: PostgresServer) -> None:
    port = free_port()
    async with opened(database_url, settings={"health_listen": f"127.0.0.1:{port}"}) as world:
        assert (await _health(port))[0] == 200
        _may_connect(postgres_server, database_url, allowed=False)
        try:
            assert await _health(port) == (503, {"well": False, "database": "OperationalError"})
            assert world.concierge is not None
            assert not world.concierge.hangs()
        finally:
            _may_connect(postgres_server, database_url, allowed=True)
        assert (await _health(port))[0] == 200


@only_sqlite
async def test_a_port_that_is_taken_is_named(world: World) -> None:
    taken = free_port()
    server = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", taken)
    world.settings["health_listen"] = f"127.0.0.1:{taken}"
    async with server:
        with pytest.raises(ConciergeError, match=r"cannot listen on CONCIERGE_HEALTH_LISTEN: .*in use"):
            await world.restart()


@pytest.mark.parametrize("listen", ["0.0.0.0:8081", "192.0.2.7:8081", "concierge.example:8081"])
def test_what_others_could_reach_must_be_meant(listen: str) -> None:
    with pytest.raises(SettingsError, match="CONCIERGE_HEALTH_LISTEN is wrong: should be an address of loopback"):
        load(_env_file=None, health_listen=listen)
    assert load(_env_file=None, health_listen=listen, health_public=True).health == (listen.removesuffix(":8081"), 8081)


@pytest.mark.parametrize("listen", ["127.0.0.1:8081", "127.8.8.8:8081", "localhost:8081"])
def test_loopback_is_nobodys_else(listen: str) -> None:
    assert load(_env_file=None, health_listen=listen).health is not None


def test_how_lines_look_is_one_of_two() -> None:
    assert load(_env_file=None, log_format="json").log_format == "json"
    with pytest.raises(SettingsError, match="CONCIERGE_LOG_FORMAT is wrong: should be text or json"):
        load(_env_file=None, log_format="yaml")
