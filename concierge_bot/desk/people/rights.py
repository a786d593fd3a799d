"""Who may do what: asked here, on each action, from the database and the chat that it came from.

Each question is answered with the person who may (and with what they may do it to). Whoever may not is refused, in a
sentence that says why.
"""

from __future__ import annotations

from contextlib import suppress

from concierge_bot.desk.context import Caller, Desk, MembershipHiddenError
from concierge_bot.desk.people import role_changes, staff
from concierge_bot.desk.people.refusals import DeclinedError, RefusedError
from storage.tables.people import Person, StaffChat


def is_superior(person: Person | None) -> bool:
    """Whether somebody may decide over the staff: supervisors, and the property manager above them."""
    return person is not None and (person.supervises or person.manages)


def is_owner(caller: Caller) -> bool:
    """Whether somebody is at home here as an owner: a person with a villa, in their own chat."""
    return caller.person is not None and caller.person.villa_id is not None and caller.sender.private


def require_supervisor(caller: Caller, request_id: int | None = None) -> Person:
    """Requires a superior; `request_id` is the request that it is about."""
    person = caller.person
    if person is None or not is_superior(person):
        raise RefusedError(caller.words.text("Only a supervisor can do this."), request_id)
    return person


def require_announcer(caller: Caller) -> Person:
    """Requires somebody who may write to the owners: a superior, in their own chat."""
    person = require_supervisor(caller)
    if not caller.sender.private:
        raise DeclinedError(caller.words.text("Please write this to me in our private chat."))
    return person


def require_overseer(desk: Desk, caller: Caller) -> Person:
    """Requires a superior, in a place for their lists."""
    return _discreet(desk, caller, require_supervisor(caller))


def require_staff(desk: Desk, caller: Caller) -> Person:
    """Requires somebody who works in a staff chat, or a superior, in a place for the staff's lists."""
    person = caller.person
    chats = staff.chats_at(desk, caller.sender.chat_id)
    if person is not None and staff.is_staff(desk, person):
        _works_here_too(desk, caller, person, chats)
    else:
        person = staff.worker(desk, caller, chats[0]) if chats else None
        if person is None or person.estate_id != chats[0].estate_id:
            raise RefusedError(caller.words.text("Only the staff can do this."))
    return _discreet(desk, caller, person)


def _works_here_too(desk: Desk, caller: Caller, person: Person, chats: list[StaffChat]) -> None:
    """Somebody of one team may be in another's chat since before the bot was: whoever writes there is of that, too."""
    if chats and chats[0].estate_id == person.estate_id and not is_superior(person):
        with suppress(MembershipHiddenError):
            staff.worker(desk, caller, chats[0])


def _discreet(desk: Desk, caller: Caller, person: Person) -> Person:
    """Lists name owners and villas: they are for private chats and for the estate's own staff chats."""
    chats = staff.chats_at(desk, caller.sender.chat_id)
    if not caller.sender.private and all(chat.estate_id != person.estate_id for chat in chats):
        raise DeclinedError(caller.words.text("Please write this to me in our private chat."))
    _seen_here(desk, caller, person)
    return person


def require_staff_chat(desk: Desk, caller: Caller) -> list[StaffChat]:
    """Requires somebody who works in this staff chat, or a superior of its estate. Returns what chat it is."""
    chats = staff.chats_at(desk, caller.sender.chat_id)
    if chats and works_at(desk, caller, chats[0]) is not None:
        return chats
    raise RefusedError(caller.words.text("Only the team in its own chat can do this."))


def works_at(desk: Desk, caller: Caller, chat: StaffChat) -> Person | None:
    """Returns the caller where they belong to a staff chat: as its member, or as a superior of its estate."""
    person = caller.person
    if person is not None and is_superior(person) and person.estate_id == chat.estate_id:
        _seen_here(desk, caller, person)
        return person
    return staff.worker(desk, caller, chat)


def _seen_here(desk: Desk, caller: Caller, person: Person) -> None:
    """A superior may be in a group of the staff without having been seen to come."""
    if is_superior(person) and not caller.sender.private:
        role_changes.note(desk, person, caller.sender.chat_id)


def require_owner(caller: Caller) -> Person:
    """Requires an owner, in their own chat."""
    if not is_owner(caller):
        raise RefusedError(caller.words.text("Only owners can ask for a service here."))
    return caller.require_person()


def no_such_person(caller: Caller) -> RefusedError:
    """Whom a supervisor does not answer for is nobody to them."""
    return RefusedError(caller.words.text("There is no such person."))
