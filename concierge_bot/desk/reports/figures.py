"""The figures of the promises, counted from the event log alone: those due, those kept, and each exception."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased
from sqlmodel import col, or_

from concierge_bot.desk.context import Desk
from concierge_bot.desk.requests.promises import Promise
from concierge_bot.desk.requests.undo_window import lasting
from storage.tables.requests import EventKind, FollowUp, Request, RequestEvent, SignOff, SignOffOutcome

JUDGED = (
    EventKind.SENT,
    EventKind.CLAIMED,
    EventKind.ASSIGNED,
    EventKind.RELEASED,
    EventKind.RESCHEDULED,
    EventKind.ON_SITE,
    EventKind.DONE,
    EventKind.UNDONE,
    EventKind.CANCELLED,
)
"""The events by which promises are judged."""
LOOK_BACK = timedelta(days=120)
"""The longest time between a request and a period in which its promises may fall due."""


@dataclass(frozen=True)
class Period:
    """The time from a moment (included) to another (not included)."""

    start: datetime
    end: datetime

    def days(self, zone: ZoneInfo) -> tuple[date, date]:
        """Returns the first and the last day, in the estate's time zone."""
        last = self.end.astimezone(zone) - timedelta(microseconds=1)
        return self.start.astimezone(zone).date(), last.date()

    def contains(self, moment: datetime) -> bool:
        """Returns whether a moment lies in the period."""
        return self.start <= moment < self.end

    def in_utc(self) -> Period:
        """Returns the period in UTC: moments are compared three times as fast where both are."""
        return Period(self.start.astimezone(UTC), self.end.astimezone(UTC))


@dataclass(frozen=True)
class Scope:
    """The scope of figures: an estate and a period and, if wanted, one team or one person."""

    estate_id: int
    period: Period
    team: str | None = None
    person_id: int | None = None


@dataclass(frozen=True)
class Judged:
    """One promise that fell due, and whether it was kept; None while that is undecided."""

    request_id: int
    promise: Promise
    due: datetime
    decided: datetime
    """The moment at which it was kept, or fell due without: it decides the period."""
    kept: bool | None
    person_id: int | None
    """The holder of the request at that moment."""


@dataclass(frozen=True)
class Share:
    """A share of a number of requests, with the exceptions."""

    kept: int
    of: int
    exceptions: tuple[int, ...]

    @property
    def rate(self) -> float | None:
        """Returns the rate from 0.0 to 1.0; None where nothing was due."""
        return self.kept / self.of if self.of else None


@dataclass(frozen=True)
class Figures:
    """All figures of a scope."""

    claimed: Share
    arrived: Share
    done: Share
    first_time: Share
    """The repairs that did not come back, of those that were finished."""
    followed_up: Share
    signed: Share
    """The sign-offs with an answer, of those that were asked for."""


def judge(desk: Desk, scope: Scope) -> list[Judged]:
    """Returns every promise that was decided in the period, in the order of the log."""
    found, period = [], scope.period.in_utc()
    for request_id, events in _logs(desk, scope):
        for judged in _judge(request_id, events, desk.now):
            mine = scope.person_id is None or judged.person_id == scope.person_id
            if period.contains(judged.decided) and mine:
                found.append(judged)
    return found


def figures(desk: Desk, scope: Scope, judged: list[Judged]) -> Figures:
    """Returns the figures of a scope whose promises were judged already."""
    return Figures(
        claimed=_kept(judged, Promise.CLAIM),
        arrived=_kept(judged, Promise.ARRIVE),
        done=_kept(judged, Promise.DONE),
        first_time=_first_time(desk, scope),
        followed_up=_followed_up(desk, scope),
        signed=_signed(desk, scope),
    )


def daily(zone: ZoneInfo, judged: list[Judged]) -> list[tuple[date, Promise, float]]:
    """Returns the rate of each promise by day in the estate's time zone, without days on which none was due."""
    counted: dict[tuple[date, Promise], list[bool]] = defaultdict(list)
    for one in judged:
        if one.kept is not None:
            counted[one.decided.astimezone(zone).date(), one.promise].append(one.kept)
    return [(day, promise, sum(kept) / len(kept)) for (day, promise), kept in sorted(counted.items())]


class Line(NamedTuple):
    """The columns of an event that the judgement needs: a plain tuple, since a month has many thousands."""

    request_id: int
    kind: EventKind
    actor_id: int | None
    at: datetime
    data: dict[str, Any]


def _logs(desk: Desk, scope: Scope) -> Iterator[tuple[int, list[Line]]]:
    """Yields the logs of requests with a promise that may have been decided in the period.

    A promise is decided at the latest when it falls due, so requests whose promises all fell due before are left out.
    """
    start = scope.period.start
    conditions = [
        col(Request.estate_id) == scope.estate_id,
        col(Request.created_at) < scope.period.end,
        col(Request.created_at) >= start - LOOK_BACK,
        or_(col(Request.claim_by) >= start, col(Request.arrive_by) >= start, col(Request.done_by) >= start),
    ]
    if scope.team is not None:
        conditions.append(col(Request.team) == scope.team)
    event = RequestEvent
    desk.session.flush()  # rows that are read past the session's objects do not see what waits in it
    rows = desk.session.connection().execute(
        select(col(event.request_id), col(event.kind), col(event.actor_id), col(event.at), col(event.data))
        .join(Request, col(event.request_id) == Request.id)
        .where(*conditions, col(event.kind).in_(JUDGED))
        .order_by(col(event.request_id), col(event.id))
    )
    yield from (
        (number, lasting(lines)) for number, lines in groupby(map(Line._make, rows), lambda line: line.request_id)
    )


