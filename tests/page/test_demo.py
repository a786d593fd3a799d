"""`concierge demo` as a visitor starts it, and the clock and figures behind it."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp

from concierge_bot.demo.figures import Figures, Reader
from concierge_bot.demo.times import EstateClock

SHANGHAI = ZoneInfo("Asia/Shanghai")


async def test_the_demo_prints_one_address_and_leaves_nothing_behind(tmp_path: Path) -> None:
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    demo = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "concierge_bot", "demo", "--no-browser"),
        env={**usual, "TMPDIR": str(tmp_path), "CONCIERGE_BOT_TOKEN": "no token at all"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert demo.stdout is not None
    address = (await demo.stdout.readline()).decode().strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address)
    async with aiohttp.ClientSession() as http, http.get(address) as answer:
        assert answer.status == 200
        assert "Villa Concierge" in await answer.text()
    assert _left_in(tmp_path) != []
    demo.send_signal(signal.SIGINT)
    rest = (await demo.stdout.read()).decode()
    assert (await demo.wait(), rest) == (0, "")
    assert _left_in(tmp_path) == []


def _left_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_the_estates_clock(tmp_path: Path) -> None:
    clock = EstateClock(tmp_path / "clock.json", SHANGHAI)
    clock.start_in_the_morning()
    start = clock.now()
    assert (start.hour, start.minute) == (9, 41)
    clock.turn_to(start - timedelta(hours=1))
    assert clock.now() - start < timedelta(minutes=1)
    clock.turn_to(clock.next_morning())
    morning = clock.now()
    assert (morning.date() - start.date(), morning.hour) == (timedelta(days=1), 9)
    clock.turn_to(datetime.combine(morning.date() + timedelta(days=1), datetime.min.time(), SHANGHAI))
    assert clock.next_morning().date() == morning.date() + timedelta(days=1)


def test_figures_of_a_database_that_is_not_there_yet(tmp_path: Path) -> None:
    reader = Reader(tmp_path / "concierge.sqlite")
    assert reader.read() == Figures()
    (tmp_path / "concierge.sqlite").touch()
    assert reader.read() == Figures()
    reader.close()
