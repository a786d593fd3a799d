"""Closing: a request is closed only when nothing is owed any more, neither sign-off nor follow-up."""

from __future__ import annotations

from sqlmodel import col

from concierge_bot.desk.cards import cards
from concierge_bot.desk.context import Desk
from concierge_bot.desk.requests import repository
from storage.engine.changes import change_one
from storage.tables.requests import EventKind, Request, RequestState


def close_if_nothing_is_owed(desk: Desk, request: Request) -> None:
    """Closes a finished request, idempotently, unless something is owed."""
    if desk.capabilities.still_owe(desk, request):
        return
    is_done = (col(Request.id) == request.id, col(Request.state) == RequestState.DONE)
    if change_one(desk.session, Request, *is_done, col(Request.closed_at).is_(None), closed_at=desk.now):
        repository.record(desk, request, EventKind.CLOSED)
        desk.session.refresh(request)
        cards.refresh(desk, request)


def reopen(desk: Desk, request: Request) -> None:
    """Opens a closed request again, idempotently: something is owed after all."""
    is_closed = (col(Request.id) == request.id, col(Request.closed_at).is_not(None))
    if change_one(desk.session, Request, *is_closed, closed_at=None):
        repository.record(desk, request, EventKind.REOPENED)
        desk.session.refresh(request)
