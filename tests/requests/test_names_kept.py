"""A service that has left the catalogue keeps its name with what was asked for: nobody reads a key."""

from __future__ import annotations

import re
from pathlib import Path

from sqlmodel import update

from concierge_bot.settings import SHIPPED_CATALOGUE
from storage.tables.requests import RequestEvent
from tests.support.appointing import order_shoes
from tests.support.cast import on_stage
from tests.support.world import World


async def test_a_service_that_is_gone_keeps_its_name(world: World, tmp_path: Path) -> None:
    cast = await on_stage(world)
    number = await order_shoes(cast.wang)
    shipped = SHIPPED_CATALOGUE.read_text(encoding="utf-8")
    world.catalogue = tmp_path / "catalogue.toml"
    without = re.sub(r"\[services\.shoe_shine\]\n.*?(?=\n\[services\.)", "", shipped, flags=re.DOTALL)
    world.catalogue.write_text(without, encoding="utf-8")
    await world.restart()
    asked = await cast.chen.writes("/open")
    await cast.chen.sees(f"#{number} · Villa 8 · Shoe shine", after=asked)
    asked = await cast.wang.writes("/requests")
    assert "shoe_shine" not in (await cast.wang.sees(f"#{number} Shoe shine", after=asked)).text

    await world.desk(lambda desk: desk.session.exec(update(RequestEvent).values(data={})))  # as old versions kept it
    asked = await cast.wang.writes("/requests")
    await cast.wang.sees(f"#{number} Former service", after=asked)
