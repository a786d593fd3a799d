"""What was promised: somebody takes it, is on site, is done, each by a moment; and whether that was kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from concierge_bot.catalogue import ChainStep, Promises, Service
from concierge_bot.desk.answers import Answer
from concierge_bot.desk.context import Desk
from concierge_bot.opening import Opening, after
from storage.people import Estate
from storage.requests import UNFINISHED, Request, RequestState


class Promise(StrEnum):
    """One of the things that are promised for a request."""

    CLAIM = "claim"
    ARRIVE = "arrive"
    DONE = "done"


@dataclass(frozen=True)
class Terms:
    """What a new request promises."""

    urgent: bool
    claim_by: datetime
    arrive_by: datetime | None
    done_by: datetime | None
    chains: dict[str, Any]


def is_urgent(service: Service, answers: dict[str, Answer]) -> bool:
    """Whether one of the answers makes a request urgent."""
    return any(
        choice.urgent
        for ask in service.asks
        for choice in ask.choices
        if choice.key == answers.get(ask.key, {}).get("choice")
    )


def terms(desk: Desk, estate: Estate, service: Service, answers: dict[str, Answer]) -> Terms:
    """The promises of a request that is made now. Urgent ones run round the clock, others in opening hours only."""
    urgent = is_urgent(service, answers) and service.urgent is not None
    promises: Promises = service.urgent if urgent and service.urgent is not None else service
    counted = _Counted.of(desk, estate, service.team, urgent=urgent)
    begins = desk.now if urgent else max(desk.now, _wished(desk, estate, answers) or desk.now)
    return Terms(
        urgent=urgent,
        claim_by=counted.after(desk.now, promises.claim_within),
        arrive_by=counted.after_if_promised(begins, promises.arrive_within),
        done_by=counted.after_if_promised(begins, promises.done_within),
        chains={
            Promise.CLAIM.value: _copied(desk, promises.claim_chain),
            Promise.ARRIVE.value: _copied(desk, promises.late_chain),
            Promise.DONE.value: _copied(desk, promises.late_chain),
        },
    )


def wished_at(desk: Desk, request: Request) -> datetime | None:
    """Returns the beginning of the time that the owner wished for, if they named one."""
    return _wished(desk, desk.estate(request.estate_id), request.answers)


def claim_by_anew(desk: Desk, request: Request, service: Service) -> datetime:
    """By when somebody must take a request that was handed back."""
    promises: Promises = service.urgent if request.urgent and service.urgent is not None else service
    counted = _Counted.of(desk, desk.estate(request.estate_id), request.team, urgent=request.urgent)
    return counted.after(desk.now, promises.claim_within)


def due(request: Request, promise: Promise) -> datetime | None:
    """By when a promise must be kept; None where it was not made."""
    return {Promise.CLAIM: request.claim_by, Promise.ARRIVE: request.arrive_by, Promise.DONE: request.done_by}[promise]


def is_pending(request: Request, promise: Promise) -> bool:
    """Whether a promise is still to be kept."""
    match promise:
        case Promise.CLAIM:
            return request.state == RequestState.OPEN
        case Promise.ARRIVE:
            return request.arrive_by is not None and request.state in (RequestState.OPEN, RequestState.CLAIMED)
        case Promise.DONE:
            return request.done_by is not None and request.state in UNFINISHED


def overdue(request: Request, now: datetime) -> list[tuple[Promise, datetime]]:
    """What should have happened already, the longest overdue first."""
    found = [(promise, by) for promise in Promise if is_pending(request, promise) and (by := due(request, promise))]
    return sorted((pair for pair in found if pair[1] <= now), key=lambda pair: pair[1])


@dataclass(frozen=True)
class _Counted:
    """Counts a promise's time: opening hours, or round the clock."""

    opening: Opening | None
    zone: ZoneInfo

    @classmethod
    def of(cls, desk: Desk, estate: Estate, team: str, *, urgent: bool) -> _Counted:
        return cls(None if urgent else desk.catalogue.opening_of(estate.name, team), desk.zone(estate.id or 0))

    def after(self, start: datetime, span: timedelta) -> datetime:
        return after(start, span, self.opening, self.zone)

    def after_if_promised(self, start: datetime, span: timedelta | None) -> datetime | None:
        return None if span is None else self.after(start, span)


def _wished(desk: Desk, estate: Estate, answers: dict[str, Answer]) -> datetime | None:
    """The beginning of the time that the owner wished for, if they named one."""
    for answer in answers.values():
        if "day" in answer:
            start = time.fromisoformat(answer.get("from", "00:00"))
            return datetime.combine(date.fromisoformat(answer["day"]), start, desk.zone(estate.id or 0))
    return None


def _copied(desk: Desk, chain: str) -> list[dict[str, Any]]:
    return [_plain(step) for step in desk.catalogue.chains[chain]]


def _plain(step: ChainStep) -> dict[str, Any]:
    return {
        "tell": step.tell,
        "after": step.after.total_seconds(),
        "repeat": step.repeat.total_seconds() if step.repeat else None,
        "until": step.until,
        "times": step.times,
    }
