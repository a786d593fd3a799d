"""The inbox of updates: committed before Telegram gets its confirmation, and handled exactly once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, true, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from concierge_bot.desk.context import Desk
from storage.engine.group_commit import NothingChangedError
from storage.engine.statements import run, write_all_new
from storage.tables.queues import InboxState, InboxUpdate

FINISH = (
    update(InboxUpdate)
    .where(col(InboxUpdate.update_id) == bindparam("done_id"), col(InboxUpdate.state) == InboxState.WAITING)
    .values(state=bindparam("new_state"), payload={})
)
OTHER = aliased(InboxUpdate)
EARLIER = exists().where(
    col(OTHER.state) == InboxState.WAITING,
    col(OTHER.chat_id) == InboxUpdate.chat_id,
    col(OTHER.update_id) < InboxUpdate.update_id,
)
FINISH_IN_TURN = FINISH.where(~EARLIER)
"""Waits for nobody: an update stays as it is while an earlier one of its chat waits."""
STILL_WAITING = select(InboxUpdate.update_id).where(
    col(InboxUpdate.update_id) == bindparam("own_id"), col(InboxUpdate.state) == InboxState.WAITING
)


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


def finish_in_turn(desk: Desk, update_id: int) -> bool:
    """Does the same where several processes may have updates of a chat in hand.

    Raises NotItsTurnError while an earlier update of the chat waits.
    """
    if run(desk.session, FINISH_IN_TURN, done_id=update_id, new_state=InboxState.DONE).rowcount == 1:
        return True
    if run(desk.session, STILL_WAITING, own_id=update_id).rows:  # also where the earlier one is done by now: again
        raise NotItsTurnError
    return False


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
