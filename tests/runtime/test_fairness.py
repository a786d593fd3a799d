"""What is urgent overtakes what waits; no chat starves; an announcement is in nobody's way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlmodel import select

from concierge_bot.desk.fulfilment import placing
from concierge_bot.playground import Fault, FaultKind, Person, RateLimits
from concierge_bot.runtime.telegram import rate_limits as pace
from storage.tables.people import Person as Known
from storage.tables.queues import Card, OutboxMessage, OutboxState, Urgency
from tests.runtime.harness import (
    WIDER,
    Books,
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

MINUTE = 3.0
"""How long a minute is here, in seconds."""
LIMITS, PACE = limits(MINUTE)
HALF_A_SECOND = 0.5
CARDS = 200
FILLED = 16
"""How many of the twenty places in a group's minute what is not urgent may have."""


@pytest.fixture
async def limited(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """An estate whose concierge knows Telegram's limits."""
    monkeypatch.setattr(pace, "MARGIN", WIDER)
    async with opened(database_url, settings=PACE) as world:
        yield world


def _floods(world: World) -> int:
    return sum(call.status == 429 for call in world.telegram.calls)


def _order(world: World, books: Books, owner: Person, count: int, kind: str) -> None:
    """An owner orders repairs: their cards wait for the group."""
    answers: dict[str, dict[str, Any]] = {
        "kind": {"choice": kind},
        "urgency": {"choice": "minor"},
        "what": {"text": f"a {kind}"},
        "when": {"soon": True},
    }
    with books.desk(world.clock) as desk:
        known = desk.session.exec(select(Known).where(Known.telegram_id == owner.id)).one()
        for _ in range(count):
            placing.place(desk, known, "repair", answers, draft_id=None)
    nudge(world)


def _cards_waiting(books: Books) -> int:
    return books.count(OutboxMessage, OutboxMessage.state == OutboxState.WAITING, OutboxMessage.urgency == Urgency.TASK)


@only_sqlite
async def test_an_urgent_card_has_one_of_the_next_two_places(limited: World, books: Books) -> None:
    """Also the fifth and the sixth of them, for which no place is left this minute: they have the next one's first."""
    house = await moved_in(limited, books)
    limited.telegram.limits = LIMITS
    limited.telegram.faults.add(Fault(FaultKind.DELAY, method="sendMessage", seconds=0.25))  # as far away as it is
    _order(limited, books, house.owners[0], CARDS, "water")
    await until(lambda: len(texts(limited.telegram, house.group.id)) == FILLED)
    assert _cards_waiting(books) >= CARDS - FILLED
    for number in range(6):
        _order(limited, books, house.owners[0], 1, "gas")
        before = len(texts(limited.telegram, house.group.id))
        await until(lambda least=number: _urgent(limited, house.group.id)[least:])  # type: ignore[misc]
        assert _urgent(limited, house.group.id)[number] <= before + 1
    assert _cards_waiting(books) >= CARDS - 2 * FILLED
    assert _floods(limited) == 0


def _urgent(world: World, chat_id: int) -> list[int]:
    """The places of the urgent cards in a chat."""
    return [place for place, text in enumerate(texts(world.telegram, chat_id)) if "URGENT" in text]


@only_sqlite
async def test_no_chat_starves_behind_a_full_one(limited: World, books: Books) -> None:
    """A group with hundreds of cards, a person with dozens of messages: whoever else waits is served meanwhile."""
    house = await moved_in(limited, books, owners=40, supervisors=2)
    second = limited.telegram.group("Second", by=house.supervisors[0])
    await second.add_bot(admin=True)
    await limited.telegram.settled()
    limited.telegram.limits = LIMITS
    now, talkative = limited.clock.now(), house.supervisors[0]
    _order(limited, books, house.owners[0], CARDS, "water")
    books.add(*[routine(talkative.id, now, f"line {number}", urgency=Urgency.TASK) for number in range(60)])
    nudge(limited)
    await until(lambda: len(texts(limited.telegram, house.group.id)) == FILLED)
    books.add(
        *[routine(owner.id, now, "good morning") for owner in house.owners[1:20]],
        *[routine(owner.id, now, "announced", urgency=Urgency.BULK) for owner in house.owners[20:]],
        *[routine(second.id, now, f"card {number}", urgency=Urgency.TASK) for number in range(10)],
    )
    nudge(limited)
    await until(lambda: all(texts(limited.telegram, owner.id) for owner in house.owners[1:]))
    await until(lambda: "card 9" in texts(limited.telegram, second.id))
    assert _cards_waiting(books) > CARDS - 5 * FILLED  # all of it within a few minutes of the group's
    assert _floods(limited) == 0


async def test_an_announcement_to_hundreds_is_overtaken_by_everything_else(limited: World, books: Books) -> None:
    house = await moved_in(limited, books, owners=300)
    chief, (first, *_, last) = house.supervisors[0], house.owners
    ready = ready_to_send(limited.telegram, books, limited.clock.now(), [last])
    await chief.writes("/announce")
    await chief.taps(await chief.sees("Who should receive it?"), "All owners (300)")
    await chief.sees("please send me the text")
    await chief.writes("The pool is closed")
    preview = await chief.sees("This is what owners will receive")
    limited.telegram.limits = RateLimits()
    taken = places_taken(limited)
    await chief.taps(preview, "Send to 300 owners")
    await until(lambda: _announced(limited, house.owners) >= 30)

    await send_all(ready)
    await house.group.sees(f"wish of {last.name}")
    await last.sees("✓ Sent")
    asked = await first.writes("/menu")
    await first.sees("How may we be of service?", after=asked)
    waiting = _bulk_waiting(books)
    assert waiting > 150
    assert not [text for text in texts(limited.telegram, last.id) if "pool" in text]
    assert (
        _most_at_once(taken, {first.id, last.id, chief.id, house.group.id}) <= 20
    )  # two thirds of what may go in a second: the rest is for everything else
    await chief.taps(preview, "Stop")
    await until(lambda: _announced(limited, house.owners) == 300 - books.count(*_stopped()))
    assert books.count(Card) == 2
    assert _floods(limited) == 0


def _announced(world: World, owners: list[Person]) -> int:
    said = [[text for text in texts(world.telegram, owner.id) if "The pool is closed" in text] for owner in owners]
    assert max(map(len, said)) <= 1
    return sum(map(len, said))


def _most_at_once(taken: list[tuple[float, int]], others: set[int]) -> int:
    """How many announced messages were let go within any half second."""
    announced = [moment for moment, chat_id in taken if chat_id not in others]
    return max(sum(moment <= one < moment + HALF_A_SECOND for one in announced) for moment in announced)


def _bulk_waiting(books: Books) -> int:
    return books.count(OutboxMessage, OutboxMessage.state == OutboxState.WAITING, OutboxMessage.urgency == Urgency.BULK)


def _stopped() -> tuple[type[OutboxMessage], bool]:
    return OutboxMessage, OutboxMessage.state == OutboxState.STOPPED
