"""The recorder of the audit trail.

Changes of rows are recorded as they are written (`storage/engine/audited_rows.py`). What no row says by itself, and
what is changed by a statement past the session's objects, is recorded here, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from concierge_bot.desk.context import Desk
from storage.engine.audit_log import Acting, Change, acting, write_changes
from storage.tables.audit import AuditAction, AuditSubject
from storage.tables.people import Person

NOTHING: Mapping[str, Any] = {}


def act_as(desk: Desk, person: Person) -> None:
    """Records the changes of this unit of work as this person's, from now on."""
    _acting(desk).person = person


def act_as_part(desk: Desk, part: str) -> None:
    """Records the changes of this unit of work as the program's, of one part of it such as a timer."""
    _acting(desk).part = part


def is_anybody(desk: Desk) -> bool:
    """Tells whether a person or an operator is known to act."""
    who = _acting(desk)
    return who.person is not None or who.operator is not None


def record(
    desk: Desk,
    action: AuditAction,
    subject: AuditSubject,
    *,
    estate_id: int | None,
    before: Mapping[str, Any] = NOTHING,
    after: Mapping[str, Any] = NOTHING,
) -> None:
    """Records one change in the unit of work that makes it, by whoever acts in it.

    `before` and `after` are small facts, never words of a conversation; `estate_id` is None for the installation.
    """
    record_all(desk, [Change(action, subject, estate_id, before, after)])


def record_all(desk: Desk, changes: list[Change]) -> None:
    """Records several changes at once."""
    desk.session.flush()
    write_changes(desk.session, changes)


def _acting(desk: Desk) -> Acting:
    found = acting(desk.session)
    if found is None:
        raise LookupError("an open desk says who acts")
    return found
