"""A request that the operator closes on somebody's behalf: everybody who waits for it reads why."""

from __future__ import annotations

import pytest

from storage.tables.requests import EventKind, Request, RequestEvent, RequestState
from tests.runtime.harness import Books, nudge
from tests.support.cast import on_stage, rested, until_it_says
from tests.support.keyboard import Typed
from tests.support.world import World, order_repair

WHY = "It works <again>, says Mrs Wang & the guard"


CLAIM, ARRIVE = ("Claim", "Taken by Anna"), ("On site", "Anna on site")


@pytest.mark.parametrize("steps", [(), (CLAIM,), (CLAIM, ARRIVE)], ids=["open", "claimed", "on site"])
async def test_owner_holder_and_team_read_why(
    world: World, typed: Typed, books: Books, steps: tuple[tuple[str, str], ...]
) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    for button, said in steps:
        await cast.anna.taps(card, button)
        await until_it_says(world, card, said)
    await rested(world)
    ended = await typed("request", "close", f"{number}", "--because", f" {WHY}\n")
    assert (ended.status, ended.complained) == (0, "")
    assert ended.said == f"request {number} (Repairs, villa 8) is closed; owner and staff are told: “{WHY}”\n"
    nudge(world)

    closed = f"the service centre has closed your request #{number} (Repairs): “{WHY}”"
    notice = await cast.wang.sees(closed)
    assert "If you still need something, please write to me." in notice.text
    named = "Anna, the service centre" if steps else "the service centre"
    await cast.maintenance.sees(f"#{number} · Villa 8 · Repairs: {named} closed it: “{WHY}”")
    await until_it_says(world, card, f"📝 Closed by the service centre: “{WHY}”")
    assert card.button_texts == []

    request = books.one(Request)
    assert request.state == RequestState.CANCELLED
    assert request.cancelled_at is not None
    event = books.all(RequestEvent, RequestEvent.kind == EventKind.CANCELLED)[0]
    assert (event.actor_id, event.data) == (None, {"because": WHY})

    again = await typed("request", "close", f"{number}", "--because", "twice")
    assert (again.status, again.said) == (1, "")
    assert again.complained.startswith(f"concierge: Request {number} is over already: cancelled, 12:0")
    assert books.count(RequestEvent, RequestEvent.kind == EventKind.CANCELLED) == 1


async def test_what_cannot_be_closed_is_said_in_one_line(world: World, typed: Typed, books: Books) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    for arguments, said in (
        ((f"{number + 1}", "--because", "x"), f"There is no request {number + 1}."),
        ((f"{10**30}", "--because", "x"), f"There is no request {10**30}."),
        (("0", "--because", "x"), "There is no request 0."),
        ((f"{number}", "--because", " "), "--because is wrong: it should have 1 to 200 letters."),
        ((f"{number}", "--because", "x" * 201), "--because is wrong: it should have 1 to 200 letters."),
        ((f"{number}", "--because", "x", "--estate", "Atlantis"), "Which estate? Name it with --estate, as it is"),
    ):
        ended = await typed("request", "close", *arguments)
        assert (ended.status, ended.said) == (1, "")
        assert ended.complained.startswith(f"concierge: {said}")
        assert ended.complained.count("\n") == 1
    assert books.one(Request).state == RequestState.OPEN
    await cast.anna.taps(card, "Claim")
    await until_it_says(world, card, "Taken by Anna")
    await cast.anna.taps(card, "Done")
    await until_it_says(world, card, "Done by Anna")
    ended = await typed("request", "close", f"{number}", "--because", "x")
    assert ended.complained.startswith(f"concierge: Request {number} is over already: done by Anna, 12:0")
    await rested(world)


async def test_an_owner_who_cancels_reads_of_no_service_centre(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    mine = await cast.wang.sees(f"#{number}")
    await cast.wang.taps_data(mine, f"cancel:{number}")
    await cast.wang.taps(mine, "Yes, cancel it")
    await until_it_says(world, card, "Cancelled, 12:0")
    assert "service centre" not in card.text
