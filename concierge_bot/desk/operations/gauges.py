"""Gauges for the metrics: the length of each queue, and the age of its oldest entry, in one short read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func
from sqlmodel import col, or_, select

from concierge_bot.desk.context import Desk
from concierge_bot.desk.operations import watchdog
from concierge_bot.desk.requests.promises import Promise
from concierge_bot.parts import Part
from storage.tables.people import Estate
from storage.tables.queues import InboxState, InboxUpdate, OutboxMessage, OutboxState, Timer, TimerState, Urgency
from storage.tables.requests import UNFINISHED, Request, RequestState, is_unfinished

GRACE = timedelta(seconds=1)
"""The time that a timer may be due before it counts as late."""


@dataclass(frozen=True)
class Waiting:
    """The length of a queue, and the wait of its oldest entry."""

    count: int = 0
    oldest: float = 0.0
    """In seconds."""


@dataclass(frozen=True)
class Gauges:
    """All gauges at one moment."""

    inbox: Waiting
    outbox: dict[Urgency, Waiting]
    timers_late: Waiting
    requests: dict[RequestState, int]
    late: dict[Promise, int]
    silence: dict[Part, float]
    """Seconds since each part's last sign of life."""


def read(desk: Desk, machine_now: datetime) -> Gauges:
    """Reads all gauges; changes nothing."""
    return Gauges(
        inbox=_inbox(desk),
        outbox=_outbox(desk),
        timers_late=_timers(desk),
        requests=_requests(desk),
        late=_late(desk),
        silence={part: (machine_now - at).total_seconds() for part, at in watchdog.signs_of_life(desk).items()},
    )


def _inbox(desk: Desk) -> Waiting:
    found = select(func.count(), func.min(InboxUpdate.received_at)).where(InboxUpdate.state == InboxState.WAITING)
    return _waiting(desk, *desk.session.exec(found).one())


def _outbox(desk: Desk) -> dict[Urgency, Waiting]:
    """Returns the outbox by urgency. Retries count as waiting; messages postponed to a first moment do not yet."""
    since = case((col(OutboxMessage.attempts) == 0, col(OutboxMessage.not_before)), else_=OutboxMessage.created_at)
    found = desk.session.exec(
        select(OutboxMessage.urgency, func.count(), func.min(since))
        .where(
            OutboxMessage.state == OutboxState.WAITING,
            or_(col(OutboxMessage.not_before) <= desk.now, col(OutboxMessage.attempts) > 0),
        )
        .group_by(col(OutboxMessage.urgency))
    )
    by_urgency = {urgency: _waiting(desk, count, oldest) for urgency, count, oldest in found}
    return {urgency: by_urgency.get(urgency, Waiting()) for urgency in Urgency}


def _timers(desk: Desk) -> Waiting:
    found = select(func.count(), func.min(Timer.due_at)).where(
        Timer.state == TimerState.WAITING, col(Timer.due_at) < desk.now - GRACE
    )
    return _waiting(desk, *desk.session.exec(found).one())


def _requests(desk: Desk) -> dict[RequestState, int]:
    counted = desk.session.exec(select(Request.state, func.count()).where(*_unfinished()).group_by(col(Request.state)))
    return dict.fromkeys(UNFINISHED, 0) | {RequestState(state): count for state, count in counted}


def _late(desk: Desk) -> dict[Promise, int]:
    """Counts overdue promises of all requests in one query, by the same rules as `promises.is_pending`."""
    waits = {
        Promise.CLAIM: (Request.claim_by, (RequestState.OPEN,)),
        Promise.ARRIVE: (Request.arrive_by, (RequestState.OPEN, RequestState.CLAIMED)),
        Promise.DONE: (Request.done_by, UNFINISHED),
    }
    counts = [
        func.count(case((col(due).is_not(None) & (col(due) <= desk.now) & col(Request.state).in_(states), 1)))
        for due, states in waits.values()
    ]
    found: Any = desk.session.exec(select(*counts).where(*_unfinished())).one()
    return dict(zip(waits, found, strict=True))


def _unfinished() -> Iterable[Any]:
    """Returns the conditions for unfinished requests, by estate.

    The condition on the estate makes the database use their index even before it has statistics.
    """
    return col(Request.estate_id).in_(select(Estate.id)), is_unfinished()


def _waiting(desk: Desk, count: int, since: datetime | None) -> Waiting:
    return Waiting(count, max(0.0, (desk.now - since).total_seconds()) if since is not None else 0.0)
