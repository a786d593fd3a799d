"""The figures behind the promises, counted from the event log alone: what was due, what was kept, each exception."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, or_, select

from concierge_bot.desk.context import Desk
from concierge_bot.desk.promises import Promise
from storage.requests import FollowUp, Request, RequestEvent, SignOff

LOOK_BACK = timedelta(days=120)
"""How long before a period a request may have been made for its promises to fall due in it."""


@dataclass(frozen=True)
class Period:
    """From a moment (included) to another (not included)."""

    start: datetime
    end: datetime

    def contains(self, moment: datetime) -> bool:
        """Whether a moment lies in it."""
        return self.start <= moment < self.end


@dataclass(frozen=True)
class Scope:
    """Whose figures: an estate's, and of it, if wanted, one team's or one person's."""

    estate_id: int
    period: Period
    team: str | None = None
    person_id: int | None = None


@dataclass(frozen=True)
class Judged:
    """One promise that fell due, and whether it was kept; None while it is neither."""

    request_id: int
    promise: Promise
    due: datetime
    decided: datetime
    """When it was kept, or fell due without: the moment by which it belongs to a period."""
    kept: bool | None
    person_id: int | None
    """Who had the request when it was decided."""


@dataclass(frozen=True)
class Share:
    """So many of so many, and the requests that are the difference."""

    kept: int
    of: int
    exceptions: tuple[int, ...]

    @property
    def rate(self) -> float | None:
        """Between 0 and 1; None where nothing was due."""
        return self.kept / self.of if self.of else None


@dataclass(frozen=True)
class Figures:
    """All figures of a scope."""

    claimed: Share
    arrived: Share
    done: Share
    first_time: Share
    """Repairs that did not come back, of those that were finished."""
    followed_up: Share
    signed: Share
    """Owners who said anything to a sign-off, of those who were asked."""


def judge(desk: Desk, scope: Scope) -> list[Judged]:
    """Every promise that was decided in the period, in the order of the log."""
    found = []
    for request, events in _logs(desk, scope):
        for judged in _judge(request, events, desk.now):
            mine = scope.person_id is None or judged.person_id == scope.person_id
            if scope.period.contains(judged.decided) and mine:
                found.append(judged)
    return found


def figures(desk: Desk, scope: Scope) -> Figures:
    """The figures of a scope."""
    judged = judge(desk, scope)
    finished = list(_finished(desk, scope))
    return Figures(
        claimed=_kept(judged, Promise.CLAIM),
        arrived=_kept(judged, Promise.ARRIVE),
        done=_kept(judged, Promise.DONE),
        first_time=_first_time(desk, finished),
        followed_up=_followed_up(desk, scope),
        signed=_signed(desk, finished),
    )


def daily(desk: Desk, scope: Scope) -> list[tuple[datetime, Promise, float]]:
    """The rate of each promise day by day, where any was due: for a plot."""
    counted: dict[tuple[datetime, Promise], list[bool]] = defaultdict(list)
    for judged in judge(desk, scope):
        if judged.kept is not None:
            day = scope.period.start + timedelta(days=(judged.decided - scope.period.start).days)
            counted[day, judged.promise].append(judged.kept)
    return [(day, promise, sum(kept) / len(kept)) for (day, promise), kept in sorted(counted.items())]


def _logs(desk: Desk, scope: Scope) -> Iterator[tuple[Request, list[RequestEvent]]]:
    conditions = [
        col(Request.estate_id) == scope.estate_id,
        col(Request.created_at) < scope.period.end,
        col(Request.created_at) >= scope.period.start - LOOK_BACK,
    ]
    if scope.team is not None:
        conditions.append(col(Request.team) == scope.team)
    rows = desk.session.exec(
        select(Request, RequestEvent)
        .join(RequestEvent, col(RequestEvent.request_id) == Request.id)
        .where(*conditions)
        .order_by(col(RequestEvent.request_id), col(RequestEvent.id))
    )
    logs: dict[int, tuple[Request, list[RequestEvent]]] = {}
    for request, event in rows:
        logs.setdefault(request.id or 0, (request, []))[1].append(event)
    yield from logs.values()


