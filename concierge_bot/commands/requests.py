"""`concierge request`: what the operator does to a request on somebody's behalf."""

from __future__ import annotations

from contextlib import closing

from concierge_bot.commands.invite import the_estate
from concierge_bot.desk.cards import state_texts
from concierge_bot.desk.context import Desk
from concierge_bot.desk.fulfilment import cancelling
from concierge_bot.desk.requests import repository
from concierge_bot.i18n import words
from concierge_bot.runtime.installation import ConciergeError, open_installation
from concierge_bot.settings import Settings
from storage.tables.requests import Request

LONGEST = 200
"""The most letters of a reason: it stands on cards."""
LARGEST = 2**31 - 1
"""The largest number that PostgreSQL gives to a request."""


def close(settings: Settings, number: int, because: str, estate_name: str | None) -> str:
    """Closes a request, and has people told why. Returns a one-line summary. Raises ConciergeError."""
    said = " ".join(because.split())
    if not 1 <= len(said) <= LONGEST or not said.isprintable():
        raise ConciergeError(f"--because is wrong: it should have 1 to {LONGEST} letters.")
    installation = open_installation(settings)
    with closing(installation.storage), installation.desk() as desk:
        request = _found(desk, number, estate_name)
        if not cancelling.close_for(desk, request, said):
            state = state_texts.in_list(desk, request, words("en"))
            raise ConciergeError(f"Request {number} is over already: {state}.")
        service = repository.service_of(desk, request).name
        villa = desk.villa(request.villa_id).name
        return f"request {number} ({service}, villa {villa}) is closed; owner and staff are told: “{said}”"


def _found(desk: Desk, number: int, estate_name: str | None) -> Request:
    request = repository.find(desk, number) if 0 < number <= LARGEST else None
    if request is None:
        raise ConciergeError(f"There is no request {number}.")
    if estate_name is not None and the_estate(desk, estate_name).id != request.estate_id:
        raise ConciergeError(f"There is no request {number} at {estate_name}.")
    return request
