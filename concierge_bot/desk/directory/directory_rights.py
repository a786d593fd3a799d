"""The rights to see the owners of an estate, and to correct what is written down of them."""

from __future__ import annotations

from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.directory.facts import OF_COLLEAGUES, Fact
from concierge_bot.desk.people import rights
from concierge_bot.desk.people.refusals import RefusedError
from storage.tables.people import Person


def require_reader(caller: Caller) -> Person:
    """Requires a superior in their private chat, who may see the owners. Returns the superior."""
    superior = rights.require_supervisor(caller)
    rights.require_private(caller)
    return superior


def require_corrector(desk: Desk, caller: Caller, person_id: int) -> tuple[Person, Person]:
    """Requires a superior of an owner, in their private chat. Returns both."""
    owner = rights.require_invitable(desk, caller, person_id)
    if owner.villa_id is None:
        raise RefusedError(caller.words.text("There is no such person."))
    return caller.require_person(), owner


def require_corrector_of(desk: Desk, caller: Caller, person_id: int, fact: Fact) -> tuple[Person, Person]:
    """Requires a superior of the person whom a fact is of: an owner, or one of the staff. Returns both."""
    if fact not in OF_COLLEAGUES:
        return require_corrector(desk, caller, person_id)
    colleague = rights.require_invitable(desk, caller, person_id)
    if colleague.villa_id is not None:
        raise RefusedError(caller.words.text("There is no such person."))
    return caller.require_person(), colleague