def _judge(request: Request, events: list[RequestEvent], now: datetime) -> Iterator[Judged]:
    sent = next((event for event in events if event.kind == "sent"), None)
    if sent is None:
        return
    cancelled = next((event.at for event in events if event.kind == "cancelled"), None)
    yield from _judge_claims(request, events, cancelled or now, is_over=cancelled is not None)
    for promise, name, kinds in (
        (Promise.ARRIVE, "arrive_by", ("on_site", "done")),
        (Promise.DONE, "done_by", ("done",)),
    ):
        due = _moment(sent.data.get(name))
        if due is None:
            continue
        met = next((event for event in events if event.kind in kinds), None)
        if met is None and cancelled is not None and cancelled <= due:
            continue
        holder = _holder_at(events, met.at if met else now)
        at = met.at if met else None
        yield Judged(request.id or 0, promise, due, min(due, at or due), _was_kept(due, at, now), holder)


def _judge_claims(request: Request, events: list[RequestEvent], end: datetime, *, is_over: bool) -> Iterator[Judged]:
    """Each time that it waited counts: when it was sent, and whenever it was handed back."""
    due: datetime | None = None
    for event in events:
        if event.kind in ("sent", "released"):
            due = _moment(event.data.get("claim_by"))
        elif event.kind in ("claimed", "assigned") and due is not None:
            person = event.data.get("holder", event.actor_id)
            yield Judged(request.id or 0, Promise.CLAIM, due, min(due, event.at), event.at <= due, person)
            due = None
    if due is not None and not (is_over and end <= due):
        yield Judged(request.id or 0, Promise.CLAIM, due, due, _was_kept(due, None, end), None)


def _was_kept(due: datetime, met: datetime | None, now: datetime) -> bool | None:
    if met is not None:
        return met <= due
    return False if now > due else None


def _holder_at(events: Iterable[RequestEvent], moment: datetime) -> int | None:
    holder: int | None = None
    for event in events:
        if event.at > moment:
            break
        if event.kind in ("claimed", "assigned"):
            holder = event.data.get("holder", event.actor_id)
        elif event.kind == "released":
            holder = None
    return holder


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _kept(judged: list[Judged], promise: Promise) -> Share:
    decided = [one for one in judged if one.promise is promise and one.kept is not None]
    missed = tuple(one.request_id for one in decided if not one.kept)
    return Share(len(decided) - len(missed), len(decided), missed)


def _finished(desk: Desk, scope: Scope) -> Iterator[Request]:
    """What was finished in the period, and owes a sign-off or a follow-up."""
    conditions = [
        col(Request.estate_id) == scope.estate_id,
        col(Request.done_at) >= scope.period.start,
        col(Request.done_at) < scope.period.end,
    ]
    if scope.team is not None:
        conditions.append(col(Request.team) == scope.team)
    if scope.person_id is not None:
        conditions.append(col(Request.claimed_by) == scope.person_id)
    owing = select(FollowUp.request_id)
    yield from desk.session.exec(
        select(Request).where(*conditions, col(Request.id).in_(owing)).order_by(col(Request.id))
    )


def _first_time(desk: Desk, finished: list[Request]) -> Share:
    ids = [request.id or 0 for request in finished]
    returned = set(desk.session.exec(select(Request.return_of).where(col(Request.return_of).in_(ids))))
    back = tuple(number for number in ids if number in returned)
    return Share(len(ids) - len(back), len(ids), back)


def _followed_up(desk: Desk, scope: Scope) -> Share:
    """Of the repairs whose follow-up fell due by the end of the period, those that have an outcome."""
    conditions = [
        col(Request.estate_id) == scope.estate_id,
        col(Request.done_at) >= scope.period.start,
        col(Request.done_at) < scope.period.end,
        or_(
            col(FollowUp.due_at) <= desk.now,
            col(FollowUp.asked_at).is_not(None),
            col(FollowUp.answered_at).is_not(None),
        ),
    ]
    if scope.team is not None:
        conditions.append(col(Request.team) == scope.team)
    if scope.person_id is not None:
        conditions.append(col(Request.claimed_by) == scope.person_id)
    rows = list(
        desk.session.exec(
            select(FollowUp)
            .join(Request, col(Request.id) == FollowUp.request_id)
            .where(*conditions)
            .order_by(col(FollowUp.id))
        )
    )
    owed = tuple(row.request_id for row in rows if row.answered_at is None)
    return Share(len(rows) - len(owed), len(rows), owed)


def _signed(desk: Desk, finished: list[Request]) -> Share:
    ids = [request.id or 0 for request in finished]
    rows = list(
        desk.session.exec(select(SignOff).where(col(SignOff.request_id).in_(ids), col(SignOff.outcome).is_not(None)))
    )
    silent = tuple(sorted(row.request_id for row in rows if row.outcome == "unanswered"))
    return Share(len(rows) - len(silent), len(rows), silent)
