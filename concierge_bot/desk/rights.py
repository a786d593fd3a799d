"""Who may do what: asked here, on each action, from the database and the chat that it came from.

Each question is answered with the person who may, or with the sentence that says why not.
"""

from __future__ import annotations

from dataclasses import dataclass

from concierge_bot.desk import staff
from concierge_bot.desk.context import Caller, Desk
from storage.people import Person
from storage.requests import UNFINISHED, Request


@dataclass(frozen=True)
class No:
    """Why somebody may not."""

    why: str


def is_superior(person: Person) -> bool:
    """Whether somebody may decide over the staff: supervisors, and the property manager above them."""
    return person.supervises or person.manages


def handle(desk: Desk, caller: Caller, request: Request | None) -> Person | No:
    """Who may claim a request: a member of the team's chat, there; or a supervisor of the estate."""
    if request is None:
        return No(caller.words.text("There is no such request."))
    person = caller.person
    if person is not None and is_superior(person) and person.estate_id == request.estate_id:
        return person
    chat = staff.chat_of_team(desk, request.estate_id, request.team)
    if chat is not None and (found := staff.worker(desk, caller, chat)) is not None:
        return found
    return No(caller.words.text("Only the team in its own chat can do this."))


def move_on(desk: Desk, caller: Caller, request: Request | None) -> Person | No:
    """Who may say On site, Done or Release: the one who has the request, or a supervisor."""
    person = handle(desk, caller, request)
    if isinstance(person, No) or request is None:
        return person
    if request.claimed_by == person.id or is_superior(person) or request.state not in UNFINISHED:
        return person  # of what is over, anybody on the team may read how it ended
    if request.claimed_by is None:
        return No(caller.words.text("Nobody has this request: claim it first."))
    holder = desk.person(request.claimed_by)
    return No(caller.words.text("%(name)s has this request.", name=holder.name))


def supervise(caller: Caller) -> Person | No:
    """Who may act as supervisor."""
    person = caller.person
    if person is None or not is_superior(person):
        return No(caller.words.text("Only a supervisor can do this."))
    return person


def decide(caller: Caller, request: Request | None) -> Person | No:
    """Who may decide about a request: a supervisor of its estate."""
    person = supervise(caller)
    if not isinstance(person, No) and (request is None or request.estate_id != person.estate_id):
        return No(caller.words.text("There is no such request."))
    return person


def be_staff(desk: Desk, caller: Caller) -> Person | No:
    """Who may see the staff's lists: whoever works in a staff chat, and the superiors."""
    if caller.person is not None and staff.is_staff(desk, caller.person):
        return caller.person
    chats = staff.chats_at(desk, caller.sender.chat_id)
    found = staff.worker(desk, caller, chats[0]) if chats else None
    return found or No(caller.words.text("Only the staff can do this."))


def own(caller: Caller, request: Request | None) -> Person | No:
    """Who may see and cancel a request as its owner: the one who made it, in their own chat."""
    person = caller.person
    if person is None or request is None or request.person_id != person.id or not caller.sender.private:
        return No(caller.words.text("There is no such request."))
    return person


def ask_for_service(caller: Caller) -> Person | No:
    """Who may ask for a service: a person with a villa, in their own chat."""
    person = caller.person
    if person is None or person.villa_id is None or not caller.sender.private:
        return No(caller.words.text("Only owners can ask for a service here."))
    return person
