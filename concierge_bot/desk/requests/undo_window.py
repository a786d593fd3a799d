"""The time in which a Done can be undone: until it is over, the owner is not told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar

from concierge_bot.desk.context import Desk
from concierge_bot.desk.requests import repository
from concierge_bot.desk.requests.repository import Line
from storage.tables.requests import EventKind, Request, RequestState


class Named(Protocol):
    """An event of which only the kind matters."""

    @property
    def kind(self) -> str:
        """Returns the kind of the event."""


E = TypeVar("E", bound=Named)


def untold(desk: Desk, request: Request) -> Line | None:
    """Returns the Done that the owner was not told of yet; None where there is none."""
    if request.state != RequestState.DONE:
        return None
    last = repository.history(desk, request, EventKind.DONE, EventKind.DONE_TOLD)[-1:]
    return last[0] if last and last[0].kind == EventKind.DONE and "undo_until" in last[0].data else None


def undo_until(done: Line) -> datetime:
    """Returns the moment until which a Done can be undone."""
    return datetime.fromisoformat(done.data["undo_until"])


def can_be_undone(desk: Desk, request: Request) -> bool:
    """Tells whether the request was done a moment ago, and can still be undone."""
    done = untold(desk, request)
    return done is not None and desk.now < undo_until(done)


def before_done(request: Request) -> RequestState:
    """Returns the state of a request before it was done."""
    return RequestState.ON_SITE if request.on_site_at else RequestState.CLAIMED


def state_told(desk: Desk, request: Request) -> RequestState:
    """Returns the state of a request as far as the owner was told."""
    return request.state if untold(desk, request) is None else before_done(request)


def history_told(desk: Desk, request: Request, *kinds: EventKind) -> list[Line]:
    """Returns the events of these kinds that the owner was told of, oldest first."""
    found = lasting(repository.history(desk, request, *kinds, EventKind.UNDONE))
    return found if untold(desk, request) is None else [line for line in found if line.kind != EventKind.DONE]


def lasting(events: Iterable[E]) -> list[E]:
    """Returns the events without each Done that was undone, and without the undoing."""
    kept: list[E] = []
    for event in events:
        if event.kind != EventKind.UNDONE:
            kept.append(event)
            continue
        done = [number for number, line in enumerate(kept) if line.kind == EventKind.DONE]
        del kept[done[-1]]
    return kept
