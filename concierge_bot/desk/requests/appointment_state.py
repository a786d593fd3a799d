"""How an appointment stands: whether it can be moved, how often it was, and what was said of it since."""

from __future__ import annotations

from concierge_bot.catalogue.model import Ask, AskKind
from concierge_bot.desk.context import Desk
from concierge_bot.desk.requests import repository, windows
from concierge_bot.desk.requests.repository import Line
from storage.tables.requests import EventKind, Request, RequestState

RESCHEDULED, PROPOSED, DECLINED = EventKind.RESCHEDULED, EventKind.PROPOSED, EventKind.PROPOSAL_DECLINED
ON_MY_WAY, DELAYED = EventKind.ON_MY_WAY, EventKind.DELAYED
MOVABLE = (RequestState.OPEN, RequestState.CLAIMED)


def wish_of(desk: Desk, request: Request) -> Ask | None:
    """Returns the question by which the owner was asked for a time."""
    return next((ask for ask in repository.service_of(desk, request).asks if ask.kind is AskKind.WHEN), None)


def is_movable(desk: Desk, request: Request) -> bool:
    """Tells whether a request's time can be changed: until somebody is on site, and where a time was asked for."""
    return request.state in MOVABLE and not request.urgent and wish_of(desk, request) is not None


def times_moved(desk: Desk, request: Request) -> int:
    """Returns how often the time was changed."""
    return len(repository.history(desk, request, RESCHEDULED))


def said(desk: Desk, request: Request, kind: EventKind) -> Line | None:
    """Returns the last word of a kind from whoever has the request, on the time that holds now."""
    moved = [line.at for line in repository.history(desk, request, RESCHEDULED)]
    since = max([request.claimed_at or request.created_at, *moved])
    return next((line for line in reversed(repository.history(desk, request, kind)) if line.at >= since), None)


def open_proposal(desk: Desk, request: Request) -> Line | None:
    """Returns the proposal of another time that the owner has not answered, and that nothing has overtaken."""
    last = repository.history(desk, request, PROPOSED, DECLINED, RESCHEDULED)[-1:]
    return last[0] if last and last[0].kind == PROPOSED else None


def is_near(desk: Desk, request: Request) -> bool:
    """Tells whether somebody has a request whose window begins soon, or has begun."""
    window = windows.of_request(desk, request)
    if window is None or request.state != RequestState.CLAIMED:
        return False
    return window.starts - desk.catalogue.rules.remind_before <= desk.now
