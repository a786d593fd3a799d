"""The rights to see who is who, and to end a role of somebody else."""

from __future__ import annotations

from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.departures import last_supervisor
from concierge_bot.desk.people import rights
from concierge_bot.desk.people.refusals import DeclinedError, RefusedError
from concierge_bot.desk.requests import request_rights
from storage.tables.people import Person
from storage.tables.requests import Request
from storage.tables.roles import Role, RoleKind


def require_reader(caller: Caller) -> Person:
    """Requires a superior in their private chat, who may see who is who."""
    superior = rights.require_supervisor(caller)
    rights.require_private(caller)
    return superior


def require_may_end(desk: Desk, caller: Caller, role_id: int) -> tuple[Person, Role]:
    """Requires a superior of the estate of a role that stands, in their private chat. Returns them and the role.

    A property manager's role is ended by property managers only; that of the last supervisor by nobody here.
    """
    superior, role = rights.require_supervisor(caller), desk.session.get(Role, role_id)
    if role is None or desk.person(role.person_id).estate_id != superior.estate_id:
        raise RefusedError(caller.words.text("There is no such person."))
    if role.kind is RoleKind.MANAGER and not superior.manages:
        raise RefusedError(caller.words.text("Only the property manager can do this."))
    rights.require_private(caller)
    if role.ends_at is not None:
        raise DeclinedError(caller.words.text("This has already ended."))
    if last_supervisor.is_theirs(desk, role):
        raise DeclinedError(
            caller.words.text("This is the estate's last supervisor. Please have another one join first.")
        )
    return superior, role


def require_decider(desk: Desk, caller: Caller, request_id: int) -> tuple[Person, Request]:
    """Requires a superior of a request's estate, in their private chat."""
    superior, request = request_rights.require_superior(desk, caller, request_id)
    rights.require_private(caller)
    return superior, request
