"""Delivery: whatever the wire and Telegram do, each message arrives, or a person is told."""

from __future__ import annotations

import asyncio
import math
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import update

from concierge_bot.desk.cards import cards
from concierge_bot.desk.operations import outcomes as delivery_outcomes
from concierge_bot.desk.operations import undeliverable
from concierge_bot.desk.queues import deliveries, outbox
from concierge_bot.desk.queues.policies import ALWAYS
from concierge_bot.playground import Fault, FaultKind, Group
from concierge_bot.playground.errors import bad_request
from concierge_bot.playground.model.rights import open_chat
from concierge_bot.runtime.delivery import delivery, in_flight, sending
from concierge_bot.runtime.delivery.batches import MOST_PARALLEL
from concierge_bot.runtime.delivery.in_flight import MOST_UNNOTED
from storage.tables.people import Person as Known
from storage.tables.people import StaffChat
from storage.tables.queues import Card, OutboxMessage, OutboxState, Urgency
from storage.tables.requests import Request
from storage.tables.subjects import REQUEST
from tests.runtime.harness import (
    Books,
    Household,
    in_trouble,
    moved_in,
    nudge,
    only_sqlite,
    ready_to_send,
    routine,
    send_all,
    texts,
    until,
)
from tests.support.cast import rested
from tests.support.world import World, newest, tap


async def _request(world: World, books: Books, house: Household) -> Request:
    """An owner's request, with its card in the group."""
    await send_all(ready_to_send(world.telegram, books, world.clock.now(), house.owners[:1]))
    await house.group.sees("wish of")
    await world.telegram.settled()
    return books.one(Request)


_is_waiting = OutboxMessage.state == OutboxState.WAITING


def _waiting(books: Books) -> int:
    return books.count(OutboxMessage, _is_waiting)


async def _all_sent(world: World, books: Books, *, turning: float = 60) -> None:
    """Until nothing waits any more; the clock is turned on, so that no pause need be waited for."""

    def settled() -> bool:
        if not _waiting(books):
            return True
        world.turn(seconds=turning)
        return False

    await until(settled)


@only_sqlite
async def test_a_flooded_chat_is_held_for_as_long_as_telegram_asks_and_no_other(world: World, books: Books) -> None:
    house = await moved_in(world, books, owners=2)
    flooded, other = house.owners
    fault = world.telegram.faults.add(
        Fault(FaultKind.TOO_MANY_REQUESTS, method="sendMessage", chat_id=flooded.id, retry_after=2, times=1)
    )
    now, loop = world.clock.now(), asyncio.get_running_loop()
    books.add(*[routine(owner.id, now, f"line {number}") for owner in house.owners for number in range(5)])
    nudge(world)
    await until(lambda: fault.struck)
    began = loop.time()
    await until(lambda: len(texts(world.telegram, other.id)) == 5)
    assert texts(world.telegram, flooded.id) == []
    await until(lambda: len(texts(world.telegram, flooded.id)) == 5)
    assert 1.8 <= loop.time() - began < 20
    assert texts(world.telegram, flooded.id) == [f"line {number}" for number in range(5)]
    tries = [call for call in world.telegram.requests_of("sendMessage") if call.chat_id == flooded.id]
    assert [call.status for call in tries] == [429, 200, 200, 200, 200, 200]


@only_sqlite
async def test_turning_the_clock_does_not_break_a_flood_control(world: World, books: Books) -> None:
    """The demonstration's clock runs ahead; what Telegram asks for is real time."""
    house = await moved_in(world, books)
    owner = house.owners[0]
    fault = world.telegram.faults.add(
        Fault(FaultKind.TOO_MANY_REQUESTS, method="sendMessage", chat_id=owner.id, retry_after=1, times=1)
    )
    books.add(routine(owner.id, world.clock.now(), "patience"))
    nudge(world)
    await until(lambda: fault.struck)
    began = asyncio.get_running_loop().time()
    world.turn(hours=1)
    await owner.sees("patience")
    assert asyncio.get_running_loop().time() - began > 0.8


