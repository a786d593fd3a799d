"""The inbox of updates: committed before Telegram gets its confirmation, and handled exactly once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, true, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from concierge_bot.desk.context import Desk
from storage.engine.group_commit import NothingChangedError
from storage.engine.statements import run, send_counted, write_all_new
from storage.tables.queues import InboxState, InboxUpdate

WAS_WAITING = col(InboxUpdate.state) == bindparam("was", InboxState.WAITING)
"""As a parameter, so that PostgreSQL finds the one row by its key, not among all that wait."""
FINISH = (
    update(InboxUpdate)
    .where(col(InboxUpdate.update_id) == bindparam("done_id"), WAS_WAITING)
    .values(state=bindparam("new_state"), payload={})
)
OTHER = aliased(InboxUpdate)
EARLIEST = (
    select(func.min(OTHER.update_id))
    .where(col(OTHER.state) == InboxState.WAITING, col(OTHER.chat_id) == InboxUpdate.chat_id)
    .correlate(InboxUpdate)
    .scalar_subquery()
)
"""The first waiting update of the chat, as one value: of an EXISTS PostgreSQL may make a join of all chats."""
FINISH_IN_TURN = FINISH.where(col(InboxUpdate.update_id) <= EARLIEST)
"""Waits for nobody: an update stays as it is while an earlier one of its chat waits."""
STILL_WAITING = select(InboxUpdate.update_id).where(col(InboxUpdate.update_id) == bindparam("own_id"), WAS_WAITING)


class NotItsTurnError(NothingChangedError):
    """Raised where an earlier update of the same chat is not done yet: another process has it in hand."""


@dataclass(frozen=True)
class Received:
    """An update as received from Telegram."""

    update_id: int
    chat_id: int
    kind: str
    payload: dict[str, Any]


def keep(desk: Desk, found: Sequence[Received]) -> list[int]:
    """Writes updates into the inbox. Returns the ids of those to do; a redelivered one may be done already."""
    rows = [
        {
            "update_id": received.update_id,
            "chat_id": received.chat_id,
            "kind": received.kind,
            "payload": received.payload,
            "state": InboxState.WAITING,
            "received_at": desk.now,
            "attempts": 0,
        }
        for received in found
    ]
    if not rows:
        return []
    new = write_all_new(desk.session, InboxUpdate, "update_id", rows)
    known = {received.update_id for received in found} - new
    return sorted(new | _still_waiting(desk, known) if known else new)


def waiting(desk: Desk, before: datetime | None = None) -> list[Received]:
    """Returns the updates received (before a moment) and not done, by id: the work after a stop."""
    rows = desk.session.exec(
        select(InboxUpdate)
        .where(
            InboxUpdate.state == InboxState.WAITING, true() if before is None else col(InboxUpdate.received_at) < before
        )
        .order_by(col(InboxUpdate.update_id))
    )
    return [Received(row.update_id, row.chat_id, row.kind, row.payload or {}) for row in rows]


def finish(desk: Desk, update_id: int, state: InboxState = InboxState.DONE) -> bool:
    """Marks an update as finished, in the transaction of its use case. Returns False where it was finished already."""
    return run(desk.session, FINISH, done_id=update_id, new_state=state).rowcount == 1


def finish_in_turn(desk: Desk, update_id: int, *, is_shared: bool = True) -> Callable[[], bool]:
    """Does the same where several processes may have updates of a chat in hand (`is_shared`).

    Returns a function that tells whether it was not finished already, so that what is read first of all need not wait
    for that. It raises NotItsTurnError while an earlier update of the chat waits. Nothing may be changed before.
    """
    statement = FINISH_IN_TURN if is_shared else FINISH
    count = send_counted(desk.session, statement, done_id=update_id, new_state=InboxState.DONE)

    def finished() -> bool:
        if count() == 1:
            return True
        if (
            is_shared and run(desk.session, STILL_WAITING, own_id=update_id).rows
        ):  # also where the earlier one is done by now: again
            raise NotItsTurnError
        return False

    return finished


def failed_once(desk: Desk, update_id: int, error: str) -> None:
    """Records a failed attempt."""
    desk.session.exec(
        update(InboxUpdate)
        .where(col(InboxUpdate.update_id) == update_id)
        .values(attempts=InboxUpdate.attempts + 1, error=error)
        .execution_options(synchronize_session=False)
    )


def _still_waiting(desk: Desk, update_ids: set[int]) -> set[int]:
    return set(
        desk.session.exec(
            select(InboxUpdate.update_id).where(
                col(InboxUpdate.update_id).in_(update_ids), InboxUpdate.state == InboxState.WAITING
            )
        )
    )
