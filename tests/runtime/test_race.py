"""Ten butlers tap Claim at once: one has it, and the nine others are told who."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator

import pytest
from sqlmodel import select, update

from concierge_bot.desk.context import Desk, Sender
from concierge_bot.desk.fulfilment import claims, placing
from concierge_bot.desk.people import callers
from concierge_bot.playground import Message, Person
from storage.tables.people import Person as Known
from storage.tables.queues import Card, InboxState, InboxUpdate, OutboxMessage, OutboxState
from storage.tables.requests import Request, RequestEvent
from storage.tables.rows import row_id
from tests.runtime.harness import SERVICE, Books, Household, move_in, only_sqlite, ready_to_send, until
from tests.support.world import World, opened

REQUESTS = {"sqlite": 100, "postgresql": 50}
BUTLERS, CHIEFS = 6, 4
"""Six tap in the group, whose updates keep one order; four from their own chats, at the very same time."""


@pytest.fixture
async def busy(database_url: str) -> AsyncIterator[World]:
    """An estate whose taps may be answered late: what is counted is who wins."""
    async with opened(database_url, tap_lifetime=600) as world:
        yield world


def _engine(database_url: str) -> str:
    return "sqlite" if database_url.startswith("sqlite") else "postgresql"


async def _requests(world: World, house: Household, count: int) -> dict[int, Message]:
    """Requests of one owner's, written by the desk itself, with their cards in place. Returns those of the group."""
    owner, telegram = house.owners[0], world.telegram
    stand = {
        chat.id: [telegram._world.post(chat, telegram.bot, {"text": "a card"}) for _ in range(count)]
        for chat in (owner.chat, house.group.chat)
    }

    def place(desk: Desk) -> list[int]:
        known = desk.session.exec(select(Known).where(Known.telegram_id == owner.id)).one()
        answer = {"what": {"text": "a wish"}}
        numbers = [row_id(placing.place(desk, known, SERVICE, answer, draft_id=None)) for _ in range(count)]
        for card in desk.session.exec(select(Card)):
            card.message_id = stand[card.chat_id][numbers.index(card.subject_id)].id
        desk.session.exec(update(OutboxMessage).values(state=OutboxState.SENT))
        return numbers

    return dict(zip(await world.desk(place), stand[house.group.id], strict=True))


@pytest.mark.timeout(1000)
async def test_each_request_is_claimed_once_and_everyone_else_is_told_by_whom(
    busy: World, books: Books, database_url: str
) -> None:
    house = await move_in(busy.telegram, books, busy.clock.now(), butlers=BUTLERS, supervisors=CHIEFS)
    await busy.telegram.settled()
    shown = await _requests(busy, house, REQUESTS[_engine(database_url)])
    everybody = [*house.butlers, *house.supervisors]
    private = {person: busy.telegram._world.post(person.chat, busy.telegram.bot, {"text": "?"}) for person in everybody}
    began = time.monotonic()
    for number in shown:
        for shift in range(len(everybody)):
            person = everybody[(number + shift) % len(everybody)]
            message = private[person] if person in house.supervisors else shown[number]
            await person.taps_data(message, f"claim:{number}", wait=False)
    taps = len(shown) * len(everybody)
    await until(lambda: len(busy.telegram.requests_of("answerCallbackQuery")) >= taps, timeout=900, look=0.5)
    took = time.monotonic() - began
    print(f"{taps} taps in {took:.1f} s ({taps / took:.0f} a second) on {_engine(database_url)}")
    names = {person.id: person.name for person in everybody}
    answers = _answers(busy)
    winners = {request.id: request.claimed_by for request in books.all(Request)}
    known = {person.id: names.get(person.telegram_id or 0) for person in books.all(Known)}
    for number in shown:
        told = answers[number]
        (winner,) = [person for person, text in told.items() if text == f"#{number} is yours."]
        assert known[winners[number] or 0] == names[winner]
        others = {text for person, text in told.items() if person != winner}
        assert {text.partition(",")[0] for text in others} == {f"Taken by {names[winner]}"}
        assert len(told) == len(everybody)
    claimed = Counter(event.request_id for event in books.all(RequestEvent, RequestEvent.kind == "claimed"))
    assert claimed == Counter(list(shown))
    assert books.count(InboxUpdate, InboxUpdate.state == InboxState.FAILED) == 0


def _answers(world: World) -> dict[int, dict[int, str]]:
    """Who was told what, by request."""
    taps: dict[str, tuple[int, int]] = {}
    for call in world.telegram.requests_of("getUpdates"):
        for raw in call.result or []:
            if tap := raw.get("callback_query"):
                taps[tap["id"]] = (int(tap["data"].split(":")[1]), tap["from"]["id"])
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for call in world.telegram.requests_of("answerCallbackQuery"):
        assert call.status == 200
        number, person = taps[call.params["callback_query_id"]]
        found[number][person] = call.params["text"]
    return found


async def test_at_the_desk_itself_ten_at_once_have_one_winner(busy: World, books: Books) -> None:
    """Without any order between the ten: each in a transaction of its own, at the same moment."""
    house = await move_in(busy.telegram, books, busy.clock.now(), butlers=10)
    await busy.telegram.settled()
    assert busy.concierge is not None
    desks = busy.concierge.desks
    for number in await _requests(busy, house, 30):

        def claim(desk: Desk, person: Person, number: int = number) -> str:
            sender = Sender(person.id, house.group.id, private=False)
            return claims.claim(desk, callers.identify(desk, sender), number).toast

        said = await asyncio.gather(
            *(desks.run(lambda desk, person=person: claim(desk, person)) for person in house.butlers)  # type: ignore[misc]
        )
        assert said.count(f"#{number} is yours.") == 1
        winner = house.butlers[said.index(f"#{number} is yours.")].name
        assert Counter(text.partition(",")[0] for text in said)[f"Taken by {winner}"] == 9


@only_sqlite
async def test_two_taps_on_send_make_one_request(busy: World, books: Books) -> None:
    house = await move_in(busy.telegram, books, busy.clock.now(), owners=20)
    await busy.telegram.settled()
    ready = ready_to_send(busy.telegram, books, busy.clock.now(), house.owners)
    for owner, summary, data in ready:
        for _ in range(5):
            await owner.taps_data(summary, data, wait=False)
    await until(lambda: len(busy.telegram.requests_of("answerCallbackQuery")) >= 100)
    said = [call.params["text"] for call in busy.telegram.requests_of("answerCallbackQuery")]
    sent = [text for text in said if re.fullmatch(r"Thank you\. Your request is #\d+; .*", text)]
    assert len(sent) == len(set(sent)) == 20
    assert len([text for text in said if text.startswith("You have already sent this")]) == 80
    assert books.count(Request) == 20
