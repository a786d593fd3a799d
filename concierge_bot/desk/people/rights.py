"""Rights: checked here for each action, by the database and the chat that it came from.

Each `require_…` returns the person (and the object of the action), or raises RefusedError, or DeclinedError for a mere
matter of place, with a sentence that says why.
"""

from __future__ import annotations

from contextlib import suppress

from concierge_bot.desk.context import Caller, Desk, MembershipHiddenError
from concierge_bot.desk.people import staff
from concierge_bot.desk.people.refusals import DeclinedError, RefusedError, to_a_stranger
from concierge_bot.desk.roles import role_changes
from storage.tables.people import Person, StaffChat


def is_superior(person: Person | None) -> bool:
    """Returns whether a person may decide over the staff: supervisors, and the property manager above them."""
    return person is not None and (person.supervises or person.manages)


def is_owner(caller: Caller) -> bool:
    """Returns whether the caller is an owner: a person with a villa, in their private chat."""
    return caller.person is not None and caller.person.villa_id is not None and caller.sender.private


def require_known(caller: Caller) -> Person:
    """Requires anybody but a stranger."""
    if caller.person is None:
        raise RefusedError(to_a_stranger(caller.words))
    return caller.person


def require_private(caller: Caller) -> None:
    """Requires a private chat; raises DeclinedError for any other place."""
    if not caller.sender.private:
        raise DeclinedError(caller.words.text("Please send me this command in our private chat."))


def require_supervisor(caller: Caller, request_id: int | None = None) -> Person:
    """Requires a superior; `request_id` is the request of the action, for the record of a refusal."""
    person = caller.person
    if person is None or not is_superior(person):
        raise RefusedError(caller.words.text("Only a supervisor can do this."), request_id)
    return person


def require_announcer(caller: Caller) -> Person:
    """Requires a person who may write to the owners: a superior, in their private chat."""
    person = require_supervisor(caller)
    require_private(caller)
    return person


def require_overseer(desk: Desk, caller: Caller) -> Person:
    """Requires a superior, in a place for their lists."""
    return _discreet(desk, caller, require_supervisor(caller))


def require_staff(desk: Desk, caller: Caller) -> Person:
    """Requires a member of a staff chat, or a superior, in a place for the staff's lists."""
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
    """Enrols a member of another team in the staff chat that they write in: they may have been there before the bot."""
    if chats and chats[0].estate_id == person.estate_id and not is_superior(person):
        with suppress(MembershipHiddenError):
            staff.worker(desk, caller, chats[0])


def _discreet(desk: Desk, caller: Caller, person: Person) -> Person:
    """Requires a private chat or a staff chat of the person's estate: lists name owners and villas.

    Raises DeclinedError for any other place.
    """
    chats = staff.chats_at(desk, caller.sender.chat_id)
    if all(chat.estate_id != person.estate_id for chat in chats):
        require_private(caller)
    _seen_here(desk, caller, person)
    return person


def require_staff_chat(desk: Desk, caller: Caller) -> list[StaffChat]:
    """Requires a member of this staff chat, or a superior of its estate. Returns the staff chats of the group."""
    chats = staff.chats_at(desk, caller.sender.chat_id)
    if chats and works_at(desk, caller, chats[0]) is not None:
        return chats
    raise RefusedError(caller.words.text("Only members of this team can do this, in their own chat."))


def require_own_group(desk: Desk, caller: Caller) -> Person:
    """Requires a superior, in a group without staff chats of another estate."""
    person = require_supervisor(caller)
    if any(chat.estate_id != person.estate_id for chat in staff.chats_at(desk, caller.sender.chat_id)):
        raise RefusedError(caller.words.text("This group belongs to another estate."))
    return person


def works_at(desk: Desk, caller: Caller, chat: StaffChat) -> Person | None:
    """Returns the caller where they belong to a staff chat: as its member, or as a superior of its estate."""
    person = caller.person
    if person is not None and is_superior(person) and person.estate_id == chat.estate_id:
        _seen_here(desk, caller, person)
        return person
    return staff.worker(desk, caller, chat)


def _seen_here(desk: Desk, caller: Caller, person: Person) -> None:
    """Notes a superior's presence in a group of the staff, which they may have joined unseen."""
    if is_superior(person) and not caller.sender.private:
        role_changes.note(desk, person, caller.sender.chat_id)


def require_owner(caller: Caller) -> Person:
    """Requires an owner, in their private chat."""
    if not is_owner(caller):
        raise RefusedError(caller.words.text("Only owners can ask for a service here."))
    return caller.require_person()


def require_invitable(desk: Desk, caller: Caller, person_id: int) -> Person:
    """Requires a superior of a person who has not left, in their private chat. Returns the person."""
    supervisor, person = require_supervisor(caller), desk.session.get(Person, person_id)
    if person is None or person.estate_id != supervisor.estate_id or person.left_at is not None:
        raise _no_such_person(caller)
    require_private(caller)
    return person


def require_renewable(desk: Desk, caller: Caller, person_id: int) -> Person:
    """Requires a superior of a person who has not left, for a new link: whoever opens it takes that person's place.

    A property manager's is made by property managers only.
    """
    person = require_invitable(desk, caller, person_id)
    if person.manages and not caller.require_person().manages:
        raise RefusedError(caller.words.text("Only the property manager can do this."))
    return person


def require_colleague(desk: Desk, caller: Caller, person_id: int) -> Person:
    """Requires a superior of a member of the staff, in a place for their lists. Returns the superior."""
    superior = require_overseer(desk, caller)
    if all(one.id != person_id for one in staff.colleagues(desk, superior.estate_id)):
        raise _no_such_person(caller)
    return superior


def _no_such_person(caller: Caller) -> RefusedError:
    """Returns the refusal of a person whom the supervisor does not answer for, as if there were none."""
    return RefusedError(caller.words.text("There is no such person."))