@only_sqlite
@pytest.mark.parametrize(
    "kind",
    [FaultKind.SERVER_ERROR, FaultKind.GARBAGE, FaultKind.DROP_BEFORE, FaultKind.TOO_MANY_REQUESTS],
)
async def test_what_was_not_done_is_done_again_and_once(world: World, books: Books, kind: FaultKind) -> None:
    house = await moved_in(world, books, owners=3)
    fault = world.telegram.faults.add(Fault(kind, method="sendMessage", times=9))
    now = world.clock.now()
    books.add(*[routine(owner.id, now, f"line {number}") for owner in house.owners for number in range(3)])
    nudge(world)
    await _all_sent(world, books)
    assert fault.struck == 9
    for owner in house.owners:
        assert sorted(texts(world.telegram, owner.id)) == ["line 0", "line 1", "line 2"]


@only_sqlite
async def test_a_lost_answer_doubles_one_message_at_most(world: World, books: Books) -> None:
    house = await moved_in(world, books)
    owner = house.owners[0]
    world.telegram.faults.add(Fault(FaultKind.DROP_AFTER, method="sendMessage", times=2))
    now = world.clock.now()
    books.add(*[routine(owner.id, now, f"line {number}") for number in range(4)])
    nudge(world)
    await _all_sent(world, books)
    shown = texts(world.telegram, owner.id)
    assert set(shown) == {f"line {number}" for number in range(4)}
    assert len(shown) == 4 + 2


@only_sqlite
async def test_telegram_may_be_down_for_long(world: World, books: Books) -> None:
    house = await moved_in(world, books, owners=10)
    down = world.telegram.faults.add(Fault(FaultKind.DOWN))
    now = world.clock.now()
    books.add(*[routine(owner.id, now, "at last") for owner in house.owners])
    nudge(world)
    await until(lambda: down.struck >= 12)
    world.turn(hours=1)
    await until(lambda: down.struck >= 24)
    assert _waiting(books) == 10
    world.telegram.faults.clear()
    await _all_sent(world, books)
    assert [texts(world.telegram, owner.id) for owner in house.owners] == [["at last"]] * 10


@only_sqlite
@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 500, 502, 504])
async def test_a_gateway_that_refuses_refuses_nothing(world: World, books: Books, status: int) -> None:
    """A page of a proxy's is not the Bot API: nobody blocked anybody, no group is gone, nothing is refused."""
    house = await moved_in(world, books)
    request = await _request(world, books, house)
    world.telegram.faults.next_server_error = lambda: (status, "<html>no entry</html>")  # type: ignore[method-assign]
    fault = world.telegram.faults.add(Fault(FaultKind.SERVER_ERROR, method="sendMessage", times=4))
    now = world.clock.now()
    books.add(routine(house.group.id, now, "to the team", reader="team", subject_kind=REQUEST, subject_id=request.id))
    books.add(
        routine(house.owners[0].id, now, "to the owner", reader="owner", subject_kind=REQUEST, subject_id=request.id)
    )
    nudge(world)
    await _all_sent(world, books)
    assert fault.struck == 4
    assert books.count(OutboxMessage, OutboxMessage.state == OutboxState.DEAD) == 0
    assert books.count(StaffChat) == 1
    await house.group.sees("to the team")
    await house.owners[0].sees("to the owner")


@only_sqlite
async def test_an_owner_who_blocked_the_bot_is_phoned(world: World, books: Books) -> None:
    house = await moved_in(world, books)
    await _request(world, books, house)
    owner = house.owners[0]
    world.telegram._world.queue.allowed -= {"my_chat_member"}  # the bot finds out by itself
    await owner.blocks()
    await tap(world, house.butlers[0], "claim:", house.group)
    await house.group.sees(": my messages do not reach the owner. Please speak to them in person.")
    await tap(world, house.butlers[0], "onsite:", house.group)
    await tap(world, house.butlers[0], "done:", house.group)
    await until(lambda: newest(house.group, "done:") is None)
    await _all_sent(world, books)
    told = [text for text in texts(world.telegram, house.group.id) if "Please speak to them in person" in text]
    assert len(told) == 1
    assert books.one(Known, Known.telegram_id == owner.id).blocked_at is not None
    assert books.count(OutboxMessage, OutboxMessage.state == OutboxState.DEAD) >= 1


