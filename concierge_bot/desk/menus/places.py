"""The places of an account: its estates and villas, and which of them it speaks for in private."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.menus import menus, taps
from concierge_bot.desk.people import rights
from concierge_bot.desk.people.refusals import no_such_button
from concierge_bot.desk.people.villas import called as villa_called
from concierge_bot.desk.roles import accounts, register
from concierge_bot.i18n import words as words_in
from concierge_bot.screens import Button, Reply, Rows, Screen, joined, toast
from storage.tables.people import Person
from storage.tables.rows import row_id

NO_VILLA = 0


def ask(desk: Desk, caller: Caller) -> Reply:
    """Asks for which of their estates and villas somebody writes here, by /place or the button of a menu."""
    if not caller.sender.private:
        raise no_such_button(caller)
    if caller.person is None:
        return Reply(screen=menus.instead(desk, caller))
    found = list(_places(desk, caller))
    if len(found) < 2:
        only = caller.words.html("You have only one place here, so there is nothing to choose.")
        return Reply(screen=Screen(only), in_place=caller.sender.is_tap)
    present = (row_id(caller.person), caller.person.villa_id or NO_VILLA)
    rows = tuple(
        (Button(f"✓ {label}" if place == present else label, taps.PLACE.data(*place)),) for place, label in found
    )
    asked = Screen(caller.words.html("For which place are you writing to me here?"), rows)
    return Reply(screen=asked, in_place=caller.sender.is_tap)


def choose(desk: Desk, caller: Caller, person_id: int, villa_id: int) -> Reply:
    """Makes an account speak for one of its persons, and order for one of that person's villas."""
    if not caller.sender.private:
        raise no_such_button(caller)
    rights.require_known(caller)
    label = dict(_places(desk, caller)).get((person_id, villa_id))
    if label is None:
        return not_theirs(caller)
    person = desk.person(person_id)
    if villa_id != NO_VILLA:
        register.take_in_hand(desk, person, villa_id)
    accounts.choose(desk, caller.sender.telegram_id, person)
    speaking = Caller(caller.sender, person, words_in(person.language) if person.language else caller.words)
    home = menus.home(desk, speaking)
    said = speaking.words.html("From now on you are writing to me here for: %(place)s", place=label)
    return Reply(screen=Screen(joined([said, "", home.text]), home.rows), in_place=True)


def which_villa(desk: Desk, caller: Caller, service_key: str) -> Screen:
    """Returns the question for which of an owner's villas a service is."""
    return _which(desk, caller, lambda villa_id: taps.FOR_VILLA.data(villa_id, service_key))


def which_villa_of_draft(desk: Desk, caller: Caller, draft_id: int) -> Screen:
    """Returns the question for which of an owner's villas a draft is."""
    return _which(desk, caller, lambda villa_id: taps.DRAFT_VILLA.data(draft_id, villa_id))


def not_theirs(caller: Caller) -> Reply:
    """Returns the answer to a tap for a place that is not, or not any more, somebody's."""
    return toast(caller.words.text("This place is no longer yours."), alert=True)


def _which(desk: Desk, caller: Caller, data: Callable[[int], str]) -> Screen:
    person, words = caller.require_person(), caller.words
    villas = register.villas_of(desk, person)
    rows: Rows = tuple((Button(_villa(desk, caller, one, person), data(one)),) for one in villas)
    return Screen(words.html("Which villa is it for?"), rows)


def _villa(desk: Desk, caller: Caller, villa_id: int, person: Person) -> str:
    """Returns the label of a villa; the one that they ordered for last has a tick."""
    label = villa_called(caller.words, desk.villa(villa_id).name)
    return f"✓ {label}" if villa_id == person.villa_id else label


def _places(desk: Desk, caller: Caller) -> Iterator[tuple[tuple[int, int], str]]:
    """Yields an account's places: a person and a villa, or none, with the label."""
    for person in accounts.persons(desk, caller.sender.telegram_id):
        estate = desk.estate(person.estate_id).name
        villas = register.villas_of(desk, person)
        for villa_id in villas:
            name = desk.villa(villa_id).name
            label = caller.words.context_text(
                "place", "%(estate)s, %(villa)s", estate=estate, villa=villa_called(caller.words, name)
            )
            yield (row_id(person), villa_id), label
        if not villas:
            yield (row_id(person), NO_VILLA), estate
