"""Undo: for a minute one tap takes a mistaken Done back, and the owner never hears of it."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlmodel import col

from concierge_bot.desk.capability import Swept
from concierge_bot.desk.cards import cards
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.fulfilment.claims import as_it_stands, moved_on
from concierge_bot.desk.requests import repository, request_rights, undo_window
from concierge_bot.desk.requests.repository import Line
from concierge_bot.screens import Reply, toast
from storage.engine.notices import Queue, wake
from storage.tables.queues import Timer, TimerState
from storage.tables.requests import EventKind, Request, RequestState


def undo(desk: Desk, caller: Caller, request_id: int) -> Reply:
    """Undoes a Done, as long as the owner was not told of it."""
    person, request = request_rights.require_doer(desk, caller, request_id)
    repository.hold(desk, request)
    done = undo_window.untold(desk, request)
    if request.state != RequestState.DONE:
        return as_it_stands(desk, caller, person, request)
    if done is None or not undo_window.can_be_undone(desk, request):
        said = caller.words.text("Too late: the owner has been told that #%(number)s is done.", number=request.id)
        return cards.mended(desk, caller, request, toast(said, alert=True))
    if not repository.change(
        desk,
        request,
        undo_window.before_done(request),
        states=(RequestState.DONE,),
        kind=EventKind.UNDONE,
        actor=person,
        held_by=request.claimed_by,
        done_at=None,
    ):
        return as_it_stands(desk, caller, person, request)
    _look_again_now(desk, request, done)
    return moved_on(desk, caller, request, caller.words.text("Undone: #%(number)s is not done yet.", number=request.id))


def _look_again_now(desk: Desk, request: Request, done: Line) -> None:
    """Makes the timers due now that were put off until the Done was certain (`completing.set_back`).

    Locked timers are skipped: another process has them in hand and waits for this request; waiting for it would
    deadlock.
    """
    put_off = desk.session.scalars(
        select(col(Timer.id))
        .where(
            col(Timer.kind).in_(desk.capabilities.kinds(Swept.WITH_ITS_REQUEST)),
            col(Timer.subject_id) == request.id,
            col(Timer.state) == TimerState.WAITING,
            col(Timer.due_at) == undo_window.undo_until(done),
        )
        .with_for_update(skip_locked=True)
    ).all()
    desk.session.exec(
        update(Timer)
        .where(col(Timer.id).in_(put_off))
        .values(due_at=desk.now)
        .execution_options(synchronize_session=False)
    )
    wake(desk.session, Queue.TIMERS, desk.now)
