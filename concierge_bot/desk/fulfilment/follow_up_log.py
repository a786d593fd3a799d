"""The follow-up log: what each finished repair owes, every attempt to settle it, and the outcome."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, func
from sqlmodel import col, select

from concierge_bot.desk.context import Desk
from concierge_bot.desk.fulfilment import closing
from concierge_bot.desk.people import notification_policy
from concierge_bot.desk.queues.timers import TimerKind, set_timer
from concierge_bot.desk.requests import repository
from storage.engine.changes import change_one
from storage.tables.people import Person
from storage.tables.queues import Urgency
from storage.tables.requests import (
    EventKind,
    FollowUp,
    FollowUpAttempt,
    FollowUpOutcome,
    FollowUpWay,
    Request,
    RequestEvent,
)
from storage.tables.rows import row_id


def owe(desk: Desk, request: Request, due_at: datetime) -> None:
    """Writes the follow-up that a finished request owes."""
    desk.session.add(FollowUp(request_id=row_id(request), due_at=due_at))
    desk.session.flush()


def of_request(desk: Desk, request_id: int) -> FollowUp | None:
    """Returns a request's follow-up; None where it owes none."""
    return desk.session.exec(
        select(FollowUp).where(FollowUp.request_id == request_id).execution_options(populate_existing=True)
    ).one_or_none()


def owed(desk: Desk, estate_id: int) -> list[tuple[FollowUp, Request]]:
    """Returns the owed follow-ups of an estate with their requests, oldest first."""
    rows = desk.session.exec(
        select(FollowUp, Request)
        .join(Request, col(Request.id) == FollowUp.request_id)
        .where(Request.estate_id == estate_id, col(FollowUp.answered_at).is_(None))
        .order_by(col(FollowUp.due_at), col(FollowUp.id))
    )
    return list(rows)


def to_call(desk: Desk, estate_id: int) -> list[tuple[FollowUp, Request]]:
    """Returns the owed follow-ups of an estate that wait for a person's call, oldest first."""
    call = exists().where(col(RequestEvent.request_id) == Request.id, col(RequestEvent.kind) == EventKind.CALL_TASK)
    rows = desk.session.exec(
        select(FollowUp, Request)
        .join(Request, col(Request.id) == FollowUp.request_id)
        .where(Request.estate_id == estate_id, col(FollowUp.answered_at).is_(None), call)
        .order_by(col(FollowUp.due_at), col(FollowUp.id))
    )
    return list(rows)


def attempt(
    desk: Desk, follow_up: FollowUp, way: FollowUpWay, outcome: FollowUpOutcome, person: Person | None = None
) -> None:
    """Writes an attempt, with its time and person."""
    desk.session.add(
        FollowUpAttempt(
            follow_up_id=row_id(follow_up),
            way=way,
            at=desk.now,
            person_id=person.id if person else None,
            outcome=outcome,
        )
    )
    desk.session.flush()


def attempts(desk: Desk, follow_up: FollowUp, way: FollowUpWay) -> int:
    """Returns the number of attempts of one way."""
    count = select(func.count()).where(
        col(FollowUpAttempt.follow_up_id) == follow_up.id, col(FollowUpAttempt.way) == way
    )
    return desk.session.exec(count).one()


def postpone(desk: Desk, follow_up: FollowUp, moment: datetime) -> None:
    """Writes the time of the next attempt."""
    follow_up.due_at = moment
    desk.session.add(follow_up)
    desk.session.flush()


def settle(desk: Desk, request: Request, *, good: bool, person: Person | None) -> bool:
    """Writes the outcome, once. Returns whether it was this call that did so."""
    is_owed = (col(FollowUp.request_id) == request.id, col(FollowUp.answered_at).is_(None))
    answered_by = person.id if person else None
    if not change_one(desk.session, FollowUp, *is_owed, good=good, answered_at=desk.now, answered_by=answered_by):
        return False
    of_request(desk, row_id(request))  # what reads it next sees the outcome
    repository.record(desk, request, EventKind.FOLLOW_UP_ANSWERED, person, {"good": good})
    closing.close_if_nothing_is_owed(desk, request)
    return True


def owe_again(desk: Desk, request: Request, *, settled_at: datetime) -> bool:
    """Takes back an outcome that was written at this moment; the follow-up is owed again.

    Returns whether there was such an outcome.
    """
    was_settled = (col(FollowUp.request_id) == request.id, col(FollowUp.answered_at) == settled_at)
    freed = change_one(desk.session, FollowUp, *was_settled, good=None, answered_at=None, answered_by=None)
    follow_up = of_request(desk, row_id(request))
    if not freed or follow_up is None:
        return False
    repository.record(desk, request, EventKind.FOLLOW_UP_REOPENED)
    closing.reopen(desk, request)
    attempt_at(desk, request, follow_up, polite(desk, request, max(follow_up.due_at, desk.now)))
    return True


def attempt_at(desk: Desk, request: Request, follow_up: FollowUp, moment: datetime) -> None:
    """Writes the time of the next attempt, and sets its timer."""
    postpone(desk, follow_up, moment)
    set_attempt(desk, request, moment)


def set_attempt(desk: Desk, request: Request, moment: datetime) -> None:
    """Sets the timer of an attempt."""
    set_timer(desk, TimerKind.FOLLOW_UP, row_id(request), moment, Urgency.OWNER, key=moment.isoformat())


def polite(desk: Desk, request: Request, moment: datetime) -> datetime:
    """Returns the moment, or the next one at which the owner may be asked."""
    return notification_policy.of_owner(desk, desk.person(request.person_id)).earliest(moment)
