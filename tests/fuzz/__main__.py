"""The long run: very many updates into a concierge in a process of its own. `python -m tests.fuzz [count] [seed]`."""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
import time
from pathlib import Path

from storage.tables.people import Estate, Membership, Person, StaffChat, Villa
from storage.tables.queues import InboxState
from storage.tables.refusals import Refusal
from storage.tables.requests import Request, RequestState
from storage.tables.rows import row_id
from tests.fuzz.feeding import Feed
from tests.fuzz.generator import Generator
from tests.runtime.harness import Ready, until
from tests.runtime.process import Living, Zygote, living
from tests.support.databases import sqlite_url
from tests.support.memory import resident
from tests.support.roles import recorded

COUNT, SEED = 100_000, 20260615
CHUNK = 1_000
KEPT_CALLS = 2_000
TROUBLE = re.compile(r"Traceback|never retrieved|\[error|\[critical", re.IGNORECASE)


async def _lakeside(alive: Living, seed: int) -> Generator:
    """Makes another estate. Returns the generator of updates from its people and groups."""
    telegram, now = alive.telegram, alive.now
    people = {name: telegram.person(name) for name in ("Stranger", "Tanaka", "Mori", "Ito")}
    for person in people.values():
        person.chat.started = True
    groups = [telegram.group(name, by=people["Mori"], members=[people["Ito"]]) for name in ("Lakeside", "Elsewhere")]
    for group in groups:
        await group.add_bot(admin=True)
    with alive.books.session() as session:
        estate = Estate(name="Lakeside", timezone="Asia/Tokyo", language="en", currency="JPY")
        session.add(estate)
        session.flush()
        villa = Villa(estate_id=row_id(estate), name="1")
        session.add(villa)
        session.flush()
        chat = StaffChat(estate_id=row_id(estate), team="butlers", chat_id=groups[0].id, language="en")
        session.add(chat)
        for name in ("Tanaka", "Mori", "Ito"):
            known = Person(telegram_id=people[name].id, estate_id=row_id(estate), surname=name, opened_at=now)
            known.villa_id, known.supervises = villa.id if name == "Tanaka" else None, name == "Mori"
            session.add(known)
            session.flush()
            if name == "Ito":
                session.add(Membership(chat_id=groups[0].id, person_id=row_id(known), since=now))
        recorded(session, now)
    return Generator(seed, [person.id for person in people.values()], [group.id for group in groups])


async def run(count: int, seed: int) -> bool:
    """Feeds all updates, and prints the result. Returns whether all was well."""
    zygote = Zygote()
    with tempfile.TemporaryDirectory(prefix="concierge-fuzz-") as folder:
        home = Path(folder)
        async with living(home, sqlite_url(home), zygote, keep_calls=KEPT_CALLS) as alive:
            well = await _feed(alive, count, seed)
    zygote.close()
    return well


async def _feed(alive: Living, count: int, seed: int) -> bool:
    generator = await _lakeside(alive, seed)
    feed, began, early = Feed(alive.telegram, alive.books), time.monotonic(), 0
    ready = alive.ready()
    for start in range(0, count, CHUNK):
        await feed.take(generator.updates(min(CHUNK, count - start)))
        if not early and start + CHUNK >= count / 10:
            early = _memory(alive)
        if ready and start + CHUNK >= count / 2:
            await _serve(alive, ready.pop())
        done = min(start + CHUNK, count)
        print(
            f"{done:>7} of {count}, {done / (time.monotonic() - began):.0f}/s, {_memory(alive) / 1e6:.0f} MB",
            flush=True,
        )
    seconds, late = time.monotonic() - began, _memory(alive)
    outcomes, log = feed.outcomes(), alive.bot.log_file.read_text(encoding="utf-8", errors="replace")
    trouble = [line for line in log.splitlines() if TROUBLE.search(line)]
    served = alive.books.count(Request, Request.state != RequestState.CANCELLED)
    print(f"{count} updates in {seconds:.0f} s, {count / seconds:.0f}/s; with an id: {len(feed.ids)}")
    print(f"outcomes: {dict(outcomes)}; refusals kept: {alive.books.count(Refusal)}")
    print(f"memory: {early / 1e6:.0f} MB after a tenth, {late / 1e6:.0f} MB at the end")
    print(f"an owner in the middle of it was served: {bool(served)}; lines of trouble in the log: {len(trouble)}")
    for line in [*feed.set_aside()[:20], *trouble[:20]]:
        print("  ", line)
    return not trouble and bool(served) and set(outcomes) <= {InboxState.DONE, InboxState.PASSED}


async def _serve(alive: Living, ready: Ready) -> None:
    """Sends the draft of an owner of the first estate, and claims it as a butler."""
    owner, summary, data = ready
    before = alive.books.count(Request)
    await owner.taps_data(summary, data, wait=False)
    await until(lambda: alive.books.count(Request) > before)
    await alive.tap(alive.house.butlers[0], "claim:")
    await until(lambda: alive.books.count(Request, Request.state == RequestState.CLAIMED))


def _memory(alive: Living) -> int:
    return resident(alive.bot._standing()[0])  # type: ignore[attr-defined]


def main() -> int:
    """Runs the command."""
    words = dict(enumerate(map(int, sys.argv[1:3])))
    count, seed = words.get(0, COUNT), words.get(1, SEED)
    well = False
    try:
        well = asyncio.run(run(count, seed))
    finally:
        if not well:
            print(f"To repeat it: .venv/bin/python -m tests.fuzz {count} {seed}", flush=True)
    return int(not well)


if __name__ == "__main__":
    sys.exit(main())
