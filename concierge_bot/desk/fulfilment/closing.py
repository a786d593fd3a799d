"""A request is closed only when nothing is owed any more: no word of the owner's, no follow-up."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import col

from concierge_bot.desk.cards import cards
from concierge_bot.desk.context import Desk
from concierge_bot.desk.requests import repository
from storage.tables.requests import EventKind, Request, RequestState


def close_if_nothing_is_owed(desk: Desk, request: Request) -> None:
    """Closes a finished request, once."""
    if desk.capabilities.still_owe(desk, request):
        return
    closed = desk.session.exec(
        update(Request)
        .where(col(Request.id) == request.id, col(Request.state) == RequestState.DONE, col(Request.closed_at).is_(None))
        .values(closed_at=desk.now)
    )
    if closed.rowcount == 1:
        repository.record(desk, request, EventKind.CLOSED)
        desk.session.refresh(request)
        cards.refresh(desk, request)


def reopen(desk: Desk, request: Request) -> None:
    """Opens a closed request again: something is owed after all."""
    opened = desk.session.exec(
        update(Request).where(col(Request.id) == request.id, col(Request.closed_at).is_not(None)).values(closed_at=None)
    )
    if opened.rowcount == 1:
        repository.record(desk, request, EventKind.REOPENED)
        desk.session.refresh(request)
