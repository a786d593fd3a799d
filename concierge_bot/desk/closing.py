"""A request is closed only when nothing is owed any more: no word of the owner's, no follow-up."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import col, select

from concierge_bot.desk import cards, requests
from concierge_bot.desk.context import Desk
from storage.requests import FollowUp, Request, RequestState, SignOff


def close_if_nothing_is_owed(desk: Desk, request: Request) -> None:
    """Closes a finished request, once."""
    if owes(desk, request):
        return
    closed = desk.session.exec(
        update(Request)
        .where(col(Request.id) == request.id, col(Request.state) == RequestState.DONE, col(Request.closed_at).is_(None))
        .values(closed_at=desk.now)
    )
    if closed.rowcount == 1:
        requests.record(desk, request, "closed")
        desk.session.refresh(request)
        cards.refresh(desk, request)


def reopen(desk: Desk, request: Request) -> None:
    """Opens a closed request again: something is owed after all."""
    opened = desk.session.exec(
        update(Request).where(col(Request.id) == request.id, col(Request.closed_at).is_not(None)).values(closed_at=None)
    )
    if opened.rowcount == 1:
        requests.record(desk, request, "reopened")
        desk.session.refresh(request)


def owes(desk: Desk, request: Request) -> bool:
    """Whether a follow-up without an outcome, or a sign-off whose time is not over, is still open."""
    follow_up = select(FollowUp.id).where(FollowUp.request_id == request.id, col(FollowUp.answered_at).is_(None))
    sign_off = select(SignOff.request_id).where(SignOff.request_id == request.id, col(SignOff.outcome).is_(None))
    return any(desk.session.exec(query.limit(1)).first() is not None for query in (follow_up, sign_off))
