"""Whatever people do with requests in whatever order: they stand as a model of sixty lines says, on both databases.

Each step is an update as it comes from Telegram: kept, then done in one transaction. It may come twice, and the process
may be killed before the commit; then it is done after the start, once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlmodel import col, func, select

from concierge_bot.desk.aftercare import sign_offs
from concierge_bot.desk.context import Caller, Desk, Sender
from concierge_bot.desk.fulfilment import assigning, cancelling, claims, placing, undoing
from concierge_bot.desk.ordering import edits
from concierge_bot.desk.people.refusals import DeclinedError
from concierge_bot.desk.queues import inbox
from concierge_bot.desk.queues.inbox import Received
from concierge_bot.i18n import words
from storage.engine.unit import Storage
from storage.tables.people import Membership, Person
from storage.tables.queues import Card, InboxState, InboxUpdate
from storage.tables.requests import UNFINISHED, Draft, EventKind, Request, RequestEvent, RequestState
from storage.tables.rows import row_id
from tests.fulfilment.test_promises_hold import ANNA, CATALOGUE, CHEN, GROUP, OWNER, Estate
from tests.model.expected import Expected
from tests.support.databases import PostgresServer, make_schema, sqlite_url

BO = 22
STAFF = (ANNA, BO, CHEN)
UseCase = Callable[[Desk, Caller], object]

numbers = st.integers(0, 7)
staff = st.sampled_from(STAFF)
fates = st.sampled_from(["done", "done", "done", "twice", "killed"])
"""What becomes of an update."""


class Killed(BaseException):
    """The process ends here."""


class Updates(Estate):
    """An estate that is reached by updates only."""

    def __init__(self, storage: Storage) -> None:
        super().__init__(storage)
        self._numbers = count(1)
        with self.desk() as desk:
            anna = self.person(desk, ANNA)
            bo = Person(
                estate_id=anna.estate_id, telegram_id=BO, given_name="Bo", joined_at=self.now, opened_at=self.now
            )
            desk.session.add(bo)
            desk.session.flush()
            desk.session.add(Membership(chat_id=GROUP, person_id=row_id(bo), since=self.now))
            desk.session.flush()
            self.ids = {who: row_id(self.person(desk, who)) for who in (*STAFF, OWNER)}

    def person(self, desk: Desk, telegram_id: int) -> Person:
        """Somebody by their account."""
        return desk.session.exec(select(Person).where(Person.telegram_id == telegram_id)).one()

    def receive(self, who: int, use_case: UseCase, fate: str) -> None:
        """Keeps an update and does it, as its fate says."""
        update_id = next(self._numbers)
        received = Received(update_id, who, "callback_query", {"update_id": update_id})
        with self.desk() as desk:
            inbox.keep(desk, [received])
        if fate == "killed":
            with suppress(Killed):
                self._do(received, use_case, kill=True)
            with self.desk() as desk:
                assert [left.update_id for left in inbox.waiting(desk)] == [update_id]
        self._do(received, use_case)
        if fate == "twice":
            with self.desk() as desk:
                assert inbox.keep(desk, [received]) == []
            self._do(received, use_case)

    def _do(self, received: Received, use_case: UseCase, *, kill: bool = False) -> None:
        who = received.chat_id
        with self.desk() as desk:
            if not inbox.finish(desk, received.update_id):
                return
            chat_id = who if who in (OWNER, CHEN) else GROUP
            caller = Caller(Sender(who, chat_id, private=chat_id > 0), self.person(desk, who), words("en"))
            with suppress(DeclinedError):
                use_case(desk, caller)
            if kill:
                desk.session.flush()
                raise Killed


class Requests(RuleBasedStateMachine):
    """What owners, staff and the supervisor do with requests."""

    def __init__(self, database_url: str, give_back: Callable[[str], None] = lambda _: None) -> None:
        super().__init__()
        self.database_url, self.give_back = database_url, give_back
        make_schema(database_url)
        self.storage = Storage(database_url)
        self.estate = Updates(self.storage)
        self.expected: dict[int, Expected] = {}
        self.messages, self.said = count(1000), dict[int, int]()
        """The owner's messages: their numbers, and which request was made of which."""
        self.within = CATALOGUE.rules.undo_within or timedelta()

    def teardown(self) -> None:
        """Leaves the database to whoever made it."""
        self.storage.close()
        self.give_back(self.database_url)

    @rule(kind=st.sampled_from(["water", "flood"]), fate=fates)
    def order(self, kind: str, fate: str) -> None:
        """An owner sends a request."""
        message_id = next(self.messages)
        answers: dict[str, Any] = {
            "kind": {"choice": kind},
            "what": {"text": f"Message {message_id}", "message": message_id},
            "when": {"soon": True},
        }

        def use_case(desk: Desk, caller: Caller) -> None:
            owner = caller.require_person()
            draft = Draft(person_id=row_id(owner), service="repair", started_at=desk.now, closed_at=desk.now)
            desk.session.add(draft)
            desk.session.flush()
            placing.place(desk, owner, "repair", answers, draft_id=draft.id)

        self.estate.receive(OWNER, use_case, fate)
        (number,) = self._numbers() - set(self.expected)  # on PostgreSQL, whoever is killed leaves a gap
        self.expected[number], self.said[number] = Expected(), message_id

    @precondition(lambda self: self.expected)
    @rule(who=staff, index=numbers, fate=fates)
    def claim(self, who: int, index: int, fate: str) -> None:
        """Somebody of the staff claims a request."""
        number, found = self._one(index)
        self.estate.receive(who, lambda desk, caller: claims.claim(desk, caller, number), fate)
        found.claim(self.estate.ids[who])

    @precondition(lambda self: self.expected)
    @rule(who=staff, index=numbers, step=st.sampled_from(["on_site", "done", "release"]), fate=fates)
    def move_on(self, who: int, index: int, step: str, fate: str) -> None:
        """Somebody says On site, Done or Release."""
        number, found = self._one(index)
        use_case = getattr(claims, step)
        self.estate.receive(who, lambda desk, caller: use_case(desk, caller, number), fate)
        if not found.may_move_on(self.estate.ids[who], superior=who == CHEN):
            return
        found.done(self.estate.now) if step == "done" else getattr(found, step)()

    @precondition(lambda self: self.expected)
    @rule(who=staff, index=numbers, fate=fates)
    def undo(self, who: int, index: int, fate: str) -> None:
        """Somebody takes a Done back."""
        number, found = self._one(index)
        self.estate.receive(who, lambda desk, caller: undoing.undo(desk, caller, number), fate)
        if found.may_move_on(self.estate.ids[who], superior=who == CHEN):
            found.undo(self.estate.now, self.within)

    @precondition(lambda self: self.expected)
    @rule(index=numbers, to=staff, fate=fates)
    def assign(self, index: int, to: int, fate: str) -> None:
        """The supervisor takes a request, or gives it to somebody."""
        number, found = self._one(index)
        person_id = self.estate.ids[to]

        def use_case(desk: Desk, caller: Caller) -> object:
            if to == CHEN:
                return assigning.take(desk, caller, number)
            return assigning.assign(desk, caller, number, person_id)

        self.estate.receive(CHEN, use_case, fate)
        found.give(person_id)

    @precondition(lambda self: self.expected)
    @rule(index=numbers, fate=fates)
    def cancel(self, index: int, fate: str) -> None:
        """The owner takes a request back."""
        number, found = self._one(index)
        self.estate.receive(OWNER, lambda desk, caller: cancelling.cancel(desk, caller, number), fate)
        found.cancel()

    @precondition(lambda self: self.expected)
    @rule(index=numbers, fate=fates)
    def edit(self, index: int, fate: str) -> None:
        """The owner changes the message that says what a request is about."""
        number, _ = self._one(index)
        message_id, text = self.said[number], f"Changed to {next(self.messages)}"
        self.estate.receive(OWNER, lambda desk, caller: edits.change(desk, caller, message_id, text, None), fate)
        # A return has its words from the request that it returns to.
        meant = [n for n, found in self.expected.items() if self.said[n] == message_id and found.state in UNFINISHED]
        if meant:
            self.expected[max(meant)].edit()

    @precondition(lambda self: self.expected)
    @rule(index=numbers, said=st.sampled_from(["good", "not_right"]), fate=fates)
    def sign(self, index: int, said: str, fate: str) -> None:
        """The owner says whether all is well; what is not right comes back, to whoever had it."""
        number, _ = self._one(index)
        self.estate.receive(OWNER, lambda desk, caller: sign_offs.answer(desk, caller, number, said), fate)
        self._look_at_returns()

    @rule(minutes=st.sampled_from([1, 4, 31, 240, 1500]))
    def turn(self, minutes: int) -> None:
        """Time passes."""
        self.estate.now += timedelta(minutes=minutes)

    @invariant()
    def all_is_as_expected(self) -> None:
        """Every request stands as the model says, and nobody waits for a word that is due."""
        self.estate.work_off()
        with self.estate.desk() as desk:
            rows = desk.session.exec(select(Request).order_by(col(Request.id))).all()
            assert {row.id: (row.state, row.claimed_by) for row in rows} == {
                number: (found.state, found.holder) for number, found in self.expected.items()
            }
            assert dict(self._edits(desk)) == {n: found.edits for n, found in self.expected.items() if found.edits}
            readers = desk.session.exec(select(Card.subject_id, Card.reader)).all()
            assert len(readers) == len(set(readers))
            assert {number for number, reader in readers if reader == "team"} == set(self.expected)
            undone = select(InboxUpdate.update_id).where(InboxUpdate.state == InboxState.WAITING)
            assert desk.session.exec(undone).all() == []
        assert self.estate.untold() == []

    def _one(self, index: int) -> tuple[int, Expected]:
        number = list(self.expected)[index % len(self.expected)]
        return number, self.expected[number]

    def _edits(self, desk: Desk) -> Iterator[tuple[int, int]]:
        edited = select(RequestEvent.request_id, func.count()).where(RequestEvent.kind == EventKind.EDITED)
        yield from desk.session.exec(edited.group_by(col(RequestEvent.request_id)))

    def _numbers(self) -> set[int]:
        with self.estate.desk() as desk:
            return {number for number in desk.session.exec(select(Request.id)) if number is not None}

    def _look_at_returns(self) -> None:
        """A return is a new request, or one that was taken back as long as nobody had begun it."""
        with self.estate.desk() as desk:
            for row in desk.session.exec(select(Request).where(col(Request.return_of).is_not(None))).all():
                known = self.expected.get(row_id(row))
                if known is None:
                    of = self.expected[row.return_of or 0]
                    assert (row.state, row.claimed_by) == (RequestState.CLAIMED, of.holder)
                    self.expected[row_id(row)] = Expected(RequestState.CLAIMED, of.holder)
                    self.said[row_id(row)] = self.said[row.return_of or 0]
                elif row.state == RequestState.CANCELLED and known.state == RequestState.CLAIMED:
                    known.state = RequestState.CANCELLED


