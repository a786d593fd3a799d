"""What follows when a request is done: the owner is told once it is certain, and from then on something is owed."""

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


def undo_data(desk: Desk) -> dict[str, str]:
    """Returns what the event of a Done says of how long it can be undone; nothing where it cannot."""
    within = desk.catalogue.rules.undo_within
    return {"undo_until": (desk.now + within).isoformat()} if within else {}


def begin(desk: Desk, request: Request) -> None:
    """Sets the timer that tells the owner, or tells them at once where nothing can be undone."""
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
    """Tells the owner that it is done, unless that was undone or told meanwhile."""
    request = repository.find(desk, timer.subject_id)
    if request is None:
        return
    repository.hold(desk, request)
    done = undo_window.untold(desk, request)
    if done is not None and done.at.isoformat() == timer.data["done"]:
        repository.record(desk, request, EventKind.DONE_TOLD)
        _tell(desk, request)


def set_back(desk: Desk, timer: Timer) -> None:
    """Lets what fell due while a Done could be undone fall due again when that time is over.

    It found the request done, and did nothing; once that is undone, nobody would look at the request again.
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
    """Asks the owner whether all is well, enters what is owed, and takes Undo off the cards of the staff."""
    desk.capabilities.done(desk, request)
    cards.refresh(desk, request)
