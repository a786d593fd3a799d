"""The completion of a request: once a Done is certain, the owner is told, and sign-off and follow-up are owed."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import col

from concierge_bot.desk.capability import Swept
from concierge_bot.desk.cards import cards
from concierge_bot.desk.context import Desk
from concierge_bot.desk.queues.timers import TimerKind, set_timer
from concierge_bot.desk.requests import repository, undo_window
from storage.engine.notices import Queue, wake
from storage.tables.queues import Timer, TimerState, Urgency
from storage.tables.requests import EventKind, Request
from storage.tables.rows import row_id


def undo_data(desk: Desk, request: Request) -> dict[str, str]:
    """Returns the data for the event of a Done: the end of its time to be undone; empty where it cannot be."""
    within = desk.catalogue_of(request.estate_id).rules.undo_within
    return {"undo_until": (desk.now + within).isoformat()} if within else {}


def begin(desk: Desk, request: Request) -> None:
    """Sets the timer that tells the owner; tells them at once where a Done cannot be undone."""
    done = undo_window.untold(desk, request)
    if done is None:
        _tell(desk, request)
        return
    set_timer(
        desk,
        TimerKind.DONE_TOLD,
        row_id(request),
        undo_window.undo_until(done),
        Urgency.OWNER,
        key=done.at.isoformat(),
        data={"done": done.at.isoformat()},
    )


def fire(desk: Desk, timer: Timer) -> None:
    """Tells the owner of the Done, unless it was undone or told meanwhile."""
    request = repository.find(desk, timer.subject_id)
    if request is None:
        return
    repository.hold(desk, request)
    done = undo_window.untold(desk, request)
    if done is not None and done.at.isoformat() == timer.data["done"]:
        repository.record(desk, request, EventKind.DONE_TOLD)
        _tell(desk, request)


def set_back(desk: Desk, timer: Timer) -> None:
    """Resets a timer that fired while a Done could be undone, to be due at the end of that time.

    It found the request done, and did nothing; once that is undone, nothing would look at the request again.
    """
    if timer.kind not in desk.capabilities.kinds(Swept.WITH_ITS_REQUEST) or timer.kind == TimerKind.DONE_TOLD:
        return
    request = desk.session.get(Request, timer.subject_id)
    done = undo_window.untold(desk, request) if request is not None else None
    if done is None or undo_window.undo_until(done) <= desk.now:
        return
    until = undo_window.undo_until(done)
    desk.session.exec(
        update(Timer)
        .where(col(Timer.id) == timer.id)
        .values(state=TimerState.WAITING, fired_at=None, due_at=until)
        .execution_options(synchronize_session=False)
    )
    wake(desk.session, Queue.TIMERS, until)


def _tell(desk: Desk, request: Request) -> None:
    """Runs the capabilities' `done`, which ask the owner and enter what is owed; updates the cards, without Undo."""
    desk.capabilities.done(desk, request)
    cards.refresh(desk, request)