@only_sqlite
async def test_a_group_that_is_gone_is_told_to_the_supervisor(world: World, books: Books) -> None:
    house = await moved_in(world, books)
    world.telegram._world.queue.allowed = frozenset({"callback_query"})  # the bot finds out by itself
    await house.group.remove_bot()
    await send_all(ready_to_send(world.telegram, books, world.clock.now(), house.owners))
    await house.supervisors[0].sees("the staff chat “Butlers” is without me now")
    await house.supervisors[0].sees("#1")
    await world.telegram.settled()
    assert books.count(StaffChat) == 0


async def _moves_silently(world: World, group: Group) -> int:
    """The group gets a new id, and no service message tells it. Returns the old id."""
    queue, old = world.telegram._world.queue, group.id
    allowed, queue.allowed = queue.allowed, frozenset()
    await group.migrate()
    queue.allowed = allowed
    return old


@pytest.mark.parametrize("how", ["error", "service message", "both"])
async def test_a_group_that_moved_is_followed(world: World, books: Books, how: str) -> None:
    chief = await world.supervisor("Chen")
    anna = world.telegram.person("Anna")
    group = await world.team("butlers", anna, by=chief, kind="group")
    wang = await world.owner("Wang")
    await world.telegram.settled()
    if how == "error":
        old = await _moves_silently(world, group)
    else:
        old = group.id
        if how == "both":
            world.telegram.faults.add(Fault(FaultKind.DELAY, method="getUpdates", seconds=0.3, times=1))
        await group.migrate()
    if how == "both":
        books.add(routine(old, world.clock.now(), "written for the old group"))
        nudge(world)
    await send_all(ready_to_send(world.telegram, books, world.clock.now(), [wang]))
    await group.sees("wish of Wang")
    if how == "both":
        await group.sees("written for the old group")
    assert (await tap(world, anna, "claim:", group)).text == "#1 is yours."
    await group.sees("Taken by Anna")
    await world.telegram.settled()
    assert books.one(StaffChat).chat_id == group.id
    cards_shown = [message for message in group.chat.messages.values() if "wish of" in message.text]
    assert len(cards_shown) == 1


@only_sqlite
async def test_an_edit_that_changes_nothing_is_done(world: World, books: Books) -> None:
    house = await moved_in(world, books)
    request = await _request(world, books, house)
    before = len(world.telegram.requests_of("editMessageText"))

    def refresh(desk: Any) -> None:
        cards.refresh(desk, desk.session.get_one(Request, request.id))

    await world.desk(refresh)
    await until(lambda: not _waiting(books))
    calls = world.telegram.requests_of("editMessageText")[before:]
    assert [call.status for call in calls] == [400, 400]
    assert books.count(OutboxMessage, OutboxMessage.state == OutboxState.DEAD) == 0


@only_sqlite
async def test_a_card_that_somebody_deleted_is_sent_anew(world: World, books: Books) -> None:
    house = await moved_in(world, books)
    await _request(world, books, house)
    card = await house.group.sees("wish of")
    world.telegram._world.delete(card)
    await house.butlers[0].taps_data(card, "claim:1")
    again = await house.group.sees("Taken by Butler0")
    assert again.id > card.id
    await tap(world, house.butlers[0], "onsite:", house.group)
    await world.telegram.until(lambda: newest(house.group, "onsite:") is None)
    assert newest(house.group, "done:") == (again, "done:1")
    assert len([text for text in texts(world.telegram, house.group.id) if "wish of" in text]) == 1


