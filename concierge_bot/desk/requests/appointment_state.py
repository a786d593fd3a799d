"""The state of an appointment: whether it can be moved, how often it was, and the events since."""

from __future__ import annotations

from concierge_bot.catalogue.model import Question, QuestionKind
from concierge_bot.desk.context import Desk
from concierge_bot.desk.requests import repository, windows
from concierge_bot.desk.requests.repository import Line
from storage.tables.requests import EventKind, Request, RequestState

RESCHEDULED, PROPOSED, DECLINED = EventKind.RESCHEDULED, EventKind.PROPOSED, EventKind.PROPOSAL_DECLINED
ON_MY_WAY, DELAYED = EventKind.ON_MY_WAY, EventKind.DELAYED
MOVABLE = (RequestState.OPEN, RequestState.CLAIMED)


def wish_of(desk: Desk, request: Request) -> Question | None:
    """Returns the service's question for a time; None where it has none."""
    questions = repository.service_of(desk, request).questions
    return next((question for question in questions if question.kind is QuestionKind.WHEN), None)


def is_movable(desk: Desk, request: Request) -> bool:
    """Tells whether a request's time can be changed: until somebody is on site, and where a time was asked for."""
    return request.state in MOVABLE and not request.urgent and wish_of(desk, request) is not None


def times_moved(desk: Desk, request: Request) -> int:
    """Returns the number of changes of the time."""
    return len(repository.history(desk, request, RESCHEDULED))


def said(desk: Desk, request: Request, kind: EventKind) -> Line | None:
    """Returns the last event of a kind since the claim and the last change of the time; None where there is none."""
    moved = [line.at for line in repository.history(desk, request, RESCHEDULED)]
    since = max([request.claimed_at or request.created_at, *moved])
    return next((line for line in reversed(repository.history(desk, request, kind)) if line.at >= since), None)


def open_proposal(desk: Desk, request: Request) -> Line | None:
    """Returns the last proposal of another time while it is neither answered nor overtaken by a change; else None."""
    last = repository.history(desk, request, PROPOSED, DECLINED, RESCHEDULED)[-1:]
    return last[0] if last and last[0].kind == PROPOSED else None


def is_near(desk: Desk, request: Request) -> bool:
    """Tells whether a request is claimed, and its window begins soon or has begun."""
    window = windows.of_request(desk, request)
    if window is None or request.state != RequestState.CLAIMED:
        return False
    return window.starts - desk.catalogue_of(request.estate_id).rules.remind_before <= desk.now
