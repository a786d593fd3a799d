"""The rights to act on a request: checked for each action, by the database and the chat that it came from."""

from __future__ import annotations

from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.people import staff
from concierge_bot.desk.people.refusals import DeclinedError, RefusedError
from concierge_bot.desk.people.rights import is_superior, require_supervisor
from concierge_bot.desk.requests import repository
from storage.tables.people import Person
from storage.tables.requests import UNFINISHED, Request, RequestState
from storage.tables.rows import required


def require_team(desk: Desk, caller: Caller, request_id: int) -> tuple[Person, Request]:
    """Requires a person who may claim: a member of the team, in its chat; or a superior of the estate.

    Raises RefusedError for anybody else.
    """
    request = repository.find(desk, request_id)
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
    raise RefusedError(caller.words.text("Only members of this team can do this, in their own chat."), request_id)


def require_holder(desk: Desk, caller: Caller, request_id: int) -> tuple[Person, Request]:
    """Requires the holder of a request, or a superior: for On site, Done and Release.

    Raises DeclinedError for another of the team, while the request is unfinished; RefusedError for anybody else.
    """
    person, request = require_team(desk, caller, request_id)
    if request.claimed_by == person.id or is_superior(person) or request.state not in UNFINISHED:
        return person, request  # of what is over, anybody on the team may read how it ended
    if request.claimed_by is None:
        raise DeclinedError(caller.words.text("Nobody has this request yet: please claim it first."))
    holder = desk.person(request.claimed_by)
    raise DeclinedError(caller.words.text("%(name)s has this request.", name=holder.name))


def require_doer(desk: Desk, caller: Caller, request_id: int) -> tuple[Person, Request]:
    """Requires the person who did a request, or a superior: for Undo.

    Raises DeclinedError for another of the team, while the request is done; RefusedError for anybody else.
    """
    person, request = require_team(desk, caller, request_id)
    if request.state != RequestState.DONE or request.claimed_by == person.id or is_superior(person):
        return person, request  # of what is not done, anybody on the team may read how it stands
    holder = desk.person(required(request.claimed_by))
    raise DeclinedError(caller.words.text("Only %(name)s can undo this.", name=holder.name))


def require_superior(desk: Desk, caller: Caller, request_id: int) -> tuple[Person, Request]:
    """Requires a superior of a request's estate. Raises RefusedError for anybody else."""
    person, request = require_supervisor(caller, request_id), repository.find(desk, request_id)
    if request is None or request.estate_id != person.estate_id:
        raise _no_such_request(caller, request_id)
    return person, request


def require_own(desk: Desk, caller: Caller, request_id: int) -> tuple[Person, Request]:
    """Requires the one who made a request, while its villa is theirs, in their private chat.

    Raises RefusedError for anybody else.
    """
    person, request = caller.person, repository.find(desk, request_id)
    if person is None or request is None or request.person_id != person.id or not caller.sender.private:
        raise _no_such_request(caller, request_id)
    if not repository.is_still_theirs(desk, request):
        raise _no_such_request(caller, request_id)
    return person, request


def _belongs(desk: Desk, caller: Caller, estate_id: int) -> bool:
    """Returns whether the caller is of an estate, or may well be: not everybody in its staff chats is known yet."""
    if caller.person is not None:
        return caller.person.estate_id == estate_id
    return any(chat.estate_id == estate_id for chat in staff.chats_at(desk, caller.sender.chat_id))


def _no_such_request(caller: Caller, request_id: int) -> RefusedError:
    return RefusedError(caller.words.text("There is no such request."), request_id)
