"""Who may do what: asked here, on each action, from the database and the chat that it came from.

Each question is answered with the person who may (and with what they may do it to). Whoever may not is refused, in a
sentence that says why.
"""

from __future__ import annotations

from concierge_bot.desk import requests, role_changes, staff
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.refusals import DeclinedError, RefusedError
from storage.people import Person, StaffChat
from storage.requests import UNFINISHED, Request, RequestState


def is_superior(person: Person | None) -> bool:
    """Whether somebody may decide over the staff: supervisors, and the property manager above them."""
    return person is not None and (person.supervises or person.manages)


def is_owner(caller: Caller) -> bool:
    """Whether somebody is at home here as an owner: a person with a villa, in their own chat."""
    return caller.person is not None and caller.person.villa_id is not None and caller.sender.private


def handle(desk: Desk, caller: Caller, request_id: int) -> tuple[Person, Request]:
    """Who may claim a request: a member of the team's chat, there; or a supervisor of the estate."""
    request = requests.find(desk, request_id)
    if request is None:
        raise _no_such_request(caller, request_id)
    person = caller.person
    if person is not None and is_superior(person) and person.estate_id == request.estate_id:
        return person, request
    chat = staff.chat_of_team(desk, request.estate_id, request.team)
    if chat is not None and (found := staff.worker(desk, caller, chat)) is not None:
        return found, request
    if not _belongs(desk, caller, request.estate_id):
        raise _no_such_request(caller, request_id)  # what an estate has is nobody else's business
    raise RefusedError(caller.words.text("Only the team in its own chat can do this."), request_id)


def move_on(desk: Desk, caller: Caller, request_id: int) -> tuple[Person, Request]:
    """Who may say On site, Done or Release: the one who has the request, or a supervisor."""
    person, request = handle(desk, caller, request_id)
    if request.claimed_by == person.id or is_superior(person) or request.state not in UNFINISHED:
        return person, request  # of what is over, anybody on the team may read how it ended
    if request.claimed_by is None:
        raise DeclinedError(caller.words.text("Nobody has this request: claim it first."))
    holder = desk.person(request.claimed_by)
    raise DeclinedError(caller.words.text("%(name)s has this request.", name=holder.name))


def undo(desk: Desk, caller: Caller, request_id: int) -> tuple[Person, Request]:
    """Who may take a Done back: the one whose request it was, or a supervisor."""
    person, request = handle(desk, caller, request_id)
    if request.state != RequestState.DONE or request.claimed_by == person.id or is_superior(person):
        return person, request  # of what is not done, anybody on the team may read how it stands
    holder = desk.person(request.claimed_by or 0)
    raise DeclinedError(caller.words.text("Only %(name)s can undo this.", name=holder.name))


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


def decide(desk: Desk, caller: Caller, request_id: int) -> tuple[Person, Request]:
    """Who may decide about a request: a supervisor of its estate."""
    person, request = supervise(caller, request_id), requests.find(desk, request_id)
    if request is None or request.estate_id != person.estate_id:
        raise _no_such_request(caller, request_id)
    return person, request


def oversee(desk: Desk, caller: Caller) -> Person:
    """Who may see a supervisor's lists, in a place for them."""
    return _discreet(desk, caller, supervise(caller))


def be_staff(desk: Desk, caller: Caller) -> Person:
    """Who may see the staff's lists, in a place for them: whoever works in a staff chat, and the superiors."""
    person = caller.person
    if person is None or not staff.is_staff(desk, person):
        chats = staff.chats_at(desk, caller.sender.chat_id)
        person = staff.worker(desk, caller, chats[0]) if chats else None
        if person is None or person.estate_id != chats[0].estate_id:
            raise RefusedError(caller.words.text("Only the staff can do this."))
    return _discreet(desk, caller, person)


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


def own(desk: Desk, caller: Caller, request_id: int) -> tuple[Person, Request]:
    """Who may see and cancel a request as its owner: the one who made it, in their own chat."""
    person, request = caller.person, requests.find(desk, request_id)
    if person is None or request is None or request.person_id != person.id or not caller.sender.private:
        raise _no_such_request(caller, request_id)
    return person, request


def ask_for_service(caller: Caller) -> Person:
    """Who may ask for a service: an owner."""
    if not is_owner(caller):
        raise RefusedError(caller.words.text("Only owners can ask for a service here."))
    return caller.known


def _belongs(desk: Desk, caller: Caller, estate_id: int) -> bool:
    """Whether somebody is of an estate, or may well be: not everybody in its staff chats is known yet."""
    if caller.person is not None:
        return caller.person.estate_id == estate_id
    return any(chat.estate_id == estate_id for chat in staff.chats_at(desk, caller.sender.chat_id))


def no_such_person(caller: Caller) -> RefusedError:
    """Whom a supervisor does not answer for is nobody to them."""
    return RefusedError(caller.words.text("There is no such person."))


def _no_such_request(caller: Caller, request_id: int) -> RefusedError:
    return RefusedError(caller.words.text("There is no such request."), request_id)
