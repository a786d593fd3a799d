"""The loop of a process that is on duty."""

from __future__ import annotations

import asyncio

import uvloop

from concierge_bot.runtime.processes.event_loop import run_on_duty


async def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


def test_a_process_on_duty_runs_on_uvloop_and_gives_back_what_came_of_it() -> None:
    assert isinstance(run_on_duty(_loop()), uvloop.Loop)


async def test_so_do_the_tests() -> None:
    assert isinstance(await _loop(), uvloop.Loop)