SIZE = settings(
    max_examples=5, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
"""A small one, as it runs with all tests; `python -m tests.model` has a long one."""


def run_on_sqlite(folder: Path, size: settings) -> None:
    """Runs examples, each on a new file."""
    numbers = count()

    def machine() -> Requests:
        new = folder / str(next(numbers))
        new.mkdir()
        return Requests(sqlite_url(new))

    run_state_machine_as_test(machine, settings=size)  # type: ignore[arg-type] # a factory does, too


def run_on_postgresql(server: PostgresServer, size: settings) -> None:
    """Runs examples, each on an empty database of a server."""
    run_state_machine_as_test(lambda: Requests(server.new(), server.give_back), settings=size)  # type: ignore[arg-type]


def test_requests_stand_as_the_model_says_on_sqlite(tmp_path: Path) -> None:
    run_on_sqlite(tmp_path, SIZE)


def test_requests_stand_as_the_model_says_on_postgresql(postgres_server: PostgresServer) -> None:
    run_on_postgresql(postgres_server, SIZE)


@pytest.mark.parametrize("step", ["claim", "give", "on_site", "release", "cancel", "edit"])
def test_what_is_done_is_done(step: str) -> None:
    found = Expected(RequestState.DONE, 1)
    getattr(found, step)(*((2,) if step in ("claim", "give") else ()))
    assert (found.state, found.holder, found.edits) == (RequestState.DONE, 1, 0)
