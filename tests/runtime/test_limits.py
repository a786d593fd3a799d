"""Telegram's limits, with the minute shortened alike on both sides: a plan, not an error."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from concierge_bot.playground import Fault, FaultKind, RateLimits
from concierge_bot.runtime.telegram import rate_limits
from storage.tables.queues import OutboxMessage, OutboxState, Urgency
from storage.tables.requests import Request
from tests.runtime.harness import (
    WIDER,
    Books,
    Household,
    limits,
    moved_in,
    nudge,
    only_sqlite,
    places_taken,
    ready_to_send,
    routine,
    send_all,
    texts,
    until,
)
from tests.support.world import World, opened

MINUTE = 1.5
"""How long a minute is here, in seconds."""
LIMITS, PACE = limits(MINUTE)
LONG_LIMITS, LONG_PACE = limits(60.0)
"""A minute that does not end while a test looks at what is in it."""


@pytest.fixture
async def limited(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """An estate whose Telegram enforces limits, and whose concierge knows them."""
    monkeypatch.setattr(rate_limits, "MARGIN", WIDER)
    async with opened(database_url, settings=PACE) as world:
        yield world


def _floods(world: World) -> int:
    return sum(call.status == 429 for call in world.telegram.calls)


def _waiting(books: Books) -> int:
    return books.count(OutboxMessage, OutboxMessage.state == OutboxState.WAITING)


@pytest.fixture
async def long_limited(database_url: str) -> AsyncIterator[World]:
    """The same, with a minute that does not end."""
    async with opened(database_url, settings=LONG_PACE) as world:
        yield world


async def test_sixty_requests_at_once_all_reach_one_group(limited: World, books: Books) -> None:
    house = await moved_in(limited, books, owners=60)
    ready = ready_to_send(limited.telegram, books, limited.clock.now(), house.owners)
    limited.telegram.limits = LIMITS
    began = asyncio.get_running_loop().time()
    await send_all(ready)
    await until(lambda: books.count(Request) == 60)
    await until(lambda: not _waiting(books))
    took = asyncio.get_running_loop().time() - began
    shown = "\n".join(texts(limited.telegram, house.group.id))
    assert [owner.name for owner in house.owners if f"wish of {owner.name}" not in shown] == []
    assert _floods(limited) == 0
    assert took >= 2 * MINUTE  # two windows had to pass: the limits were real


@only_sqlite
async def test_what_is_urgent_overtakes_what_waits(limited: World, books: Books) -> None:
    house = await moved_in(limited, books)
    limited.telegram.limits = LIMITS
    limited.telegram.faults.add(Fault(FaultKind.DELAY, method="sendMessage", seconds=0.25))  # as far away as it is
    now = limited.clock.now()
    books.add(*[routine(house.group.id, now, f"routine {number}") for number in range(40)])
    nudge(limited)
    for round_ in range(2):
        await until(lambda least=5 + 16 * round_: len(texts(limited.telegram, house.group.id)) >= least)  # type: ignore[misc]
        before = len(texts(limited.telegram, house.group.id))
        books.add(
            routine(house.group.id, now, f"alarm {round_}", urgency=Urgency.ALARM),
            routine(house.group.id, now, f"escalation {round_}", urgency=Urgency.ESCALATION),
        )
        nudge(limited)
        await house.group.sees(f"escalation {round_}")
        shown = texts(limited.telegram, house.group.id)
        assert shown.index(f"alarm {round_}") <= before + 1
        assert shown.index(f"escalation {round_}") <= before + 2
    assert _floods(limited) == 0


@only_sqlite
async def test_a_window_that_is_full_has_places_left_for_what_is_urgent(long_limited: World, books: Books) -> None:
    world, house = long_limited, await moved_in(long_limited, books)
    world.telegram.limits = LONG_LIMITS
    now = world.clock.now()
    books.add(*[routine(house.group.id, now, f"routine {number}") for number in range(30)])
    nudge(world)
    await until(lambda: _waiting(books) == 14)  # the group's minute is full, and what went is noted
    books.add(*[routine(house.group.id, now, f"alarm {number}", urgency=Urgency.ALARM) for number in range(4)])
    nudge(world)
    await house.group.sees("alarm 3")
    assert texts(world.telegram, house.group.id)[16:] == [f"alarm {number}" for number in range(4)]
    assert _floods(world) == 0


@only_sqlite
async def test_a_full_group_holds_no_other_chat(long_limited: World, books: Books) -> None:
    world, house = long_limited, await moved_in(long_limited, books)
    world.telegram.limits = LONG_LIMITS
    now = world.clock.now()
    books.add(*[routine(house.group.id, now, f"routine {number}", urgency=Urgency.TASK) for number in range(40)])
    nudge(world)
    await until(lambda: _waiting(books) == 24)  # the group's minute is full, and what went is noted
    books.add(routine(house.owners[0].id, now, "hello", urgency=Urgency.BULK))
    nudge(world)
    await house.owners[0].sees("hello")


@only_sqlite
async def test_the_limit_over_all_chats_is_kept_and_leaves_room_for_what_is_urgent(
    limited: World, books: Books
) -> None:
    house = await moved_in(limited, books, owners=90)
    limited.telegram.limits = RateLimits()
    taken, now = places_taken(limited), limited.clock.now()
    books.add(*[routine(owner.id, now, "greetings", urgency=Urgency.BULK) for owner in house.owners])
    nudge(limited)
    await until(lambda: _greeted(limited, house) >= 20)
    books.add(routine(house.group.id, now, "alarm", urgency=Urgency.ALARM))
    nudge(limited)
    before = len(taken)  # not of those that have arrived: more are on their way
    await house.group.sees("alarm")
    assert [chat_id for _, chat_id in taken].index(house.group.id) - before <= 20  # what may go in a second
    await until(lambda: not _waiting(books))
    assert [texts(limited.telegram, owner.id) for owner in house.owners] == [["greetings"]] * 90
    assert _floods(limited) == 0


def _greeted(world: World, house: Household) -> int:
    return sum(len(texts(world.telegram, owner.id)) for owner in house.owners)


@only_sqlite
async def test_replies_keep_the_pace_as_well(limited: World, books: Books) -> None:
    """Sixty owners write at the same moment: each is answered, and Telegram need not complain."""
    house = await moved_in(limited, books, owners=60)
    limited.telegram.limits = RateLimits()
    for owner in house.owners:
        await owner.writes("/menu")
    await until(lambda: all(texts(limited.telegram, owner.id) for owner in house.owners))
    assert _floods(limited) == 0


@only_sqlite
async def test_an_album_counts_for_its_parts(limited: World, books: Books) -> None:
    house = await moved_in(limited, books)
    photo = await house.owners[0].sends_photo()
    await limited.telegram.settled()
    assert photo.media is not None
    limited.telegram.limits = LIMITS
    now = limited.clock.now()
    books.add(*[routine(house.group.id, now, f"routine {number}") for number in range(15)])
    for _ in range(3):
        album = routine(house.group.id, now, "")
        album.method = "sendMediaGroup"
        album.params = {"media": [{"type": "photo", "media": photo.media.file_id} for _ in range(10)]}
        books.add(album)
    nudge(limited)
    await until(lambda: not _waiting(books))
    assert _floods(limited) == 0
    assert len(limited.telegram.requests_of("sendMediaGroup")) == 3
