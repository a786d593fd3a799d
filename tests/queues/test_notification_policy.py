"""A year of all combinations: what may sound when, and that nothing is ever left without a next moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from concierge_bot.catalogue import model as catalogues
from concierge_bot.catalogue.durations import Hours
from concierge_bot.catalogue.opening import WEEKDAYS, Opening, WakingHours, stretch_at
from concierge_bot.desk.capabilities import CAPABILITIES
from concierge_bot.desk.context import Caller, Desk, Sender
from concierge_bot.desk.fulfilment import claims, placing
from concierge_bot.desk.operations import estates
from concierge_bot.desk.people import duty
from concierge_bot.desk.queues import policies
from concierge_bot.desk.queues.timers import TimerKind
from concierge_bot.desk.requests import repository
from concierge_bot.i18n import words
from concierge_bot.settings import SHIPPED_CATALOGUE
from storage import schema
from storage.engine.unit import Storage
from storage.tables.people import Membership, Person, StaffChat, Villa
from storage.tables.queues import Card, OutboxMessage, OutboxState, Timer, TimerState
from storage.tables.requests import UNFINISHED, Request
from storage.tables.rows import row_id
from tests.support.databases import sqlite_url

QUIET = Hours(time(22), time(8))
DAY = Opening(
    team="butlers",
    week={**dict.fromkeys(WEEKDAYS[:5], "07:00-12:00, 14:00-22:30"), "sat": "09:00-13:00"},
    holidays=frozenset({date(2026, 10, day) for day in range(1, 8)}),
)
NIGHT = Opening(team="butlers", week=dict.fromkeys(WEEKDAYS, "23:00-23:59, 00:00-06:00"))
ZONES = [ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kathmandu")]
FEW = 15 if settings.get_current_profile_name() != "long" else 300
"""Lives of a request, each of days: `make chaos` has more of them."""
MOST = 120
"""Timers that a test fires at most."""
HALF_HOUR = timedelta(minutes=30)


def _year() -> Iterator[datetime]:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    while moment.year == 2026:
        yield moment
        moment += HALF_HOUR


def _changes_its_clock(zone: ZoneInfo, moment: datetime) -> bool:
    """Tells whether a time of day may be two moments, or none, on that day."""
    day = timedelta(days=1)
    return (moment - day).astimezone(zone).utcoffset() != (moment + day).astimezone(zone).utcoffset()


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize("opening", [None, DAY], ids=["round the clock", "by day"])
def test_through_a_year_only_waking_hours_sound(zone: ZoneInfo, opening: Opening | None) -> None:
    hours = WakingHours(opening, QUIET)
    policy = policies.Policy(hours, zone)
    for moment in _year():
        if _changes_its_clock(zone, moment):
            continue
        local = moment.astimezone(zone)
        spans = DAY.week.get(WEEKDAYS[local.weekday()], ()) if local.date() not in DAY.holidays else ()
        works = opening is None or any(span.contains(local.time()) for span in spans)
        assert policy.may_sound(moment) == (works and not QUIET.contains(local.time())), local
        assert policy.may_sound(policy.earliest(moment))
        assert policy.next_opening(moment) > moment
        sounds_until = policy.sounds_until(moment)
        assert sounds_until is not None
        assert (sounds_until > moment) == policy.may_sound(moment)
        assert policies.ALWAYS.may_sound(moment)
        assert policies.ALWAYS.sounds_until(moment) is None


CATALOGUE = catalogues.load(SHIPPED_CATALOGUE)


@dataclass
class Estate:
    """An estate of two members of the staff and a supervisor, over an open unit of work."""

    desk: Desk
    owner: Person
    butlers: list[Person]

    def at(self, moment: datetime) -> Desk:
        """Returns the desk at another moment."""
        return replace(self.desk, now=moment)


def _person(desk: Desk, telegram_id: int, **facts: Any) -> Person:
    person = Person(
        estate_id=1, telegram_id=telegram_id, opened_at=desk.now, joined_at=desk.now, language="en", **facts
    )
    desk.session.add(person)
    desk.session.flush()
    return person


def _settle(desk: Desk) -> Estate:
    estate_id = row_id(estates.ensure_first(desk))
    villa = Villa(estate_id=estate_id, name="8")
    desk.session.add(villa)
    desk.session.flush()
    _person(desk, 1, given_name="Chen", supervises=True)
    butlers = [_person(desk, 10 + number, given_name=f"B{number}") for number in range(2)]
    for chat_id, team in ((-1, "butlers"), (-2, "maintenance")):
        desk.session.add(StaffChat(estate_id=estate_id, team=team, chat_id=chat_id, language="en"))
        for butler in butlers:
            desk.session.add(Membership(chat_id=chat_id, person_id=row_id(butler), since=desk.now))
    owner = _person(desk, 100, surname="Wang", form="m", villa_id=villa.id)
    return Estate(desk, owner, butlers)


ANSWERS: dict[str, dict[str, dict[str, Any]]] = {
    "shoe_shine": {"pairs": {"quantity": 2}, "when": {"soon": True}},
    "repair": {
        "kind": {"choice": "water"},
        "urgency": {"choice": "minor"},
        "what": {"text": "x"},
        "when": {"soon": True},
    },
    "gas": {"kind": {"choice": "gas"}},
}


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    """A database whose units of work these tests roll back."""
    found = Storage(sqlite_url(Path(tmp_path_factory.mktemp("policy"))))
    schema.upgrade(found)
    yield found
    found.close()


class _RolledBackError(Exception):
    pass


def _waits(desk: Desk, request: Request) -> list[Timer]:
    kinds = (TimerKind.ESCALATE, TimerKind.STALE)
    return list(
        desk.session.exec(
            select(Timer).where(
                col(Timer.kind).in_(kinds), Timer.subject_id == request.id, Timer.state == TimerState.WAITING
            )
        )
    )


def _fire_next(estate: Estate, until: datetime) -> Desk | None:
    """Fires the timer that is due next, at its moment."""
    session = estate.desk.session
    timer = session.exec(
        select(Timer)
        .where(Timer.state == TimerState.WAITING, col(Timer.kind).in_((TimerKind.ESCALATE, TimerKind.STALE)))
        .order_by(col(Timer.due_at), col(Timer.id))
        .limit(1)
    ).first()
    if timer is None or timer.due_at > until:
        return None
    desk = estate.at(timer.due_at)
    timer.state = TimerState.FIRED
    session.add(timer)
    session.flush()
    desk.capabilities.timers[timer.kind].fire(desk, timer)
    return desk


def _deliver(desk: Desk, request: Request) -> None:
    """Takes what waits for delivery as sent, and checks whether it could be heard."""
    waiting = desk.session.exec(select(OutboxMessage).where(OutboxMessage.state == OutboxState.WAITING)).all()
    for message in waiting:
        _check_sound(desk, message, request)
        message.state = OutboxState.SENT
        card = desk.session.get(Card, message.card_id) if message.card_id else None
        if card is not None:
            card.message_id = card.message_id or message.id
    desk.session.flush()


def _check_sound(desk: Desk, message: OutboxMessage, request: Request) -> None:
    if message.method.startswith("edit"):
        return
    sounds = message.sounds_until is None or message.sounds_until > desk.now
    if request.urgent:
        assert sounds
        assert message.sounds_until is None
        return
    zone = ZoneInfo("Asia/Shanghai")
    opening = desk.default_catalogue.opening_of({"Villa Estate"}, request.team)
    awake = stretch_at(desk.now, WakingHours(opening, desk.default_catalogue.rules.quiet_hours), zone)
    if not message.reader.startswith("owner"):
        assert not sounds or awake is not None, (message.reader, desk.now)


@settings(max_examples=FEW, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    minute=st.integers(0, 365 * 24 * 60),
    kind=st.sampled_from(sorted(ANSWERS)),
    opening=st.sampled_from([None, DAY, NIGHT]),
    fate=st.sampled_from(["nobody", "claimed", "on site", "released"]),
    off=st.booleans(),
    days=st.integers(1, 4),
)
def test_nothing_unclaimed_or_unanswered_is_without_a_next_moment(
    storage: Storage, minute: int, kind: str, opening: Opening | None, fate: str, off: bool, days: int
) -> None:
    """Through days of a year, whatever becomes of a request, and whoever is off duty."""
    opened = tuple(opening.model_copy(update={"team": team}) for team in CATALOGUE.teams) if opening else ()
    catalogue = CATALOGUE.model_copy(update={"opening": opened})
    began = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    with suppress(_RolledBackError), storage.unit() as session:
        estate = _settle(Desk(session, began, catalogue, capabilities=CAPABILITIES))
        service = "repair" if kind == "gas" else kind
        request = placing.place(estate.desk, estate.owner, service, ANSWERS[kind], draft_id=None)
        if off:
            duty.say(estate.desk, estate.butlers[0], is_on=False)
        _let_happen(estate, request, fate)
        _deliver(estate.at(began + timedelta(minutes=1)), request)
        _live_through(estate, request, began + timedelta(days=days))
        raise _RolledBackError


def _live_through(estate: Estate, request: Request, until: datetime) -> None:
    for _ in range(MOST):
        desk = _fire_next(estate, until)
        if desk is None:
            return
        found = repository.find(desk, row_id(request))
        assert found is not None
        assert found.state in UNFINISHED
        assert [timer for timer in _waits(desk, found) if timer.due_at >= desk.now]
        _deliver(desk, found)


def _let_happen(estate: Estate, request: Request, fate: str) -> None:
    if fate == "nobody":
        return
    butler = estate.butlers[0]
    sender = Sender(telegram_id=butler.telegram_id or 0, chat_id=-1 if request.team == "butlers" else -2, private=False)
    caller = Caller(sender, butler, words("en"))
    claims.claim(estate.desk, caller, row_id(request))
    if fate == "on site":
        claims.on_site(estate.desk, caller, row_id(request))
    if fate == "released":
        claims.release(estate.at(estate.desk.now + timedelta(minutes=1)), caller, row_id(request))
