"""While many updates wait for their answers, delivery lets intake go first, for a moment."""

from __future__ import annotations

import asyncio

from concierge_bot.runtime.backlog import MANY, Backlog


async def test_where_few_wait_nobody_gives_way() -> None:
    backlog = Backlog()
    backlog.changed(MANY - 1)
    await asyncio.wait_for(backlog.small(within=600), 60)


async def test_in_a_burst_one_waits_until_few_are_left() -> None:
    backlog = Backlog()
    backlog.changed(MANY)
    waiting = asyncio.create_task(backlog.small(within=600))
    await asyncio.sleep(0)
    assert not waiting.done()
    backlog.changed(MANY - 1)
    await asyncio.wait_for(waiting, 60)


async def test_a_burst_without_end_holds_nobody_up_for_long() -> None:
    backlog = Backlog()
    backlog.changed(MANY)
    await asyncio.wait_for(backlog.small(within=0.01), 60)
