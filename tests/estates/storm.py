"""A storm over two estates: people of both order, claim, list and announce at once, and the concierge is killed.

`python -m tests.estates.storm --people 100` is the long run; the suite has a small one.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
from argparse import ArgumentParser
from pathlib import Path

from sqlmodel import select

from concierge_bot.desk.context import Desk
from concierge_bot.desk.fulfilment import placing
from storage.tables.requests import Request, RequestState
from storage.tables.rows import row_id
from tests.estates.twins import ANNA, BO, CHIEF, MANAGER, Twin, fill, leaks, repair, twins
from tests.estates.walk import Walk, crossing
from tests.runtime.harness import Books
from tests.support.cast import rested
from tests.support.world import World, opened

OF_STAFF = ("/my", "/duty", "/open", "/followups")
OF_OWNERS = ("/menu", "/requests", "/profile", "/place")
OF_SUPERIORS = ("/open", "/late", "/people", "/owner 8", "/promises", "/announcements", "/audit")
STEPS = ("claim", "onsite", "done", "release", "claim")


async def storm(world: World, books: Books, folder: Path, *, people: int, rounds: int, seed: int) -> list[str]:
    """Lets a storm go over two estates of so many people each. Returns what reached an estate of the other's."""
    owners = max(2, people * 6 // 10)
    both = await twins(world, books, folder, owners=owners, butlers=max(1, (people - owners - 2) // 2))
    for twin in both:
        fill(world, books, twin)
    await rested(world)
    walk, chance = Walk(world, books), random.Random(seed)
    for number in range(rounds):
        for twin in both:
            _order(world, books, twin, chance)
        for _ in range(people):
            _act(walk, books, chance.choice(both), chance)
        if number == rounds // 2:
            await world.restart()
        await walk.ended()
        world.turn(minutes=chance.choice((1, 20, 240)))
        await rested(world)
    said = walk.said()
    assert all(leaks(twin, twin, said) for twin in both), "nobody read anything of their own estate either"
    return [*leaks(both[0], both[1], said), *leaks(both[1], both[0], said), *crossing(books)]


def _owners(twin: Twin) -> list[str]:
    return [name for name in twin.people if name == "wang" or name.startswith("owner")]


def _staff(twin: Twin) -> list[str]:
    return [name for name in twin.people if name in (ANNA, BO) or name.startswith("butler")]


def _order(world: World, books: Books, twin: Twin, chance: random.Random) -> None:
    with books.desk(world.clock) as desk:
        for name in chance.sample(_owners(twin), k=min(5, len(_owners(twin)))):
            placing.place(desk, desk.person(twin.numbers[name]), "repair", repair(twin), draft_id=None)


def _act(walk: Walk, books: Books, twin: Twin, chance: random.Random) -> None:
    """Has somebody of an estate write or tap something of theirs."""
    kind = chance.choice(("owner", "staff", "tap", "superior"))
    group = twin.groups["maintenance"]
    if kind == "owner":
        who = chance.choice(_owners(twin))
        text = chance.choice((*OF_OWNERS, f"{twin.facts.mark} needs help", "thank you"))
        walk.says(twin, who, twin.people[who].chat, text)
    elif kind == "staff":
        who = chance.choice(_staff(twin))
        walk.says(twin, who, twin.people[who].chat, chance.choice(OF_STAFF))
    elif kind == "superior":
        who = chance.choice((CHIEF, MANAGER))
        walk.says(twin, who, twin.people[who].chat, chance.choice(OF_SUPERIORS))
    else:
        with books.desk(walk.world.clock) as desk:
            number = chance.choice(_open(desk, twin))
        walk.taps(twin, ANNA, twin.shown[group.id], f"{chance.choice(STEPS)}:{number}")


def _open(desk: Desk, twin: Twin) -> list[int]:
    mine = select(Request).where(Request.estate_id == twin.estate_id, Request.state != RequestState.CANCELLED)
    return [row_id(request) for request in desk.session.exec(mine)]


async def _long(people: int, rounds: int, seed: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'storm.sqlite'}"
        books = Books(url)
        try:
            async with opened(url) as world:
                found = await storm(world, books, Path(folder), people=people, rounds=rounds, seed=seed)
        finally:
            books.close()
    print("\n".join(found) or f"{people} people each, {rounds} rounds, seed {seed}: nothing of one reached the other.")
    return int(bool(found))


if __name__ == "__main__":
    parser = ArgumentParser(prog="python -m tests.estates.storm")
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    given = parser.parse_args()
    raise SystemExit(asyncio.run(_long(given.people, given.rounds, given.seed)))
