"""Cleaning by age: what is over goes at night, a little at a time; what anybody may still need stays."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import event, inspect
from sqlmodel import SQLModel, col, select

from concierge_bot.desk.capabilities import CAPABILITIES
from concierge_bot.desk.operations import cleaning
from concierge_bot.desk.queues.timers import TimerKind
from storage.tables.announcements import Announcement, AnnouncementState
from storage.tables.people import Estate, Invite, InviteAttempts, Person, Villa
from storage.tables.queues import InboxState, InboxUpdate, OutboxMessage, OutboxState, Timer, TimerState
from storage.tables.refusals import Refusal
from storage.tables.requests import (
    Attachment,
    AttachmentKind,
    Draft,
    EventKind,
    FollowUp,
    Request,
    RequestEvent,
    RequestState,
    SignOff,
    SignOffOutcome,
)
from storage.tables.rows import row_id
from tests.runtime.harness import Books, moved_in, until
from tests.support.world import NOON, World

TO_THE_NIGHT = {"hours": 16, "minutes": 30}
"""From a noon in Shanghai to half past four."""


def _ago(days: float) -> datetime:
    return NOON - timedelta(days=days)


class Attic:
    """Old rows, and which of them are expected to stay."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._numbers = iter(range(1, 1000))
        self.expected: dict[str, bool] = {}

    def put(self, *rows: SQLModel, stays: bool) -> None:
        """Puts rows into the database; each gets its number there."""
        with self._books.session() as session:
            for row in rows:
                session.add(row)
                session.flush()
                self.expected[_name(row)] = stays

    def found(self) -> dict[str, bool]:
        """Which of the rows are there."""
        there = {_name(row) for table in TABLES for row in self._all(table)}
        return {name: name in there for name in self.expected}

    def _all(self, table: type[SQLModel]) -> list[Any]:
        with self._books.session() as session:
            return list(session.exec(select(table)))

    def update(self, days: float, state: InboxState, *, stays: bool) -> None:
        """Something that Telegram brought."""
        number = 10**6 + next(self._numbers)
        row = InboxUpdate(update_id=number, chat_id=1, kind="message", state=state, received_at=_ago(days))
        self.put(row, stays=stays)

    def message(self, days: float, state: OutboxState, *, stays: bool, **facts: Any) -> None:
        """Something that was to be delivered."""
        moment = _ago(days)
        facts |= {"sent_at": moment} if state == OutboxState.SENT else {}
        row = OutboxMessage(chat_id=1, method="x", state=state, created_at=moment, not_before=moment, **facts)
        self.put(row, stays=stays)

    def timer(self, days: float, kind: str, subject: int, *, stays: bool, state: TimerState = TimerState.FIRED) -> None:
        """Something that was to be looked at."""
        key = f"old:{next(self._numbers)}"
        self.put(Timer(key=key, kind=kind, subject_id=subject, due_at=_ago(days), state=state), stays=stays)

    def draft(self, days: float, *, stays: bool, closed: bool = True, files: int = 0) -> int:
        """Something that an owner put together."""
        row = Draft(person_id=1, started_at=_ago(days), closed_at=_ago(days) if closed else None)
        self.put(row, stays=stays)
        for number in range(files):
            self.put(
                Attachment(draft_id=row_id(row), kind=AttachmentKind.PHOTO, file_id="x", message_id=number), stays=stays
            )
        return row_id(row)

    def request(self, state: RequestState, **facts: Any) -> int:
        """What an owner asked for a hundred days ago."""
        moment = _ago(100)
        draft_id = self.draft(100, stays=True, files=1)
        row = Request(
            estate_id=1,
            villa_id=1,
            person_id=1,
            draft_id=draft_id,
            service="repair",
            team="maintenance",
            state=state,
            claim_by=moment,
            created_at=moment,
            open_since=moment,
            **facts,
        )
        self.put(row, stays=True)
        number = row_id(row)
        self.put(RequestEvent(request_id=number, kind=EventKind.SENT, at=moment), stays=True)
        self.put(SignOff(request_id=number, due_at=moment, outcome=SignOffOutcome.GOOD, at=moment), stays=True)
        self.put(FollowUp(request_id=number, due_at=moment, good=True, answered_at=moment), stays=True)
        return number

    def announcement(self, ended: float | None) -> int:
        """What went to many a hundred days ago."""
        state = AnnouncementState.SENDING if ended is None else AnnouncementState.DONE
        ended_at = None if ended is None else _ago(ended)
        row = Announcement(
            estate_id=1, author_id=1, state=state, created_at=_ago(100), started_at=_ago(100), ended_at=ended_at
        )
        self.put(row, stays=True)
        return row_id(row)


