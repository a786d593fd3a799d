"""systemd's notifications, over a real socket: ready, alive for as long as nothing hangs, about to stop."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from concierge_bot.runtime.health.systemd import ALIVE, READY, STOPPING, SystemdNotifier
from tests.runtime.harness import only_sqlite, until
from tests.runtime.process import Zygote, living
from tests.runtime.test_kills import _left_behind
from tests.support.systemd import Systemd


@only_sqlite
async def test_a_process_tells_when_it_is_ready_that_it_lives_and_that_it_stops(
    tmp_path: Path, database_url: str, zygote: Zygote, systemd: Systemd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    monkeypatch.setenv("WATCHDOG_USEC", "300000")
    async with living(tmp_path, database_url, zygote) as bot:
        await until(lambda: systemd.hears().count(ALIVE) >= 4)
        # All that people did before it was on duty is fetched and done, and the menus are told.
        await until(lambda: not bot.telegram.waiting and _left_behind(bot) == (0, 0, 0))
        assert systemd.told[0] == READY
        assert set(systemd.told) == {READY, ALIVE}
        assert await bot.bot.stop() == 0
        await until(lambda: STOPPING in systemd.hears())
        assert systemd.told.count(READY) == 1
        assert _left_behind(bot) == (0, 0, 0)


async def test_while_something_hangs_there_is_no_sign_of_life(tmp_path: Path, systemd: Systemd) -> None:
    hangs = [False]
    found = SystemdNotifier({"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "60000"})
    signs = asyncio.ensure_future(found.give_signs(lambda: hangs[0]))
    await until(lambda: systemd.hears().count(ALIVE) >= 2)
    hangs[0] = True
    await asyncio.sleep(0.03)
    before = len(systemd.hears())
    await asyncio.sleep(0.15)
    assert len(systemd.hears()) == before
    hangs[0] = False
    await until(lambda: len(systemd.hears()) > before)
    signs.cancel()


def test_an_abstract_address_and_several_facts() -> None:
    name = f"concierge-test-{os.getpid()}"
    systemd = Systemd(f"\0{name}")
    SystemdNotifier({"NOTIFY_SOCKET": f"@{name}"}).tell(READY, "STATUS=on duty")
    assert systemd.hears() == [READY, "STATUS=on duty"]
    systemd.close()


async def test_a_watchdog_that_is_meant_for_another_process_gets_no_signs(tmp_path: Path, systemd: Systemd) -> None:
    address = {"NOTIFY_SOCKET": str(tmp_path / "notify")}
    for environment in (
        address,
        address | {"WATCHDOG_USEC": "1000", "WATCHDOG_PID": str(os.getpid() + 1)},
        address | {"WATCHDOG_USEC": "soon"},
        {"WATCHDOG_USEC": "1000"},
    ):
        async with asyncio.timeout(5):
            await SystemdNotifier(environment).give_signs(lambda: False)
    assert systemd.hears() == []
    ours = address | {"WATCHDOG_USEC": "1000", "WATCHDOG_PID": str(os.getpid())}
    signs = asyncio.ensure_future(SystemdNotifier(ours).give_signs(lambda: False))
    await until(lambda: systemd.hears().count(ALIVE) >= 2)
    signs.cancel()


def test_without_systemd_nobody_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    SystemdNotifier({}).tell(READY)
    assert caplog.messages == []
    SystemdNotifier({"NOTIFY_SOCKET": str(tmp_path / "nobody")}).tell(READY)
    assert caplog.messages == ["systemd could not be told: No such file or directory"]
