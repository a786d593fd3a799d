"""Several processes on one PostgreSQL: each does its part, and any of them may die at any time."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url
from sqlmodel import Session, col

from concierge_bot.playground import Fault, FaultKind
from concierge_bot.runtime.delivery.batches import MOST_PARALLEL
from concierge_bot.runtime.delivery.in_flight import MOST_UNNOTED
from concierge_bot.runtime.processes.leadership import Leadership
from concierge_bot.runtime.processes.pg_channel import Line
from concierge_bot.runtime.processes.tasks import Tasks
from storage.engine.notices import Queue, wake
from storage.engine.unit import Storage
from storage.tables.people import Person
from storage.tables.queues import (
    Card,
    Heartbeat,
    InboxState,
    InboxUpdate,
    OutboxMessage,
    OutboxState,
    Timer,
    TimerState,
)
from storage.tables.requests import Request, RequestEvent, RequestState
from tests.runtime.harness import Books, send_all, texts, until
from tests.runtime.process import Zygote
from tests.runtime.several import Installation, installed
from tests.support.commands import run
from tests.support.databases import PostgresServer

only_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def _at_rest(there: Installation) -> bool:
    return not (
        there.telegram.waiting
        or there.books.count(InboxUpdate, InboxUpdate.state == InboxState.WAITING)
        or there.books.count(OutboxMessage, OutboxMessage.state == OutboxState.WAITING)
    )


def _kept(there: Installation, count: int) -> bool:
    return there.books.count(Request) > count


def _escalated(there: Installation, count: int) -> bool:
    return there.books.count(RequestEvent, RequestEvent.kind == "escalated") >= count


def _unnoted(there: Installation) -> int:
    """Cards that stand in the group, and of which the database does not know: their answers were lost."""
    waiting = there.books.all(Card, Card.reader == "team", col(Card.message_id).is_(None))
    wishes = {request.id: str(request.answers["what"]["text"]) for request in there.books.all(Request)}
    standing = _cards(there)
    return sum(wishes[card.subject_id].removeprefix("wish of ") in standing for card in waiting)


def _shown(there: Installation, count: int) -> bool:
    return sum(_cards(there).values()) >= count


def _note(sent: list[tuple[int, int, int]], number: int, chat_id: int, count: int) -> None:
    sent.append((number, chat_id, count))


def _set_aside(books: Books) -> tuple[int, int, int]:
    """Updates given up, messages dead, timers failed."""
    return (
        books.count(InboxUpdate, InboxUpdate.state == InboxState.FAILED),
        books.count(OutboxMessage, OutboxMessage.state == OutboxState.DEAD),
        books.count(Timer, Timer.state == TimerState.FAILED),
    )


def _cards(there: Installation) -> Counter[str]:
    """How often each wish stands in the group."""
    wishes = (text.partition("wish of ")[2].partition("\n")[0] for text in texts(there.telegram, there.house.group.id))
    return Counter(wish for wish in wishes if wish)


@only_postgresql
async def test_the_main_job_through_six_processes(tmp_path: Path, database_url: str, zygote: Zygote) -> None:
    async with installed(tmp_path, database_url, zygote, owners=40, butlers=2) as there:
        await send_all(there.ready())
        await until(lambda: there.books.count(Request) == 40 and _at_rest(there), 300)
        assert set(_cards(there).values()) == {1}
        assert len(_cards(there)) == 40
        card = next(iter(message for message in there.house.group.screen() if message.buttons))
        data = card.buttons[0][0].data or ""
        await asyncio.gather(*(butler.taps_data(card, data) for butler in there.house.butlers))
        await there.telegram.until(lambda: "Taken by" in card.text)
        for round_number in (1, 2):  # the group is reminded, then the supervisor is told
            there.turn(timedelta(minutes=11))
            await until(partial(_escalated, there, 39 * round_number), 300)
        await there.house.supervisors[0].sees("Nobody has taken this request yet")
        escalated = there.books.all(RequestEvent, RequestEvent.kind == "escalated")
        assert set(Counter((event.request_id, event.data["step"]) for event in escalated).values()) == {1}
        await until(lambda: _at_rest(there))
        await until(lambda: there.books.count(Heartbeat) == 3)
        assert _set_aside(there.books) == (0, 0, 0)
        assert there.telegram.violations == []
        assert "Traceback" not in there.logs()


@only_postgresql
async def test_the_other_delivery_takes_over_when_one_dies(tmp_path: Path, database_url: str, zygote: Zygote) -> None:
    parts = ("intake", "delivery", "delivery", "clock")
    async with installed(tmp_path, database_url, zygote, parts=parts, owners=60) as there:
        there.telegram.faults.add(Fault(FaultKind.DELAY, seconds=0.05))
        await until(lambda: there.on_post("delivery"))
        await send_all(there.ready())
        unnoted = 0
        for share in (15, 30, 45):
            await there.telegram.until(partial(_shown, there, share), 300)
            one = there.on_post("delivery")
            assert one is not None
            await one.kill()
            unnoted += _unnoted(there)
            died_at = time.monotonic()
            await until(lambda: there.on_post("delivery"))
            print(f"taken over after {time.monotonic() - died_at:.2f} s")
            assert time.monotonic() - died_at < 5
            await one.start()
        await until(lambda: there.books.count(Request) == 60 and _at_rest(there), 300)
        assert len(_cards(there)) == 60
        doubled = sum(_cards(there).values()) - 60
        print(f"{unnoted} answers lost, {doubled} cards doubled")
        assert (
            doubled <= unnoted + 3 * MOST_PARALLEL
        )  # at each kill so many more may have been on their way into the group
        assert _set_aside(there.books) == (0, 0, 0)


@only_postgresql
async def test_any_intake_and_any_clock_may_die(tmp_path: Path, database_url: str, zygote: Zygote) -> None:
    parts = ("intake", "intake", "delivery", "clock", "clock")
    async with installed(tmp_path, database_url, zygote, parts=parts, owners=90) as there:
        ready = there.ready()
        for number, process in enumerate(there.of("intake")):
            await send_all(ready[number * 40 : number * 40 + 40])
            await until(partial(_kept, there, number * 40 + 5), 300)
            await process.kill()
            await send_all(ready[80 + number * 5 : 85 + number * 5])
            await process.start()
        await until(lambda: there.books.count(Request) == 90 and _at_rest(there), 300)
        assert set(_cards(there).values()) == {1}
        due = there.books.count(Timer, Timer.kind == "escalate", Timer.state == TimerState.WAITING)
        assert due == 90
        there.turn(timedelta(minutes=16))
        await until(partial(_escalated, there, 10), 300)
        for process in there.of("clock"):
            await process.kill()
            await process.start()
        await until(partial(_escalated, there, 90), 300)
        escalated = there.books.all(RequestEvent, RequestEvent.kind == "escalated")
        assert set(Counter((event.request_id, event.data["step"]) for event in escalated).values()) == {1}
        assert _set_aside(there.books) == (0, 0, 0)


@only_postgresql
async def test_the_database_is_restarted_in_the_middle(
    tmp_path: Path, database_url: str, zygote: Zygote, postgres_server: PostgresServer
) -> None:
    async with installed(tmp_path, database_url, zygote, owners=80) as there:
        there.telegram.faults.add(Fault(FaultKind.DELAY, seconds=0.02))
        await send_all(there.ready())
        await until(lambda: there.books.count(Request) > 20, 300)
        await asyncio.to_thread(postgres_server.restart)
        await until(lambda: there.books.count(Request) == 80 and _at_rest(there), 300)
        assert len(_cards(there)) == 80
        assert sum(_cards(there).values()) - 80 <= MOST_UNNOTED
        assert {request.state for request in there.books.all(Request)} == {RequestState.OPEN}
        assert _set_aside(there.books) == (0, 0, 0)
        assert "Traceback" not in there.logs()


@only_postgresql
async def test_a_chat_keeps_its_order_whichever_intake_gets_an_update(
    tmp_path: Path, database_url: str, zygote: Zygote
) -> None:
    async with installed(tmp_path, database_url, zygote, parts=("intake", "intake", "delivery"), owners=12) as there:
        said = {owner.id: owner for owner in there.house.owners}
        summaries = {owner: message for owner, message, _ in there.ready()}
        for round_number in range(6):
            for last in range(7):
                language = "zh_Hans" if (round_number + last) % 2 else "en"
                for owner in said.values():
                    await owner.taps_data(summaries[owner], f"lang:{language}", wait=False)
            await until(lambda: _at_rest(there), 300)
            people = there.books.all(Person, Person.villa_id != None)  # noqa: E711 - SQL's
            assert {person.language for person in people} == {language}


async def test_on_sqlite_all_parts_are_one_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONCIERGE_BOT_TOKEN", "1000:TEST")
    monkeypatch.setenv("CONCIERGE_DATABASE_URL", f"sqlite:///{tmp_path / 'c.sqlite'}")
    ended = await asyncio.to_thread(run, "run", "--only", "clock")
    assert (ended.status, ended.said) == (78, "")
    assert not (tmp_path / "c.sqlite").exists()
    assert ended.complained == (
        "concierge: Parts can run as processes of their own only on PostgreSQL: set CONCIERGE_DATABASE_URL.\n"
    )


@only_postgresql
async def test_a_commit_wakes_the_other_processes(database_url: str) -> None:
    storage, line, tasks = Storage(database_url), Line(make_url(database_url), 1000), Tasks()
    heard: list[Queue] = []
    line.on_queue(lambda queue, _at: heard.append(queue))
    tasks.start(line.run(), "line")
    await until(lambda: len(heard) == len(Queue))  # whoever was away may have missed anything
    heard.clear()

    def nothing(session: Session) -> None:
        wake(session, Queue.TIMERS)
        raise LookupError("rolled back")

    with pytest.raises(LookupError):
        await storage.run(nothing)
    await storage.run(lambda session: wake(session, Queue.OUTBOX))
    await until(lambda: heard)
    assert heard == [Queue.OUTBOX]
    await tasks.finish(0)
    storage.close()


@only_postgresql
async def test_one_stands_on_a_post_and_all_know_what_is_sent(
    database_url: str, postgres_server: PostgresServer
) -> None:
    lines = [Line(make_url(database_url), bot_id) for bot_id in (1000, 1000, 2000)]
    leaderships = [line.leadership("delivery") for line in lines]
    sent: list[tuple[int, int, int]] = []
    for number, line in enumerate(lines):
        line.on_sent(partial(_note, sent, number))
    tasks = [Tasks() for _ in lines]
    for line, group in zip(lines, tasks, strict=True):
        group.start(line.run(), "line")
    await until(lambda: _held(leaderships[:2]) == 1 and leaderships[2].is_leader)  # another bot has a leader of its own

    lines[0].sent(-100, 2)
    lines[0].sent(-100, 1)
    await until(lambda: len(sent) == 2)
    assert sorted(sent) == [(1, -100, 3), (2, -100, 3)]

    await asyncio.to_thread(postgres_server.restart)
    await until(lambda: not any(leadership.is_leader for leadership in leaderships))
    await until(lambda: _held(leaderships[:2]) == 1 and leaderships[2].is_leader)
    holder = 0 if leaderships[0].is_leader else 1
    await tasks[holder].finish(0)
    assert not leaderships[holder].is_leader
    await leaderships[1 - holder].gained(5)
    assert leaderships[1 - holder].is_leader
    for group in tasks:
        await group.finish(0)


def _held(leaderships: list[Leadership]) -> int:
    return sum(leadership.is_leader for leadership in leaderships)