TABLES: tuple[type[SQLModel], ...] = (
    InboxUpdate,
    OutboxMessage,
    Timer,
    Draft,
    Attachment,
    Request,
    RequestEvent,
    SignOff,
    FollowUp,
    Announcement,
    Invite,
    InviteAttempts,
    Refusal,
)


def _name(row: SQLModel) -> str:
    facts = [getattr(row, key) for key in ("state", "kind", "key", "due_at") if hasattr(row, key)]
    number = inspect(row).identity or ()
    return " ".join(map(str, (type(row).__name__, *number, *facts)))


async def _at_night(world: World, books: Books) -> None:
    """Turns the clock to the night, and waits until the cleaning is over."""
    world.turn(**TO_THE_NIGHT)
    await _until_the_next_night_is_planned(world, books)


async def _until_the_next_night_is_planned(world: World, books: Books) -> None:
    """And nothing of this night waits any more: a start plans the next night before the batches go on."""
    later = world.clock.now() + timedelta(hours=1)

    def is_over() -> bool:
        planned = _cleanings(books, TimerState.WAITING, col(Timer.due_at) > later)
        return planned > 0 and planned == _cleanings(books, TimerState.WAITING)  # asked in this order: plans come first

    await until(is_over)


def _cleanings(books: Books, state: TimerState, *conditions: Any) -> int:
    return books.count(Timer, Timer.kind == TimerKind.CLEANING, Timer.state == state, *conditions)


@pytest.fixture
def attic(books: Books, world: World) -> Attic:
    """An estate with a past; nobody is there any more who could be written to."""
    assert world.concierge is not None
    books.add(Villa(id=1, estate_id=1, name="8"))
    books.add(Person(id=1, estate_id=1, villa_id=1))
    return Attic(books)


async def test_what_is_over_goes_and_what_may_matter_stays(world: World, books: Books, attic: Attic) -> None:
    attic.update(8, InboxState.DONE, stays=False)
    attic.update(8, InboxState.PASSED, stays=False)
    attic.update(6, InboxState.DONE, stays=True)
    attic.update(8, InboxState.FAILED, stays=True)
    attic.update(91, InboxState.FAILED, stays=False)

    attic.message(31, OutboxState.SENT, stays=False)
    attic.message(31, OutboxState.STOPPED, stays=False)
    attic.message(29, OutboxState.SENT, stays=True)
    attic.message(31, OutboxState.DEAD, stays=True)
    attic.message(91, OutboxState.DEAD, stays=False)
    for place, ended in enumerate((90, 90, None, 90, 90, 90, 90)):  # of which the latest five are listed
        number = attic.announcement(ended)
        attic.message(95, OutboxState.SENT, stays=place >= 2, announcement_id=number)
        attic.timer(95, TimerKind.ANNOUNCEMENT, number, stays=ended is None)

    closed = attic.request(RequestState.DONE, done_at=_ago(99), closed_at=_ago(95))
    owing = attic.request(RequestState.DONE, done_at=_ago(99))
    cancelled = attic.request(RequestState.CANCELLED, cancelled_at=_ago(99))
    claimed = attic.request(RequestState.CLAIMED, claimed_by=1, claimed_at=_ago(99))
    lately = attic.request(RequestState.DONE, done_at=_ago(99), closed_at=_ago(20))
    for kind in (TimerKind.ESCALATE, TimerKind.FOLLOW_UP, TimerKind.STALE, TimerKind.SIGN_OFF):
        for number, stays in ((closed, False), (cancelled, False), (owing, True), (claimed, True), (lately, True)):
            attic.timer(98, kind, number, stays=stays)
    attic.timer(10, TimerKind.ESCALATE, closed, stays=True)
    attic.timer(92, TimerKind.ESCALATE, closed, state=TimerState.FAILED, stays=False)
    attic.timer(40, TimerKind.ESCALATE, closed, state=TimerState.FAILED, stays=True)
    for kind in (TimerKind.BIRTHDAYS, TimerKind.ROSTER, TimerKind.CHECK_CALLS, TimerKind.CLEANING):
        attic.timer(31, kind, 1, stays=False)
        attic.timer(29, kind, 1, stays=True)
    attic.timer(100, "of_a_newer_version", 1, stays=True)

    attic.draft(31, stays=False, files=2)
    attic.draft(31, stays=False, closed=False)
    attic.draft(29, stays=True, files=1)

    attic.put(_invite("used", expires=_ago(20), used=_ago(31)), _invite("late", expires=_ago(31)), stays=False)
    attic.put(_invite("open", expires=NOON), _invite("just over", expires=_ago(29)), stays=True)
    attic.put(InviteAttempts(telegram_id=1, failures=2), stays=False)
    attic.put(InviteAttempts(telegram_id=2, failures=9, wait_until=_ago(31)), stays=False)
    attic.put(InviteAttempts(telegram_id=3, failures=9, wait_until=_ago(1)), stays=True)
    attic.put(_refusal(91), stays=False)
    attic.put(_refusal(80), stays=True)

    await _at_night(world, books)
    assert attic.found() == attic.expected
    waits = books.one(Timer, Timer.kind == TimerKind.CLEANING, Timer.state == TimerState.WAITING)
    assert waits.due_at == NOON + timedelta(**TO_THE_NIGHT, days=1)