@only_sqlite
async def test_where_the_topic_is_gone_the_group_itself_is_written_to(world: World, books: Books) -> None:
    house = await moved_in(world, books, owners=2, forum=True)
    (topic,) = house.group.chat.topics
    first, second = ready_to_send(world.telegram, books, world.clock.now(), house.owners)
    await send_all([first])
    card = await house.group.sees("wish of Owner0")
    assert card.thread_id == topic
    await house.group.delete_topic(topic)
    await send_all([second])
    other = await house.group.sees("wish of Owner1")
    assert other.thread_id is None
    world.turn(minutes=10, seconds=1)
    await house.group.sees("nobody has taken this yet (10 minutes)")
    await house.butlers[0].taps_data(card, "claim:1")
    await house.group.sees("Taken by Butler0")
    assert books.one(StaffChat).thread_id is None
    assert books.count(OutboxMessage, OutboxMessage.state == OutboxState.DEAD) == 0


async def test_edits_that_wait_merge_into_the_newest(world: World, books: Books) -> None:
    house = await moved_in(world, books)
    await _request(world, books, house)
    card = await house.group.sees("wish of")
    fault = world.telegram.faults.add(Fault(FaultKind.SERVER_ERROR, method="editMessageText"))
    done_before = [call for call in world.telegram.requests_of("editMessageText") if call.status == 200]
    for data in ("claim:1", "release:1", "claim:1", "onsite:1"):
        assert (await house.butlers[0].taps_data(card, data)).answered
    await until(lambda: fault.struck >= 2)
    await until(lambda: books.count(OutboxMessage, _is_waiting, OutboxMessage.attempts == 0) == 0)
    waiting = _waiting(books)  # one a card, and the owner's notice where that was sent before it changed
    assert waiting in (2, 3)
    world.telegram.faults.clear()
    await _all_sent(world, books)
    done = [call for call in world.telegram.requests_of("editMessageText") if call.status == 200]
    assert len(done) - len(done_before) == waiting
    assert "on site" in card.text
    assert newest(house.group, "onsite:") is None


@only_sqlite
async def test_a_card_that_changes_while_it_is_on_its_way_is_brought_up_to_date(world: World, books: Books) -> None:
    house = await moved_in(world, books)
    slow = world.telegram.faults.add(
        Fault(FaultKind.DELAY, method="sendMessage", chat_id=house.group.id, seconds=0.5, times=1)
    )
    await send_all(ready_to_send(world.telegram, books, world.clock.now(), house.owners))
    await until(lambda: slow.struck)
    summary = house.owners[0].screen()[-1]
    await house.owners[0].taps_data(summary, "cancelsure:1")
    card = await house.group.sees("wish of")
    await world.telegram.until(lambda: card.buttons == [])
    assert len([text for text in texts(world.telegram, house.group.id) if "wish of" in text]) == 1


async def test_what_stands_beneath_a_card_waits_for_it_and_holds_nobody_else(world: World, books: Books) -> None:
    house = await moved_in(world, books)
    request = await _request(world, books, house)
    card = books.one(Card, Card.reader == "team")
    now = world.clock.now()
    with books.session() as session:  # the card was lost, and its new sending postponed
        session.exec(update(Card).where(Card.id == card.id).values(message_id=None))  # type: ignore[arg-type]
    postponed = routine(
        house.group.id, now, "the card", card_id=card.id, subject_kind=REQUEST, subject_id=request.id, reader="team"
    )
    postponed.method, postponed.not_before = "editMessageText", world.clock.now() + timedelta(hours=1)
    beneath = [
        routine(house.group.id, now, f"photo {number}", beneath_card=card.id, urgency=Urgency.TASK)
        for number in range(100)
    ]
    other = routine(house.owners[0].id, now, "to somebody else")
    books.add(postponed, *beneath, other)
    nudge(world)
    await house.owners[0].sees("to somebody else")
    assert not [text for text in texts(world.telegram, house.group.id) if text.startswith("photo")]
    world.turn(hours=2)
    await house.group.sees("the card")
    await until(lambda: "photo 99" in texts(world.telegram, house.group.id))
    shown = texts(world.telegram, house.group.id)
    assert shown.index("the card") < shown.index("photo 0")


