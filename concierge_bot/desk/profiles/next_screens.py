"""The screen that follows a change of somebody's own settings."""

from __future__ import annotations

from concierge_bot.desk.cards import cards
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.menus import menus
from concierge_bot.desk.ordering import at_hand
from concierge_bot.desk.people import rights
from concierge_bot.desk.people.names import address
from concierge_bot.desk.requests import repository
from concierge_bot.screens import Screen
from storage.tables.people import Person


def after(desk: Desk, caller: Caller, *, is_new: bool) -> Screen:
    """Returns what the owner has in hand, else a welcome to a new one, else the profile."""
    if (in_hand := at_hand.present(desk, caller) if rights.is_owner(caller) else None) is not None:
        return in_hand
    if caller.require_person().villa_id is None:
        return menus.home(desk, caller)
    if not is_new:
        return menus.profile(desk, caller)
    home = menus.home(desk, caller)
    welcome = caller.words.html(
        "Welcome, %(address)s. It is a pleasure to have you with us. Tell me what you need – in your own words, by "
        "voice or with a photo – or choose below.",
        address=address(caller.words, caller.require_person()),
    )
    return Screen(welcome, home.rows)


def refresh_cards(desk: Desk, person: Person) -> None:
    """Updates the cards of a person's unfinished requests: the staff must not read what was before."""
    desk.session.flush()
    for request in repository.unfinished_of(desk, person):
        cards.refresh(desk, request)
