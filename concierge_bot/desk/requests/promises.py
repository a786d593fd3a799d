"""Promises: a request is claimed, reached and done, each by a moment; and whether they were kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from concierge_bot.catalogue.model import Catalogue, ChainStep, Promises, Service
from concierge_bot.catalogue.opening import Opening, after
from concierge_bot.desk.context import Desk
from concierge_bot.desk.requests import windows
from concierge_bot.desk.requests.answers import Answer
from concierge_bot.desk.requests.windows import Window
from storage.tables.people import Estate
from storage.tables.requests import UNFINISHED, Request, RequestState
from storage.tables.rows import row_id


class Promise(StrEnum):
    """One of the promises for a request."""

    CLAIM = "claim"
    ARRIVE = "arrive"
    DONE = "done"


@dataclass(frozen=True)
class Terms:
    """The promises of a new request."""

    urgent: bool
    claim_by: datetime
    arrive_by: datetime | None
    done_by: datetime | None
    chains: dict[str, Any]


@dataclass(frozen=True)
class Dues:
    """The due time of each promise; None where it is not made."""

    claim_by: datetime
    arrive_by: datetime | None
    done_by: datetime | None

    def in_log(self) -> dict[str, str]:
        """Returns the due times for the event log, from which alone the figures are counted."""
        moments = {"claim_by": self.claim_by, "arrive_by": self.arrive_by, "done_by": self.done_by}
        return {name: by.isoformat() for name, by in moments.items() if by is not None}


def is_urgent(service: Service, answers: dict[str, Answer]) -> bool:
    """Returns whether one of the answers makes a request urgent."""
    return any(
        choice.urgent
        for question in service.questions
        for choice in question.choices
        if choice.key == answers.get(question.key, {}).get("choice")
    )


def terms(desk: Desk, estate: Estate, service: Service, answers: dict[str, Answer]) -> Terms:
    """Returns the promises of a request made now. Urgent ones run round the clock, others in opening hours only."""
    urgent = is_urgent(service, answers) and service.urgent is not None
    promises, catalogue = _promises(service, urgent=urgent), desk.catalogue_of(row_id(estate))
    window = None if urgent else windows.of_answers(desk, estate, service.team, answers)
    dues = _dues(desk, _Counted.of(desk, estate, service.team, urgent=urgent), promises, window)
    return Terms(
        urgent=urgent,
        claim_by=dues.claim_by,
        arrive_by=dues.arrive_by,
        done_by=dues.done_by,
        chains={
            Promise.CLAIM.value: _copied(catalogue, promises.claim_chain),
            Promise.ARRIVE.value: _copied(catalogue, promises.late_chain),
            Promise.DONE.value: _copied(catalogue, promises.late_chain),
        },
    )


def wished_at(desk: Desk, request: Request) -> datetime | None:
    """Returns the beginning of the time that the owner wished for; None where they named none."""
    window = windows.of_request(desk, request)
    return window.starts if window else None


def claim_by_anew(desk: Desk, request: Request, service: Service) -> datetime:
    """Returns the time by which a released request must be claimed."""
    return dues_anew(desk, request, service, request.answers).claim_by


def dues_anew(desk: Desk, request: Request, service: Service, answers: dict[str, Answer]) -> Dues:
    """Returns the due times of a request's promises, counted from now, with these answers."""
    estate = desk.estate(request.estate_id)
    window = None if request.urgent else windows.of_answers(desk, estate, request.team, answers)
    counted = _Counted.of(desk, estate, request.team, urgent=request.urgent)
    return _dues(desk, counted, _promises(service, urgent=request.urgent), window)


def dues_moved(desk: Desk, request: Request, service: Service, answers: dict[str, Answer]) -> Dues:
    """Returns the due times of a request's promises after its time was changed to that in these answers.

    The time to claim it does not move to a later moment.
    """
    anew = dues_anew(desk, request, service, answers)
    sooner = min(request.claim_by, anew.claim_by) if request.state == RequestState.OPEN else request.claim_by
    return Dues(sooner, anew.arrive_by, anew.done_by)


def due(request: Request, promise: Promise) -> datetime | None:
    """Returns the due time of a promise; None where it was not made."""
    match promise:
        case Promise.CLAIM:
            return request.claim_by
        case Promise.ARRIVE:
            return request.arrive_by
        case Promise.DONE:
            return request.done_by


def is_pending(request: Request, promise: Promise) -> bool:
    """Returns whether a promise is made and not yet kept."""
    match promise:
        case Promise.CLAIM:
            return request.state == RequestState.OPEN
        case Promise.ARRIVE:
            return request.arrive_by is not None and request.state in (RequestState.OPEN, RequestState.CLAIMED)
        case Promise.DONE:
            return request.done_by is not None and request.state in UNFINISHED


def overdue(request: Request, now: datetime) -> list[tuple[Promise, datetime]]:
    """Returns the overdue promises with their due times, the longest overdue first."""
    found = [(promise, by) for promise in Promise if is_pending(request, promise) and (by := due(request, promise))]
    return sorted((pair for pair in found if pair[1] <= now), key=lambda pair: pair[1])


@dataclass(frozen=True)
class _Counted:
    """The counting of a promise's time: in opening hours, or round the clock."""

    opening: Opening | None
    zone: ZoneInfo

    @classmethod
    def of(cls, desk: Desk, estate: Estate, team: str, *, urgent: bool) -> _Counted:
        return cls(
            None if urgent else desk.catalogue_of(row_id(estate)).opening_of(estate.names, team),
            desk.zone(row_id(estate)),
        )

    def after(self, start: datetime, span: timedelta) -> datetime:
        return after(start, span, self.opening, self.zone)

    def after_if_promised(self, start: datetime, span: timedelta | None) -> datetime | None:
        return None if span is None else self.after(start, span)


def _promises(service: Service, *, urgent: bool) -> Promises:
    return service.urgent if urgent and service.urgent is not None else service


def _dues(desk: Desk, counted: _Counted, promises: Promises, window: Window | None) -> Dues:
    """Returns the due times of promises counted from now, or from the beginning of a window.

    A window that is not over is a promise, too: claimed by its beginning, reached by its end. Once it has begun, or
    where it is a whole day, claimed by its end.
    """
    begins = max(desk.now, window.starts) if window else desk.now
    claim_by = counted.after(desk.now, promises.claim_within)
    arrive_by = counted.after_if_promised(begins, promises.arrive_within)
    if window is not None and window.ends > desk.now:
        has_begun = window.whole_day or window.starts <= desk.now
        claim_by, arrive_by = min(claim_by, window.ends if has_begun else window.starts), window.ends
    return Dues(claim_by, arrive_by, counted.after_if_promised(begins, promises.done_within))


def _copied(catalogue: Catalogue, chain: str) -> list[dict[str, Any]]:
    return [_plain(step) for step in catalogue.chains[chain]]


def _plain(step: ChainStep) -> dict[str, Any]:
    return {
        "tell": step.tell,
        "after": step.after.total_seconds(),
        "repeat": step.repeat.total_seconds() if step.repeat else None,
        "until": step.until,
        "times": step.times,
    }