@only_sqlite
async def test_what_stands_beneath_a_card_keeps_its_order(world: World, books: Books) -> None:
    house = await moved_in(world, books)
    request = await _request(world, books, house)
    card = books.one(Card, Card.reader == "team")
    now = world.clock.now()
    world.telegram.faults.add(Fault(FaultKind.SERVER_ERROR, method="sendMessage", times=3))
    pieces = [routine(house.group.id, now, f"piece {number}", beneath_card=card.id) for number in range(5)]
    books.add(*pieces, routine(house.group.id, now, "of another request", subject_kind=REQUEST, subject_id=request.id))
    nudge(world)
    await _all_sent(world, books)
    shown = [text for text in texts(world.telegram, house.group.id) if text.startswith("piece")]
    assert shown == [f"piece {number}" for number in range(5)]


@only_sqlite
async def test_a_refused_message_is_dead_seen_and_told(world: World, books: Books) -> None:
    house = await moved_in(world, books)
    request = await _request(world, books, house)
    bad = routine(
        house.owners[0].id, world.clock.now(), "<b>broken", reader="owner", subject_kind=REQUEST, subject_id=request.id
    )
    bad.params = {**bad.params, "parse_mode": "HTML"}
    books.add(bad)
    nudge(world)
    await house.group.sees(": my messages do not reach the owner")
    dead = books.one(OutboxMessage, OutboxMessage.state == OutboxState.DEAD)
    assert dead.error is not None
    assert "can't parse entities" in dead.error.lower()