def _invite(code: str, *, expires: datetime, used: datetime | None = None) -> Invite:
    return Invite(code_hash=code, person_id=1, expires_at=expires, used_at=used)


def _refusal(days: float) -> Refusal:
    return Refusal(at=_ago(days), chat_id=1, telegram_id=1, action="claim")


async def test_five_thousand_rows_go_in_batches_and_nobody_waits(world: World, books: Books) -> None:
    owner = (await moved_in(world, books)).owners[0]
    rows = [
        InboxUpdate(update_id=n, chat_id=1, kind="x", state=InboxState.DONE, received_at=_ago(9)) for n in range(5000)
    ]
    books.add(*rows, InboxUpdate(update_id=9000, chat_id=1, kind="x", state=InboxState.DONE, received_at=_ago(1)))
    deleted: list[int] = []
    _note_deletions(world, deleted)
    world.turn(**TO_THE_NIGHT)
    await until(lambda: books.count(InboxUpdate) < 4500)
    await owner.writes("/menu")
    await owner.sees("How may we be of service?")
    await world.restart()
    _note_deletions(world, deleted)
    await _until_the_next_night_is_planned(world, books)
    assert [row.update_id for row in books.all(InboxUpdate, InboxUpdate.kind == "x")] == [9000]
    assert _cleanings(books, TimerState.FIRED) == 11
    assert max(deleted) == cleaning.BATCH
    assert sum(deleted) == 5000


def _note_deletions(world: World, deleted: list[int]) -> None:
    assert world.concierge is not None

    def note(_connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("DELETE FROM inbox"):
            deleted.append(cursor.rowcount)

    event.listen(world.concierge.desks.storage.engine, "after_cursor_execute", note)


async def test_a_number_that_was_on_a_button_never_comes_back(world: World, books: Books, attic: Attic) -> None:
    """SQLite goes on after the highest row that is there."""
    last = [attic.draft(31, stays=False) for _ in range(3)][-1]
    await _at_night(world, books)
    assert [row.id for row in books.all(Draft)] == [last]
    assert attic.draft(0, stays=True) == last + 1


async def test_the_night_is_that_of_the_first_estate(world: World, books: Books) -> None:
    books.add(Estate(name="Zweite", timezone="Europe/Berlin", language="de", currency="EUR"))
    await _at_night(world, books)
    await world.restart()
    (waits,) = books.all(Timer, Timer.kind == TimerKind.CLEANING, Timer.state == TimerState.WAITING)
    assert world.concierge is not None
    zone = world.concierge.desks.catalogue.zone
    assert waits.due_at.astimezone(zone).time() == time(4, 30)


def test_each_kind_of_timer_belongs_to_a_capability() -> None:
    assert set(CAPABILITIES.timers) == set(TimerKind)
