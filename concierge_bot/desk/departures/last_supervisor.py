"""The last supervisor of an estate: without one, nobody is told when a promise is at risk."""

from __future__ import annotations

from concierge_bot.desk.context import Desk
from concierge_bot.desk.people import staff
from storage.tables.people import Estate
from storage.tables.roles import Role, RoleKind


def is_theirs(desk: Desk, role: Role) -> bool:
    """Tells whether an estate would have no supervisor who has joined, once this role has ended.

    Locks the estate's row: two supervisors who end each other's role at once do not both succeed.
    """
    person = desk.person(role.person_id)
    if role.kind is not RoleKind.SUPERVISOR or person.telegram_id is None:
        return False
    desk.session.get_one(Estate, person.estate_id, with_for_update={"key_share": True}, populate_existing=True)
    others = staff.supervisors(desk, person.estate_id)
    return not any(other.telegram_id is not None and other.id != person.id for other in others)
