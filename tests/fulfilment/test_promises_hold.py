"""Whatever happens in whatever order: no promise is overdue without somebody having been told of it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from concierge_bot.catalogue import model as catalogues
from concierge_bot.catalogue.model import Catalogue
from concierge_bot.desk.aftercare import follow_ups
from concierge_bot.desk.capabilities import CAPABILITIES
from concierge_bot.desk.context import Caller, Desk, Sender
from concierge_bot.desk.fulfilment import claims, placing
from concierge_bot.desk.operations import estates, outcomes
from concierge_bot.desk.people import notification_policy
from concierge_bot.desk.people.refusals import DeclinedError
from concierge_bot.desk.queues import deliveries, timers
from concierge_bot.desk.queues.deliveries import Plan, Reason, Sent, Undeliverable
from concierge_bot.desk.reports import figures
from concierge_bot.desk.requests import promises
from concierge_bot.i18n import words
from concierge_bot.settings import SHIPPED_CATALOGUE
from storage.engine.unit import Storage
from storage.tables.people import Membership, Person, StaffChat, Villa
from storage.tables.requests import Request, RequestEvent
from storage.tables.rows import row_id
from tests.support.databases import make_schema
from tests.support.world import NOON

OWNER, ANNA, CHEN, GROUP = 11, 21, 31, -100
CATALOGUE: Catalogue = catalogues.load(SHIPPED_CATALOGUE)

ACTIONS = st.one_of(
    st.tuples(st.just("order"), st.sampled_from(["flood", "water"])),
    st.tuples(st.sampled_from(["claim", "on_site", "done", "release"]), st.integers(0, 5)),
    st.tuples(st.just("turn"), st.sampled_from([1, 3, 7, 31, 240, 4_000])),
    st.tuples(st.just("block"), st.sampled_from([ANNA, CHEN])),
    st.tuples(st.just("kill"), st.just(0)),
)


class Estate:
    """The desk without any Telegram: its clock, its timers, and a post that delivers or refuses."""

    def __init__(self, storage: Storage) -> None:
        self.storage, self.now, self.blocked = storage, NOON, set[int]()
        with self.desk() as desk:
            estate = estates.ensure_first(desk)
            villa = Villa(estate_id=row_id(estate), name="8")
            desk.session.add(villa)
            desk.session.flush()
            for telegram_id, facts in (
                (OWNER, {"villa_id": villa.id}),
                (ANNA, {}),
                (CHEN, {"supervises": True}),
            ):
                person = Person(
                    estate_id=row_id(estate),
                    telegram_id=telegram_id,
                    given_name=str(telegram_id),
                    joined_at=self.now,
                    opened_at=self.now,
                    **facts,
                )
                desk.session.add(person)
                desk.session.flush()
                if telegram_id != OWNER:
                    desk.session.add(Membership(chat_id=GROUP, person_id=row_id(person), since=self.now))
            desk.session.add(StaffChat(estate_id=row_id(estate), team="maintenance", chat_id=GROUP, language="en"))

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """One transaction."""
        with self.storage.unit() as session:
            yield Desk(session, self.now, CATALOGUE, capabilities=CAPABILITIES)

    def order(self, kind: str) -> None:
        """A repair is ordered."""
        with self.desk() as desk:
            owner = desk.session.exec(select(Person).where(Person.telegram_id == OWNER)).one()
            answers: dict[str, Any] = {"kind": {"choice": kind}, "what": {"text": "?"}, "when": {"soon": True}}
            placing.place(desk, owner, "repair", answers, draft_id=None)

    def tap(self, action: str, index: int) -> None:
        """Anna taps under one of the cards."""
        with self.desk() as desk:
            numbers = list(desk.session.exec(select(Request.id).order_by(col(Request.id))))
            anna = desk.session.exec(select(Person).where(Person.telegram_id == ANNA)).one()
            if numbers:
                number = numbers[index % len(numbers)] or 0
                caller = Caller(Sender(ANNA, GROUP, private=False), anna, words("en"))
                with suppress(DeclinedError):
                    getattr(claims, action)(desk, caller, number)

    def work_off(self) -> None:
        """Timers and post, until both are at rest: as after any wake-up, or after a start."""
        for _ in range(5_000):
            if not (self._fire() | self._post()):
                return
        raise AssertionError("timers or post never come to rest")

    def _fire(self) -> bool:
        with self.desk() as desk:
            timer = timers.most_important_due(desk)
            if timer is None:
                return False
            timers.take(desk, timer)
            desk.capabilities.timers[timer.kind].fire(desk, timer)
            return True

    def _post(self) -> bool:
        with self.desk() as desk:
            parcels = deliveries.upcoming(desk, Plan(room=50, held=(), only_urgent=(), nothing_else=False))
            for parcel in parcels:
                if parcel.chat_id in self.blocked:
                    outcomes.note(desk, Undeliverable(parcel, Reason.BLOCKED, "blocked"))
                else:
                    outcomes.note(desk, Sent(parcel, parcel.edits or parcel.row_id))
            return bool(parcels)

    def untold(self) -> list[int]:
        """Requests with an overdue promise of which nobody was told since somebody could be, after it fell due."""
        with self.desk() as desk:
            return [
                row_id(request)
                for request in desk.session.exec(select(Request))
                for promise, due in promises.overdue(request, self.now)
                if notification_policy.of_request(desk, request).earliest(due) <= self.now
                and not self._told(desk, request, promise, due)
            ]

    def _told(self, desk: Desk, request: Request, promise: promises.Promise, due: object) -> bool:
        events = desk.session.exec(
            select(RequestEvent).where(RequestEvent.request_id == request.id, RequestEvent.kind == "escalated")
        )
        return any(event.data["promise"] == promise and event.at >= due and event.data["told"] for event in events)  # type: ignore[operator]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ACTIONS, max_size=14))
def test_no_promise_is_overdue_in_silence(actions: list[tuple[str, str | int]]) -> None:
    with TemporaryDirectory() as folder:
        database_url = f"sqlite:///{Path(folder) / 'promises.sqlite'}"
        make_schema(database_url)
        storage = Storage(database_url)
        estate = Estate(storage)
        for action, what in actions:
            match action, what:
                case "order", str():
                    estate.order(what)
                case "turn", int():
                    estate.now += timedelta(minutes=what)
                case "block", int():
                    estate.blocked.add(what)
                case "kill", _:
                    continue
                case _, int():
                    estate.tap(action, what)
            estate.work_off()
            assert estate.untold() == []
        storage.close()


def test_the_property_can_fail() -> None:
    with TemporaryDirectory() as folder:
        database_url = f"sqlite:///{Path(folder) / 'promises.sqlite'}"
        make_schema(database_url)
        storage = Storage(database_url)
        estate = Estate(storage)
        estate.order("flood")
        estate.now += timedelta(minutes=3)
        assert estate.untold() == [1]
        estate.work_off()
        assert estate.untold() == []
        storage.close()


def test_a_hundred_random_outcomes_agree_with_a_count_by_hand() -> None:
    draw, said = random.Random(11), dict.fromkeys(("yes", "no", "silence"), 0)
    with TemporaryDirectory() as folder:
        database_url = f"sqlite:///{Path(folder) / 'promises.sqlite'}"
        make_schema(database_url)
        storage = Storage(database_url)
        estate = Estate(storage)
        for index in range(100):
            estate.order("water")
            estate.tap("claim", index)
            estate.tap("done", index)
        estate.now += timedelta(days=2)
        estate.work_off()
        for number in range(1, 101):
            answer = draw.choice(list(said))
            said[answer] += 1
            if answer != "silence":
                with estate.desk() as desk:
                    owner = desk.session.exec(select(Person).where(Person.telegram_id == OWNER)).one()
                    follow_ups.answer(desk, Caller(Sender(OWNER, OWNER), owner, words("en")), number, answer)
        with estate.desk() as desk:
            period = figures.Period(NOON - timedelta(days=1), estate.now + timedelta(days=1))
            scope = figures.Scope(1, period)
            found = figures.figures(desk, scope, figures.judge(desk, scope))
        storage.close()
    assert (found.followed_up.kept, found.followed_up.of) == (said["yes"] + said["no"], 100)
    assert (found.first_time.kept, found.first_time.of) == (100 - said["no"], 100)
    assert len(found.followed_up.exceptions) == said["silence"]
