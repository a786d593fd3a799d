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


def supervise(caller: Caller, request_id: int | None = None) -> Person:
    """Who may act as supervisor; `request_id` is the request that it is about."""
    person = caller.person
    if person is None or not is_superior(person):
        raise RefusedError(caller.words.text("Only a supervisor can do this."), request_id)
    return person


def announce(caller: Caller) -> Person:
    """Who may write to the owners: a supervisor, in their own chat."""
    person = supervise(caller)
    if not caller.sender.private:
        raise DeclinedError(caller.words.text("Please write this to me in our private chat."))
    return person


def oversee(desk: Desk, caller: Caller) -> Person:
    """Who may see a supervisor's lists, in a place for them."""
    return _discreet(desk, caller, supervise(caller))


def be_staff(desk: Desk, caller: Caller) -> Person:
    """Who may see the staff's lists, in a place for them: whoever works in a staff chat, and the superiors."""
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


def tend(desk: Desk, caller: Caller) -> list[StaffChat]:
    """Who may say how a staff chat is kept: whoever works there, and the estate's superiors. Returns what it is."""
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


def ask_for_service(caller: Caller) -> Person:
    """Who may ask for a service: an owner."""
    if not is_owner(caller):
        raise RefusedError(caller.words.text("Only owners can ask for a service here."))
    return caller.require_person()


def no_such_person(caller: Caller) -> RefusedError:
    """Whom a supervisor does not answer for is nobody to them."""
    return RefusedError(caller.words.text("There is no such person."))
