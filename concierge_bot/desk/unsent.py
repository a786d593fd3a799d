"""What is urgent and was not sent yet: somebody comes all the same where the owner does nothing more."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, select

from concierge_bot.desk.context import Desk
from concierge_bot.desk.timers import TimerKind, discard, set_timer
from storage.queues import Timer, TimerState, Urgency
from storage.requests import Draft


def comes_at(desk: Desk, draft: Draft) -> datetime | None:
    """Has somebody come at a moment that stays the same for a draft.

    Returns the moment; None where the catalogue names no time to answer in.
    """
    danger = desk.catalogue.danger
    if danger is None:
        return None
    waiting = select(Timer.due_at).where(
        Timer.kind == TimerKind.DANGER, Timer.subject_id == draft.id, Timer.state == TimerState.WAITING
    )
    found = desk.session.exec(waiting.order_by(col(Timer.due_at)).limit(1)).first()
    if found is not None:
        return found
    due_at = desk.now + danger.answer_within
    set_timer(desk, TimerKind.DANGER, draft.id or 0, due_at, Urgency.ALARM, key=due_at.isoformat())
    return due_at


def forget(desk: Desk, draft: Draft) -> None:
    """Takes the moment back: the owner has sent it."""
    discard(desk, TimerKind.DANGER, draft.id or 0)
