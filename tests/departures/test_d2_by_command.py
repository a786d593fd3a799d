"""D2: the operator sees who is who, and ends what somebody is."""

from __future__ import annotations

import json

from storage.tables.requests import Request
from tests.menus.test_b1_menus import OWNERS, offered
from tests.runtime.harness import Books, nudge, texts
from tests.support.cast import on_stage, opens_the_bot, rested, until_it_says
from tests.support.keyboard import Typed
from tests.support.world import World, order_repair


async def test_d2_the_operator_lists_people_and_ends_a_butlers_work(world: World, typed: Typed, books: Books) -> None:
    cast = await on_stage(world)
    await opens_the_bot(cast.anna)
    await world.telegram.until(lambda: "on" in offered(world, cast.anna))
    number = await order_repair(world, cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    await cast.anna.taps(card, "Claim")
    await until_it_says(world, card, "Taken by Anna")
    await rested(world)

    listed = json.loads((await typed("people", "list", "--json")).said)
    (anna,) = [entry for entry in listed if entry["name"].startswith("Anna")]
    assert anna["roles"] == ["team Maintenance"]
    assert anna["joined_at"]
    shown = await typed("people", "list", "--villa", "8")
    assert "owner of Villa 8" in shown.said
    assert "Anna" not in shown.said

    ended = await typed("people", "end", str(anna["number"]))
    assert (ended.status, ended.complained) == (0, "")
    assert ended.said == f"Anna ({anna['number']}) is not any more: team Maintenance\n"
    nudge(world)
    await cast.maintenance.sees("is open again")
    await world.telegram.until(lambda: offered(world, cast.anna) == OWNERS)
    assert books.one(Request).claimed_by is None
    (left,) = [
        entry for entry in json.loads((await typed("people", "list", "--json")).said) if entry["name"] == anna["name"]
    ]
    assert (left["roles"], bool(left["left_at"])) == ([], True)
    again = await typed("people", "end", str(anna["number"]))
    assert (again.status, again.said) == (1, "")
    assert again.complained.startswith("concierge: Anna has none of these roles now")


async def test_d2_the_last_supervisor_is_ended_only_by_a_word_for_it(world: World, typed: Typed) -> None:
    cast = await on_stage(world)
    await rested(world)
    (chief,) = json.loads((await typed("people", "list", "--role", "supervisor", "--json")).said)
    refused = await typed("people", "end", str(chief["number"]), "--role", "supervisor")
    assert refused.status == 1
    assert "is the last supervisor of" in refused.complained
    assert len(refused.complained.splitlines()) == 1
    ended = await typed("people", "end", str(chief["number"]), "--role", "supervisor", "--even-the-last")
    assert ended.status == 0
    nudge(world)
    await world.telegram.until(
        lambda: any("no longer a supervisor" in said for said in texts(world.telegram, cast.chen.id))
    )
    assert json.loads((await typed("people", "list", "--role", "supervisor", "--json")).said) == []


async def test_d2_a_number_of_nobody_is_one_line(world: World, typed: Typed) -> None:
    await on_stage(world)
    ended = await typed("people", "end", "99999999999")
    assert (ended.status, ended.said) == (1, "")
    assert ended.complained == "concierge: There is no person 99999999999: see `concierge people list`.\n"
