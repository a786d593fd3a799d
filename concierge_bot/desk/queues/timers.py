"""Timers: rows that name a subject to look at, and the moment."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, delete, func, update
from sqlmodel import col, select

from concierge_bot.desk.context import Desk
from storage.engine.notices import Queue, wake
from storage.engine.statements import run, send_new
from storage.tables.columns import UtcDateTime
from storage.tables.queues import Timer, TimerState, Urgency

DUE = (
    select(Timer)
    .where(
        Timer.state == TimerState.WAITING,
        col(Timer.urgency) == bindparam("urgency"),
        col(Timer.due_at) <= bindparam("now", type_=UtcDateTime),
    )
    .order_by(col(Timer.due_at), col(Timer.id))
    .limit(1)
    .with_for_update(skip_locked=True)
)

NEXT = select(func.min(Timer.due_at)).where(Timer.state == TimerState.WAITING)


TAKE = (
    update(Timer)
    .where(col(Timer.id) == bindparam("timer_id"), col(Timer.state) == TimerState.WAITING)
    .values(state=TimerState.FIRED, fired_at=bindparam("now"))
)


class TimerKind(StrEnum):
    """The kinds of timers of the concierge's own capabilities; any capability may have further kinds."""

    ESCALATE = "escalate"
    FOLLOW_UP = "follow_up"
    BIRTHDAYS = "birthdays"
    STALE = "stale"
    ROSTER = "roster"
    SIGN_OFF = "sign_off"
    CHECK_CALLS = "check_calls"
    ANNOUNCEMENT = "announcement"
    CLEANING = "cleaning"
    DONE_TOLD = "done_told"
    APOLOGY = "apology"
    CALL_AGAIN = "call_again"
    CAME_BACK = "came_back"
    DANGER = "danger"
    APPOINTMENT = "appointment"
    DAILY_SUMMARY = "daily_summary"
    BOARD = "board"


def set_timer(
    desk: Desk,
    kind: str,
    subject_id: int,
    due_at: datetime,
    urgency: Urgency,
    *,
    key: str,
    data: dict[str, Any] | None = None,
) -> None:
    """Sets a timer, idempotently: it does nothing where one with this key was ever set."""
    key = f"{kind}:{subject_id}:{key}"
    row = {"key": key, "kind": kind, "subject_id": subject_id, "due_at": due_at, "urgency": urgency, "data": data or {}}
    send_new(desk.session, Timer, **row)
    wake(desk.session, Queue.TIMERS, due_at)


def next_due(desk: Desk) -> datetime | None:
    """Returns the due time of the next timer; None where none waits."""
    found: list[datetime | None] = run(desk.session, NEXT).scalars()
    return found[0]


def most_important_due(desk: Desk) -> Timer | None:
    """Returns the most urgent timer that is due, locked; None where there is none.

    It makes one query for each urgency: each ends at its first row of an index, however many are due or not.
    """
    looks = (run(desk.session, DUE, urgency=urgency, now=desk.now).scalars() for urgency in Urgency)
    return next((found[0] for found in looks if found), None)


def bring_forward(desk: Desk, kind: str, subject_id: int, key: str, *, to: datetime | None = None) -> None:
    """Moves the waiting timers of a subject whose keys begin so forward: to now, or to a given moment."""
    due_at = to or desk.now
    desk.session.exec(
        update(Timer)
        .where(
            col(Timer.kind) == kind,
            col(Timer.subject_id) == subject_id,
            col(Timer.key).startswith(f"{kind}:{subject_id}:{key}", autoescape=True),
            col(Timer.state) == TimerState.WAITING,
            col(Timer.due_at) > due_at,
        )
        .values(due_at=due_at)
    )
    wake(desk.session, Queue.TIMERS, due_at)


def discard(desk: Desk, kind: str, subject_id: int, key: str = "") -> None:
    """Deletes the waiting timers of a subject whose keys begin so.

    One that is being fired at this moment is locked, and stays: its handler reads the state itself.
    """
    waiting = (
        select(Timer.id)
        .where(
            col(Timer.kind) == kind,
            col(Timer.subject_id) == subject_id,
            col(Timer.key).startswith(f"{kind}:{subject_id}:{key}", autoescape=True),
            col(Timer.state) == TimerState.WAITING,
        )
        .with_for_update(skip_locked=True)
    )
    numbers = desk.session.exec(waiting).all()
    desk.session.exec(delete(Timer).where(col(Timer.id).in_(numbers)))


def take(desk: Desk, timer: Timer) -> bool:
    """Marks a timer as fired. Returns whether it was this call that did so."""
    return run(desk.session, TAKE, timer_id=timer.id, now=desk.now).rowcount == 1
