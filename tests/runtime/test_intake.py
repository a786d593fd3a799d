"""Intake: each update once, in the order of its chat; what cannot be done stops nothing else."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy.exc import DataError, OperationalError

from concierge_bot.desk.menus import menus
from concierge_bot.desk.ordering import asking
from concierge_bot.desk.queues import inbox
from concierge_bot.playground import Fault, FaultKind, Person
from concierge_bot.playground.methods import HANDLERS
from concierge_bot.runtime.app import build
from concierge_bot.runtime.intake import polling
from storage.tables.queues import InboxState, InboxUpdate, OutboxMessage
from storage.tables.requests import Draft, Request, RequestState
from tests.runtime.harness import Books, in_trouble, moved_in, only_sqlite, ready_to_send, send_all, texts, until
from tests.support.cast import rested
from tests.support.world import World, forged_tap, newest, tap

LOST = OperationalError("COMMIT", {}, Exception("the connection is gone"))


def _said(books: Books) -> list[str]:
    """What owners said beside the questions, as it is kept."""
    return [draft.answers.get("words", {}).get("text", "") for draft in books.all(Draft)]


async def _polled_anew(world: World) -> None:
    """Until the bot asks for updates once more."""
    before = len(world.telegram.requests_of("getUpdates"))
    world.telegram.inject({"poll_answer": {}})
    await world.telegram.until(lambda: len(world.telegram.requests_of("getUpdates")) > before)
    await world.telegram.settled()


async def test_an_update_that_comes_again_after_the_commit_does_nothing(world: World, books: Books) -> None:
    house = await moved_in(world, books)
    await house.owners[0].writes("Once only")
    await house.owners[0].sees("Which service is it for?")
    await world.telegram.settled()
    for _ in range(3):
        world.telegram.redeliver()
        await _polled_anew(world)
    assert _said(books) == ["Once only"]
    assert len(texts(world.telegram, house.owners[0].id)) == 1


async def test_a_batch_whose_confirmation_was_lost_is_handed_out_again_and_done_once(
    world: World, books: Books
) -> None:
    house = await moved_in(world, books, owners=30)
    ready = ready_to_send(world.telegram, books, world.clock.now(), house.owners)
    lost = world.telegram.faults.add(Fault(FaultKind.DROP_AFTER, method="getUpdates", times=3))
    world.telegram.inject({"poll_answer": {}})  # ends the poll that waits already
    await until(lambda: lost.struck)
    await send_all(ready)
    await until(lambda: books.count(Request) == 30)
    assert lost.struck == 3
    await world.telegram.settled()
    updates = books.all(InboxUpdate, InboxUpdate.kind == "callback_query")
    for update in updates:
        world.telegram.redeliver(update.update_id)
    await _polled_anew(world)
    assert books.count(Request) == 30
    assert len(updates) == 30


async def test_updates_that_come_again_before_they_are_done_are_done_once(world: World, books: Books) -> None:
    house = await moved_in(world, books)
    stranger = world.telegram.person("New")
    await house.group.add(stranger)
    await rested(world)
    with books.session() as session:  # the desk knows nobody there any more, so it has to ask Telegram
        session.connection().exec_driver_sql("DELETE FROM memberships")
    slow = world.telegram.faults.add(Fault(FaultKind.DELAY, method="getChatMember", seconds=0.5, times=1))
    ready = ready_to_send(world.telegram, books, world.clock.now(), house.owners)
    await send_all(ready)
    card = await house.group.sees("wish of")
    await stranger.taps_data(card, "claim:1", wait=False)
    await until(lambda: slow.struck)
    for _ in range(3):
        world.telegram.redeliver()
    await world.telegram.until(lambda: newest(house.group, "onsite:"))
    await world.telegram.settled()
    claimed = books.one(Request)
    assert claimed.state == RequestState.CLAIMED
    assert len(world.telegram.requests_of("answerCallbackQuery")) == 2  # Send and Claim


async def test_an_update_whose_commit_was_not_acknowledged_is_not_left_lying(
    world: World, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database committed, but the answer never came: the same batch is new to nobody, and still must be done."""
    house = await moved_in(world, books)
    assert world.concierge is not None
    run, losses = world.concierge.desks.run, iter([LOST])

    async def lossy(work: Any) -> Any:
        result = await run(work)
        if isinstance(result, list) and (loss := next(losses, None)) is not None:
            raise loss
        return result

    monkeypatch.setattr(world.concierge.desks, "run", lossy)
    await house.owners[0].writes("Do not forget me")
    await until(lambda: _said(books) == ["Do not forget me"])
    await house.owners[0].sees("Which service is it for?")