def _judge(request_id: int, events: list[Line], now: datetime) -> Iterator[Judged]:
    if not any(event.kind == EventKind.SENT for event in events):
        return
    cancelled = next((event.at for event in events if event.kind == EventKind.CANCELLED), None)
    yield from _judge_claims(request_id, events, cancelled or now, is_over=cancelled is not None)
    for promise, name, kinds in (
        (Promise.ARRIVE, "arrive_by", (EventKind.ON_SITE, EventKind.DONE)),
        (Promise.DONE, "done_by", (EventKind.DONE,)),
    ):
        for term, until in _terms(events):
            due = _moment(term[0].data.get(name))
            met = next((event.at for event in term if event.kind in kinds), None)
            ended = until or cancelled
            if due is None or (met is None and ended is not None and ended <= due):
                continue
            holder = _holder_at(events, met or until or now)
            yield Judged(request_id, promise, due, min(due, met or due), _was_kept(due, met, until or now), holder)


def _terms(events: list[Line]) -> Iterator[tuple[list[Line], datetime | None]]:
    """Yields the events from each agreement on a time to the next one, with the moment of that; None for the last."""
    begun = [index for index, event in enumerate(events) if event.kind in (EventKind.SENT, EventKind.RESCHEDULED)]
    for start, end in zip(begun, [*begun[1:], len(events)], strict=True):
        yield events[start:end], events[end].at if end < len(events) else None


def _judge_claims(request_id: int, events: list[Line], end: datetime, *, is_over: bool) -> Iterator[Judged]:
    """Yields the judged promises to claim: one for each time that the request was open, new or released."""
    due: datetime | None = None
    for event in events:
        if event.kind in (EventKind.SENT, EventKind.RELEASED):
            due = _moment(event.data.get("claim_by"))
        elif event.kind in (EventKind.CLAIMED, EventKind.ASSIGNED) and due is not None:
            person = event.data.get("holder", event.actor_id)
            yield Judged(request_id, Promise.CLAIM, due, min(due, event.at), event.at <= due, person)
            due = None
        elif event.kind == EventKind.RESCHEDULED and due is not None and event.at < due:
            due = _moment(event.data.get("claim_by"))
    if due is not None and not (is_over and end <= due):
        yield Judged(request_id, Promise.CLAIM, due, due, _was_kept(due, None, end), None)


def _was_kept(due: datetime, met: datetime | None, now: datetime) -> bool | None:
    if met is not None:
        return met <= due
    return False if now > due else None


def _holder_at(events: Iterable[Line], moment: datetime) -> int | None:
    holder: int | None = None
    for event in events:
        if event.at > moment:
            break
        if event.kind in (EventKind.CLAIMED, EventKind.ASSIGNED):
            holder = event.data.get("holder", event.actor_id)
        elif event.kind == EventKind.RELEASED:
            holder = None
    return holder


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _kept(judged: list[Judged], promise: Promise) -> Share:
    decided = [one for one in judged if one.promise is promise and one.kept is not None]
    missed = tuple(one.request_id for one in decided if not one.kept)
    return Share(len(decided) - len(missed), len(decided), missed)


def _done_in_period(scope: Scope) -> list[ColumnElement[bool]]:
    conditions = [
        col(Request.estate_id) == scope.estate_id,
        col(Request.done_at) >= scope.period.start,
        col(Request.done_at) < scope.period.end,
    ]
    if scope.team is not None:
        conditions.append(col(Request.team) == scope.team)
    if scope.person_id is not None:
        conditions.append(col(Request.claimed_by) == scope.person_id)
    return conditions


def _first_time(desk: Desk, scope: Scope) -> Share:
    """Counts the repairs finished in the period that did not come back."""
    again = aliased(Request)
    mistaken = exists().where(col(RequestEvent.request_id) == again.id, col(RequestEvent.kind) == EventKind.TAKEN_BACK)
    rows = desk.session.execute(
        select(col(Request.id), exists().where(col(again.return_of) == col(Request.id), ~mistaken))
        .join(FollowUp, col(FollowUp.request_id) == Request.id)
        .where(*_done_in_period(scope))
        .order_by(col(Request.id))
    ).all()
    back = tuple(number or 0 for number, returned in rows if returned)
    return Share(len(rows) - len(back), len(rows), back)


def _followed_up(desk: Desk, scope: Scope) -> Share:
    """Counts the repairs finished in the period whose follow-up is due, by whether it has an outcome."""
    is_due = or_(
        col(FollowUp.due_at) <= desk.now, col(FollowUp.asked_at).is_not(None), col(FollowUp.answered_at).is_not(None)
    )
    rows = desk.session.execute(
        select(col(FollowUp.request_id), col(FollowUp.answered_at).is_(None))
        .join(Request, col(Request.id) == FollowUp.request_id)
        .where(*_done_in_period(scope), is_due)
        .order_by(col(FollowUp.id))
    ).all()
    owed = tuple(number for number, is_owed in rows if is_owed)
    return Share(len(rows) - len(owed), len(rows), owed)


def _signed(desk: Desk, scope: Scope) -> Share:
    """Counts the sign-offs of requests done in the period, by whether the owner answered."""
    rows = desk.session.execute(
        select(col(SignOff.request_id), col(SignOff.outcome))
        .join(Request, col(Request.id) == SignOff.request_id)
        .where(*_done_in_period(scope), col(SignOff.outcome).is_not(None))
        .order_by(col(SignOff.request_id))
    ).all()
    silent = tuple(number for number, outcome in rows if outcome is SignOffOutcome.UNANSWERED)
    return Share(len(rows) - len(silent), len(rows), silent)
