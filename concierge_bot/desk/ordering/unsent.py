"""Urgent drafts that are not sent: somebody comes all the same where the owner does nothing more."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, select

from concierge_bot.desk.context import Desk
from concierge_bot.desk.queues.timers import TimerKind, discard, set_timer
from concierge_bot.desk.requests import drafts
from concierge_bot.desk.requests.drafts import ALERT_RUNS_FOR, ALERT_STEP
from storage.tables.queues import Timer, TimerState, Urgency
from storage.tables.requests import Draft
from storage.tables.rows import row_id


def comes_at(desk: Desk, draft: Draft) -> datetime | None:
    """Sets the timer that sends somebody, once for a draft, and returns its moment.

    Returns None where the catalogue names no time to answer in, and where the owner was asked about danger a short time
    ago: then their answer to that counts, and silence sends somebody once.
    """
    danger = drafts.catalogue_of(desk, draft).danger
    if danger is None:
        return None
    waiting = select(Timer.due_at).where(
        Timer.kind == TimerKind.DANGER, Timer.subject_id == draft.id, Timer.state == TimerState.WAITING
    )
    found = desk.session.exec(waiting.order_by(col(Timer.due_at)).limit(1)).first()
    if found is not None:
        return None if was_asked(desk, draft, found - danger.answer_within) else found
    if was_asked(desk, draft, desk.now):
        return None
    due_at = desk.now + danger.answer_within
    set_timer(desk, TimerKind.DANGER, row_id(draft), due_at, Urgency.ALARM, key=due_at.isoformat())
    return due_at


def was_asked(desk: Desk, draft: Draft, moment: datetime) -> bool:
    """Tells whether an owner was asked about danger at a moment, or within ALERT_RUNS_FOR before it."""
    alerts = select(Draft.id).where(
        Draft.person_id == draft.person_id,
        Draft.step == ALERT_STEP,
        col(Draft.started_at) <= moment,
        col(Draft.started_at) > moment - ALERT_RUNS_FOR,
    )
    return desk.session.exec(alerts.limit(1)).first() is not None


def forget(desk: Desk, draft: Draft) -> None:
    """Deletes the timer: the owner has sent the draft."""
    discard(desk, TimerKind.DANGER, row_id(draft))