@only_sqlite
async def test_words_of_one_chat_keep_their_order(world: World, books: Books) -> None:
    house = await moved_in(world, books, owners=5)
    for number in range(20):
        for owner in house.owners:
            await owner.writes(f"line {number}")
    expected = "\n".join(f"line {number}" for number in range(20))
    await until(lambda: _said(books) == [expected] * 5)


@only_sqlite
@pytest.mark.parametrize("method", ["sendMessage", "getChatMember"])
async def test_a_slow_chat_holds_no_other(
    world: World, books: Books, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    house = await moved_in(world, books, owners=2)
    slow, quick = house.owners
    if method == "getChatMember":
        with books.session() as session:
            session.connection().exec_driver_sql("DELETE FROM memberships")
        await send_all(ready_to_send(world.telegram, books, world.clock.now(), [slow]))
        card = await house.group.sees("wish of")
    chat_id = slow.id if method == "sendMessage" else house.group.id
    came, may_go_on = _held_up(monkeypatch, method, chat_id)
    if method == "sendMessage":
        await slow.writes("/menu")
    else:
        await house.butlers[0].taps_data(card, "claim:1", wait=False)
    await came.wait()
    for _ in range(3):
        sent = await quick.writes("/menu")
        await quick.sees("How may we be of service?", after=sent)
    assert newest(house.group, "onsite:") is None
    assert not [text for text in texts(world.telegram, slow.id) if "How may we be of service" in text]
    may_go_on.set()
    if method == "sendMessage":
        await slow.sees("How may we be of service?")
    else:
        await world.telegram.until(lambda: newest(house.group, "onsite:"))


def _held_up(monkeypatch: pytest.MonkeyPatch, method: str, chat_id: int) -> tuple[asyncio.Event, asyncio.Event]:
    """Has Telegram keep calls that concern a chat until the second event; the first says that one has come."""
    came, may_go_on, handler = asyncio.Event(), asyncio.Event(), HANDLERS[method]

    async def waits(telegram: Any, arguments: Any) -> Any:
        if arguments["chat_id"] == chat_id:
            came.set()
            await may_go_on.wait()
        result = handler(telegram, arguments)
        return await result if asyncio.iscoroutine(result) else result

    monkeypatch.setitem(HANDLERS, method, waits)
    return came, may_go_on


GARBAGE: list[Any] = [
    {"brand_new_kind": {"of": "update"}},
    {"brand_new_kind": None},
    {},
    {"message": None},
    {"message": "a string"},
    {"message": {"chat": "nowhere"}},
    {"message": {"message_id": "x", "date": [], "chat": {"id": 5, "type": "planet"}}},
    {"message": {"message_id": 1, "date": 10**30, "chat": {"id": 7, "type": "private"}, "text": "?"}},
    {"callback_query": {"id": 5, "data": {"x": 1}}},
    {"callback_query": {"id": "1", "from": {"id": 9, "is_bot": False, "first_name": "X"}, "chat_instance": "1"}},
    {"my_chat_member": {"new_chat_member": []}},
    {"chat_member": {"chat": {"id": -1, "type": "group"}, "old_chat_member": 1, "new_chat_member": None}},
    {"message": {"chat": {"id": 2**80, "type": "private"}}},
    {"message": {"chat": {"id": True, "type": "private"}}},
    {"x" * 5000: {"chat": {"id": 1}}},
    {"kind\x00nul": {"text": "a\x00b"}},
    {"surrogate \ud800": {"text": "\udfff"}},
    {"not_a_number": {"value": float("nan"), "more": float("inf")}},
    {"deep": eval("[" * 80 + "]" * 80)},
    {"poll": {"id": "1"}, "poll_answer": {"id": "2"}},
]


async def test_garbage_is_recorded_and_passed_and_the_next_update_is_done(world: World, books: Books) -> None:
    house = await moved_in(world, books)
    before = books.count(InboxUpdate)
    ids = [world.telegram.inject(raw) for raw in GARBAGE]
    await house.owners[0].writes("/menu")
    await house.owners[0].sees("How may we be of service?")
    await until(lambda: not books.count(InboxUpdate, InboxUpdate.state == InboxState.WAITING))
    states = {row.update_id: row.state for row in books.all(InboxUpdate)}
    assert [states[update_id] for update_id in ids] == [InboxState.PASSED] * len(ids)
    assert len(states) == before + len(ids) + 1


GATHER = 1.0
"""Seconds for which a crowd's words are gathered in a test."""


@only_sqlite
async def test_what_a_crowd_writes_is_asked_for_together(
    world: World, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "GATHER", GATHER)
    house = await moved_in(world, books, owners=15)
    ready = ready_to_send(world.telegram, books, world.clock.now(), house.owners)
    await send_all(ready[:3])
    await until(lambda: books.count(Request) == 3)
    before, began = len(world.telegram.requests_of("getUpdates")), asyncio.get_running_loop().time()
    for one in ready[3:]:
        await send_all([one])
        await asyncio.sleep(0.03)  # one would be asked for after the other
    await until(lambda: books.count(Request) == 15)
    took = asyncio.get_running_loop().time() - began
    assert len(world.telegram.requests_of("getUpdates")) - before < 5 + took / GATHER


@only_sqlite
async def test_who_writes_alone_is_never_kept_waiting(
    world: World, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "GATHER", 3600.0)
    house = await moved_in(world, books, owners=2)
    for number in range(10):
        for owner in house.owners:
            await owner.writes(f"Wish {number}")
    await until(lambda: len(_said(books)) == 2 and all("Wish 9" in said for said in _said(books)))


@only_sqlite
@pytest.mark.parametrize(
    "raw", [{"update_id": 2**70, "message": {}}, {"update_id": "7"}, {"update_id": True}, [1, 2], "text", 5, None]
)
async def test_what_has_no_usable_id_is_dropped_and_does_not_make_the_bot_spin(
    world: World, books: Books, raw: Any
) -> None:
    house = await moved_in(world, books)
    world.telegram.inject(raw)
    before = len(world.telegram.requests_of("getUpdates"))
    await asyncio.sleep(0.5)
    assert len(world.telegram.requests_of("getUpdates")) - before < 10
    if isinstance(raw, dict) and isinstance(raw["update_id"], int):  # ids go on from here
        world.telegram._world.queue._next_id = 10**9
    await house.owners[0].writes("/menu")
    await house.owners[0].sees("How may we be of service?")


@only_sqlite
async def test_the_ids_of_updates_may_begin_anew_at_a_lower_number(world: World, books: Books) -> None:
    """After a week of silence Telegram chooses the next id at random."""
    house = await moved_in(world, books)
    await house.owners[0].writes("/menu")
    await house.owners[0].sees("How may we be of service?")
    await world.telegram.settled()
    await world.telegram.until(lambda: world.telegram._world.queue._poll is not None)
    world.telegram._world.queue._next_id = 1000
    await house.owners[0].writes("/help")
    await until(lambda: books.count(InboxUpdate, InboxUpdate.update_id == 1000, InboxUpdate.state == InboxState.DONE))
    await house.owners[0].writes("/help")
    await until(lambda: books.count(InboxUpdate, InboxUpdate.update_id == 1001, InboxUpdate.state == InboxState.DONE))


class _SomethingPrivateError(Exception):
    pass


def _broken(*_: Any, **__: Any) -> Any:
    raise _SomethingPrivateError("Mr Wang's safe is behind the picture")


@only_sqlite
@pytest.mark.parametrize(
    ("language", "sorry"),
    [("en", "I am sorry, that did not go through."), ("zh_Hans", "")],
)
async def test_a_handler_that_fails_is_tried_again_then_set_aside_and_the_person_is_told(
    world: World, books: Books, monkeypatch: pytest.MonkeyPatch, language: str, sorry: str
) -> None:
    house = await moved_in(world, books, language=language)
    owner = house.owners[0]
    tries: list[int] = []
    write = asking.write

    def half_done(desk: Any, caller: Any, text: str) -> Any:
        tries.append(1)
        write(desk, caller, text)
        return _broken() if text.startswith("bad") else write(desk, caller, text)

    monkeypatch.setattr(asking, "write", half_done)
    bad = await owner.writes("bad words")
    await until(lambda: books.count(InboxUpdate, InboxUpdate.state == InboxState.FAILED))
    await world.telegram.until(lambda: texts(world.telegram, owner.id))
    assert len(tries) >= 3  # where the database was busy, one was begun anew
    assert books.count(Draft) == 0  # rolled back, each time
    failed = books.one(InboxUpdate, InboxUpdate.state == InboxState.FAILED)
    assert failed.attempts == 2
    assert failed.error is not None
    assert failed.error.startswith("_SomethingPrivateError at tests.runtime.test_intake:")
    assert "Wang" not in failed.error
    assert failed.payload is not None
    assert failed.payload["message"]["text"] == "bad words"
    (said,) = texts(world.telegram, owner.id)
    assert said.startswith(sorry)
    assert ("sorry" in said) is (language == "en")
    after = await owner.writes("good words")
    await until(lambda: len(_said(books)) == 1)
    await owner.sees("", after=after)
    assert bad.id < after.id


@only_sqlite
async def test_a_tap_that_fails_is_answered_with_an_alert(
    world: World, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await moved_in(world, books)
    owner = house.owners[0]
    for page in ("more", "my_requests", "profile"):
        monkeypatch.setattr(menus, page, _broken)
    await owner.writes("/menu")
    answer = await tap(world, owner, "menu:")
    assert answer.alert
    assert answer.text == "That did not go through. Please try again."
    monkeypatch.undo()
    assert (await tap(world, owner, "menu:")).answered


@only_sqlite
async def test_a_failing_update_of_a_group_tells_nobody_there(
    world: World, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await moved_in(world, books)
    monkeypatch.setattr(menus, "choose_chat_language", _broken)
    await house.butlers[0].writes("/language", chat=house.group)
    await until(lambda: books.count(InboxUpdate, InboxUpdate.state == InboxState.FAILED))
    await world.telegram.settled()
    assert texts(world.telegram, house.group.id) == []
    assert books.count(OutboxMessage, OutboxMessage.method == "sendMessage") == 0


@only_sqlite
async def test_even_where_nobody_can_be_told_a_failing_update_holds_no_others(
    world: World, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What goes wrong while the person is identified goes wrong again when they are to be told."""
    house = await moved_in(world, books)
    owner = house.owners[0]
    from concierge_bot.desk.people import callers  # noqa: PLC0415

    identify = callers.identify

    def sometimes(desk: Any, sender: Any, *found: Any) -> Any:
        return _broken() if sender.message_id == first else identify(desk, sender, *found)

    monkeypatch.setattr(callers, "identify", sometimes)
    first = owner.chat._last_message_id + 1
    await owner.writes("who am I?")
    after = await owner.writes("/menu")
    await owner.sees("How may we be of service?", after=after)
    assert books.count(InboxUpdate, InboxUpdate.state == InboxState.FAILED) == 1


@only_sqlite
@pytest.mark.parametrize("failures", [1, 7])
async def test_a_database_in_trouble_is_waited_for(
    world: World, books: Books, monkeypatch: pytest.MonkeyPatch, failures: int
) -> None:
    house = await moved_in(world, books)
    owner = house.owners[0]
    in_trouble(monkeypatch, asking, "write", [LOST] * failures)
    monkeypatch.setattr("concierge_bot.runtime.retries.FOR_THE_DATABASE", (0.01,) * 10)
    await owner.writes("Patience")
    await until(lambda: _said(books) == ["Patience"])
    assert books.count(InboxUpdate, InboxUpdate.state == InboxState.FAILED) == 0


@only_sqlite
async def test_a_start_waits_for_a_database_in_trouble(
    world: World, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await moved_in(world, books)
    await world.stop()
    await house.owners[0].writes("Early")
    left = in_trouble(monkeypatch, inbox, "waiting", [LOST] * 3)
    monkeypatch.setattr("concierge_bot.runtime.intake.intake.TROUBLE_PAUSE", 0.01)
    await world.start()
    assert left == []
    await until(lambda: _said(books) == ["Early"])


async def test_a_database_that_refuses_one_update_for_good_is_not_waited_for(
    world: World, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await moved_in(world, books)
    owner = house.owners[0]

    def refused(*_: Any) -> Any:
        raise DataError("INSERT", {}, Exception("value out of range"))

    monkeypatch.setattr(asking, "write", refused)
    await owner.writes("Out of range")
    await owner.sees("I am sorry")
    await owner.writes("/menu")
    await owner.sees("How may we be of service?")


@only_sqlite
async def test_an_offset_is_confirmed_only_after_its_updates_are_kept(
    world: World, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await moved_in(world, books)
    await rested(world)  # no other update takes a part of the trouble
    in_trouble(monkeypatch, inbox, "keep", [LOST] * 3)
    monkeypatch.setattr(polling, "PAUSES", (0.01,))
    await house.owners[0].writes("Keep me first")
    (update,) = world.telegram._world.queue.pending()
    await until(lambda: _said(books) == ["Keep me first"])
    offered = [
        call
        for call in world.telegram.requests_of("getUpdates")
        if any(found["update_id"] == update["update_id"] for found in call.result or [])
    ]
    assert len(offered) == 4
    assert all(call.params.get("offset", 0) <= update["update_id"] for call in offered)


@only_sqlite
async def test_trouble_of_any_kind_does_not_end_polling(
    world: World, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await moved_in(world, books)
    in_trouble(monkeypatch, inbox, "keep", [RuntimeError("never seen before"), MemoryError()])
    await house.owners[0].writes("/menu")
    await house.owners[0].sees("How may we be of service?")


@only_sqlite
async def test_a_webhook_set_meanwhile_does_not_make_the_bot_deaf(world: World, books: Books) -> None:
    house = await moved_in(world, books)
    world.telegram._world.queue.webhook_active = True
    world.telegram._world.queue.interrupt("terminated by setWebhook request")
    await house.owners[0].writes("/menu")
    await house.owners[0].sees("How may we be of service?")


async def test_what_was_kept_and_not_done_is_done_after_a_restart(world: World, books: Books) -> None:
    house = await moved_in(world, books, owners=20)
    assert world.concierge is not None
    await until(lambda: not books.count(InboxUpdate, InboxUpdate.state == InboxState.WAITING))
    world.concierge.intake._stopping = True  # keeps, and does nothing any more
    for owner in house.owners:
        await owner.writes("Before the stop")
    await until(lambda: books.count(InboxUpdate, InboxUpdate.state == InboxState.WAITING) == 20)
    await world.restart()
    await until(lambda: _said(books) == ["Before the stop"] * 20)


@only_sqlite
async def test_a_forged_tap_without_a_message_is_passed(world: World, books: Books) -> None:
    house = await moved_in(world, books)
    person: Person = house.owners[0]
    raw = forged_tap(person, await person.writes("/help"), "send:1")
    del raw["callback_query"]["message"]
    update_id = world.telegram.inject(raw)
    await until(lambda: books.all(InboxUpdate, InboxUpdate.update_id == update_id))
    await until(lambda: not books.count(InboxUpdate, InboxUpdate.state == InboxState.WAITING))
    assert books.one(InboxUpdate, InboxUpdate.update_id == update_id).state == InboxState.PASSED


async def test_two_programs_on_one_database_do_each_update_once(world: World, books: Books) -> None:
    """Telegram may bring an update to one while the other is still at it."""
    house = await moved_in(world, books, owners=20)
    world.telegram._world.queue.allowed = frozenset()  # the test itself brings them
    first, second = world.concierge, build(await asyncio.to_thread(world.house))
    assert first is not None
    raw = [
        {"update_id": 10**9 + number, "message": (await owner.writes("Once only")).wire}
        for number, owner in enumerate(house.owners)
    ]
    try:
        await asyncio.gather(*(concierge.intake.accept(raw) for concierge in (first, second, first, second)))
        await until(lambda: not books.count(InboxUpdate, InboxUpdate.state == InboxState.WAITING))
    finally:
        await second.stop()
    await until(lambda: _said(books) == ["Once only"] * 20)
    assert books.count(InboxUpdate, InboxUpdate.state == InboxState.FAILED) == 0
