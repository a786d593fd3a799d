"""The state of a request in a few words: on the staff's card, in their lists, and in the owner's list.

Each has sentences of its own, since not every language says the same in a list and on a line by itself, and since
owners read of colleagues who look after them where the staff read of who has tapped which button.
"""

from __future__ import annotations

from typing import assert_never

from concierge_bot.desk.context import Desk
from concierge_bot.desk.people.names import of_colleague
from concierge_bot.desk.requests import repository
from concierge_bot.i18n import Words
from storage.tables.people import Person
from storage.tables.requests import Request, RequestState
from storage.tables.rows import required


def holder(desk: Desk, request: Request) -> Person:
    """Returns the holder of a request. Raises NoResultFound for one that nobody holds."""
    return desk.person(required(request.claimed_by))


def on_card(desk: Desk, request: Request, words: Words) -> str:
    """Returns the state as a line of the staff's card, with the person and the time."""
    time = _since(desk, request, words, request.state)
    match request.state:
        case RequestState.OPEN:
            since_when = _since_when(desk, request, words)
            return words.context_text("card", "Waiting %(since_when)s", since_when=since_when)
        case RequestState.CLAIMED:
            return words.context_text("card", "Taken by %(name)s, %(time)s", name=holder(desk, request).name, time=time)
        case RequestState.ON_SITE:
            return words.context_text("card", "%(name)s on site, %(time)s", name=holder(desk, request).name, time=time)
        case RequestState.DONE:
            return words.context_text("card", "Done by %(name)s, %(time)s", name=holder(desk, request).name, time=time)
        case RequestState.CANCELLED:
            return words.context_text("card", "Cancelled, %(time)s", time=time)
        case _:
            assert_never(request.state)


def in_list(desk: Desk, request: Request, words: Words) -> str:
    """Returns the state behind a request's label in a list of the staff's."""
    time = _since(desk, request, words, request.state)
    match request.state:
        case RequestState.OPEN:
            since_when = _since_when(desk, request, words)
            return words.context_text("list", "waiting %(since_when)s", since_when=since_when)
        case RequestState.CLAIMED:
            return words.context_text("list", "taken by %(name)s, %(time)s", name=holder(desk, request).name, time=time)
        case RequestState.ON_SITE:
            return words.context_text("list", "%(name)s on site, %(time)s", name=holder(desk, request).name, time=time)
        case RequestState.DONE:
            return words.context_text("list", "done by %(name)s, %(time)s", name=holder(desk, request).name, time=time)
        case RequestState.CANCELLED:
            return words.context_text("list", "cancelled, %(time)s", time=time)
        case _:
            assert_never(request.state)


def for_owner(desk: Desk, request: Request, words: Words, state: RequestState) -> str:
    """Returns the state that an owner has been told of, behind the service's name in their list."""
    time = _since(desk, request, words, state)
    match state:
        case RequestState.OPEN:
            since_when = _since_when(desk, request, words)
            return words.context_text("owner's list", "being arranged %(since_when)s", since_when=since_when)
        case RequestState.CLAIMED:
            name = of_colleague(words, holder(desk, request))
            return words.context_text("owner's list", "taken by %(name)s, %(time)s", name=name, time=time)
        case RequestState.ON_SITE:
            name = of_colleague(words, holder(desk, request))
            return words.context_text("owner's list", "%(name)s on site, %(time)s", name=name, time=time)
        case RequestState.DONE:
            name = of_colleague(words, holder(desk, request))
            return words.context_text("owner's list", "done by %(name)s, %(time)s", name=name, time=time)
        case RequestState.CANCELLED:
            return words.context_text("owner's list", "cancelled, %(time)s", time=time)
        case _:
            assert_never(state)


def _since_when(desk: Desk, request: Request, words: Words) -> str:
    moment = repository.since(request, RequestState.OPEN)
    return words.since(moment, desk.zone(request.estate_id), desk.today(request.estate_id))


def _since(desk: Desk, request: Request, words: Words, state: RequestState) -> str:
    return words.stamp(repository.since(request, state), desk.zone(request.estate_id), desk.today(request.estate_id))