@only_sqlite
async def test_a_group_that_refuses_every_message_makes_no_endless_stream_of_them(
    world: World, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A group may forbid its members to write, the bot included: then its supervisors are shown what happens."""
    house = await moved_in(world, books, admin=False)
    await _request(world, books, house)

    def mute(telegram: Any, chat_id: Any) -> Any:
        if chat_id == house.group.id:
            raise bad_request("not enough rights to send text messages to the chat")
        return open_chat(telegram, chat_id)

    monkeypatch.setattr("concierge_bot.playground.methods.sending.open_chat", mute)
    world.turn(minutes=10, seconds=1)  # the reminder is due
    await house.supervisors[0].sees("I am no longer allowed to write in")
    await rested(world)
    world.turn(minutes=5)  # the supervisor's turn
    await house.supervisors[0].sees("#1")
    await rested(world)
    assert len([call for call in world.telegram.refusals if call.chat_id == house.group.id]) <= 2
    assert books.count(OutboxMessage, OutboxMessage.state == OutboxState.DEAD) == 0  # it waits until it may write again


@only_sqlite
async def test_a_message_that_fails_on_our_side_holds_its_chat_for_a_moment_only(world: World, books: Books) -> None:
    house = await moved_in(world, books)
    request = await _request(world, books, house)
    owner = house.owners[0]
    now = world.clock.now()
    with books.session() as session:  # letters that no message can carry
        bad = routine(
            owner.id, now, "\ud800", reader="owner", subject_kind=REQUEST, subject_id=request.id, urgency=Urgency.OWNER
        )
        session.add(bad)
    books.add(routine(owner.id, now, "the next one"))
    nudge(world)
    await owner.sees("the next one")
    await _all_sent(world, books)
    assert books.one(OutboxMessage, OutboxMessage.state == OutboxState.DEAD).subject == request.subject
    await house.group.sees("my messages do not reach the owner")


@only_sqlite
async def test_a_message_of_which_no_call_can_be_made_holds_its_chat_for_a_moment_only(
    world: World, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await moved_in(world, books)
    owner = house.owners[0]
    call_for = sending.call_for

    def broken(outgoing: Any) -> Any:
        if outgoing.params["text"] == "bad":
            raise TypeError
        return call_for(outgoing)

    monkeypatch.setattr(sending, "call_for", broken)
    now = world.clock.now()
    books.add(routine(owner.id, now, "bad", urgency=Urgency.OWNER), routine(owner.id, now, "the next one"))
    nudge(world)
    await owner.sees("the next one")
    await _all_sent(world, books)
    dead = books.one(OutboxMessage, OutboxMessage.state == OutboxState.DEAD)
    assert dead.error is not None
    assert "TypeError at tests.runtime.test_delivery:" in dead.error
    assert dead.attempts == 2


async def test_an_outcome_that_cannot_be_noted_sets_its_message_aside_and_no_other(
    world: World, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await moved_in(world, books, owners=3)
    first, *others = house.owners

    def broken(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(undeliverable, "tell_somebody", broken)
    await first.blocks()
    await world.telegram.settled()
    now = world.clock.now()
    books.add(routine(first.id, now, "never", reader="owner"), *[routine(one.id, now, "hello") for one in others])
    nudge(world)
    for one in others:
        await one.sees("hello")
    await until(lambda: not _waiting(books))
    dead = books.one(OutboxMessage, OutboxMessage.state == OutboxState.DEAD)
    assert dead.error is not None
    assert dead.error.startswith("ZeroDivisionError at ")
    books.add(routine(others[0].id, now, "and on it goes"))
    nudge(world)
    await others[0].sees("and on it goes")


@only_sqlite
@pytest.mark.parametrize("error", [OperationalError("SELECT", {}, Exception("gone")), RuntimeError("never seen")])
async def test_trouble_of_any_kind_does_not_end_delivery(
    world: World, books: Books, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    house = await moved_in(world, books)
    left = in_trouble(monkeypatch, deliveries, "upcoming", [error] * 2)
    monkeypatch.setattr("concierge_bot.runtime.delivery.delivery.TROUBLE_PAUSE", 0.05)
    await world.desk(
        lambda desk: outbox.call(
            desk, house.owners[0].id, "sendMessage", {"text": "hello"}, Urgency.OWNER, policy=ALWAYS
        )
    )
    await house.owners[0].sees("hello")
    assert not left


async def test_a_database_in_trouble_after_the_sending_doubles_nothing(
    world: World, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was sent is known to this process, and is noted once the database is back."""
    house = await moved_in(world, books, owners=5)
    left = [OperationalError("UPDATE", {}, Exception("gone"))] * 3
    note_all = delivery_outcomes.note_all

    def in_trouble(desk: Any, outcomes: Any) -> None:
        if outcomes and left:
            raise left.pop()
        note_all(desk, outcomes)

    monkeypatch.setattr(delivery_outcomes, "note_all", in_trouble)
    monkeypatch.setattr("concierge_bot.runtime.delivery.delivery.TROUBLE_PAUSE", 0.05)
    now = world.clock.now()
    books.add(*[routine(owner.id, now, f"line {number}") for owner in house.owners for number in range(3)])
    nudge(world)
    await until(lambda: not _waiting(books))
    for owner in house.owners:
        assert texts(world.telegram, owner.id) == ["line 0", "line 1", "line 2"]


async def test_a_chat_gets_no_more_while_too_much_is_not_noted(
    world: World, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that is killed sends again what was not noted: that stays a few."""
    house = await moved_in(world, books)
    chat_id, tried = house.owners[0].id, list[int]()
    note_all, is_away = delivery_outcomes.note_all, [True]

    def in_trouble(desk: Any, outcomes: Any) -> None:
        if outcomes and is_away:
            tried.append(
                sum(outcome.outgoing.chat_id == chat_id for outcome in outcomes)
            )  # the bot's texts go elsewhere
            raise OperationalError("UPDATE", {}, Exception("gone"))
        note_all(desk, outcomes)

    monkeypatch.setattr(delivery_outcomes, "note_all", in_trouble)
    monkeypatch.setattr(delivery, "TROUBLE_PAUSE", 0.05)
    monkeypatch.setattr(delivery, "ROW_SECONDS", 60.0)
    lines = [f"line {number}" for number in range(MOST_UNNOTED * 2)]
    books.add(*[routine(chat_id, world.clock.now(), line) for line in lines])
    nudge(world)
    await until(lambda: tried.count(MOST_UNNOTED) >= 3)
    assert texts(world.telegram, chat_id) == lines[:MOST_UNNOTED]
    is_away.clear()
    await until(lambda: not _waiting(books))
    assert texts(world.telegram, chat_id) == lines


@only_sqlite
async def test_a_teams_cards_go_out_side_by_side(world: World, books: Books) -> None:
    """Telegram is far away: the last of those who wish for something at once waits no longer than the first."""
    house = await moved_in(world, books, owners=MOST_PARALLEL)
    assert world.concierge is not None
    pace = world.concierge.delivery._pace
    pace.hold(house.group.id, math.inf)
    await send_all(ready_to_send(world.telegram, books, world.clock.now(), house.owners))
    await until(lambda: books.count(Request) == MOST_PARALLEL and _waiting(books) == MOST_PARALLEL)
    delayed = world.telegram.faults.add(Fault(FaultKind.DELAY, method="sendMessage", seconds=60.0))
    pace._held.clear()
    nudge(world)
    await until(lambda: delayed.struck == MOST_PARALLEL)


@only_sqlite
async def test_a_stop_waits_for_a_telegram_that_takes_its_time(world: World, books: Books) -> None:
    house = await moved_in(world, books)
    slow = world.telegram.faults.add(Fault(FaultKind.DELAY, method="sendMessage", seconds=0.7))
    books.add(routine(house.owners[0].id, world.clock.now(), "Once only"))
    nudge(world)
    await until(lambda: slow.struck)
    await world.restart()
    await until(lambda: not _waiting(books))
    assert slow.struck == 1
    assert texts(world.telegram, house.owners[0].id) == ["Once only"]


async def test_stopping_and_starting_again_loses_and_doubles_nothing(
    world: World, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("concierge_bot.runtime.app.LAST_SECONDS", 60.0)  # a crowd may take longer than a stop waits
    house = await moved_in(world, books, owners=40)
    world.telegram.faults.add(Fault(FaultKind.DELAY, method="sendMessage", seconds=0.05))
    now = world.clock.now()
    books.add(*[routine(owner.id, now, f"line {number}") for number in range(5) for owner in house.owners])
    nudge(world)
    for number in range(1, 4):
        await until(lambda number=number: _waiting(books) < 200 - 40 * number)  # type: ignore[misc]
        await world.restart()
    await until(lambda: not _waiting(books))
    expected = [f"line {number}" for number in range(5)]
    assert [texts(world.telegram, owner.id) for owner in house.owners] == [expected] * 40


@pytest.mark.parametrize(("most", "seconds"), [(MOST_UNNOTED, delivery.ROW_SECONDS), (1, 0.0)])
async def test_the_next_message_of_a_chat_follows_at_once(
    world: World, books: Books, monkeypatch: pytest.MonkeyPatch, most: int, seconds: float
) -> None:
    """Nothing is left to the look that delivery takes from time to time."""
    monkeypatch.setattr(delivery, "LOOK_AGAIN", 60.0)
    monkeypatch.setattr(delivery, "ROW_SECONDS", seconds)
    monkeypatch.setattr(in_flight, "MOST_UNNOTED", most)
    house = await moved_in(world, books)
    now = world.clock.now()
    books.add(*[routine(house.owners[0].id, now, f"line {number}") for number in range(60)])
    nudge(world)
    await until(lambda: len(texts(world.telegram, house.owners[0].id)) == 60)
    assert texts(world.telegram, house.owners[0].id) == [f"line {number}" for number in range(60)]
