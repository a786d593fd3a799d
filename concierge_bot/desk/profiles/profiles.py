"""Joining, and the person's own settings: language, form of address, birthday."""

from __future__ import annotations

import re
from calendar import monthrange

from concierge_bot.address import table, titles
from concierge_bot.desk.context import Caller, Desk, words_of
from concierge_bot.desk.menus import menus
from concierge_bot.desk.people import invites, refusals, rights, staff
from concierge_bot.desk.people.refusals import no_such_button
from concierge_bot.desk.profiles import joined_notices, latin_names, next_screens, profile_rights, used_links
from concierge_bot.desk.roles import accounts, role_changes
from concierge_bot.i18n import language_of, spoken, words
from concierge_bot.screens import Reply
from storage.tables.people import Person

MONTH = re.compile(r"m([1-9]|1[0-2])")
DAY = re.compile(r"d([1-9]|1[0-2])-([1-9]|[12][0-9]|3[01])")


def join(desk: Desk, caller: Caller, code: str) -> Reply:
    """Redeems an invitation. A known person gets their menu for their own code, or for a bad one.

    Raises RefusedError for a bad code of anybody unknown.
    """
    for person in accounts.persons(desk, caller.sender.telegram_id):
        if invites.is_of(desk, person, code):
            return _back_as(desk, caller, person)
    guesses = invites.must_wait(desk, caller.sender)  # who does must not learn which codes exist
    invite = None if guesses else invites.of_code(desk, code)
    invited = desk.person(invite.person_id) if invite else None
    ended = accounts.last_ended(desk, invited) if invited else None
    account_before = (invited.telegram_id if invited else None) or ended
    joined_as = invites.redeem(desk, caller.sender, code)
    if joined_as is None and caller.person is not None:
        refusals.note(desk, caller)
        return Reply(screen=menus.home(desk, caller))
    person = profile_rights.require_joined(desk, caller, joined_as, invite)
    if invite is not None:
        joined_notices.tell_maker(desk, invite, person)
    if invited is not None and account_before is not None and (ended or account_before != person.telegram_id):
        used_links.follow(desk, person, invited, account_before, is_told=ended is not None)
    person.phone_language = spoken(caller.sender.language_code)
    return Reply(screen=menus.choose_language(Caller(caller.sender, person, words_of(desk, person))))


def _back_as(desk: Desk, caller: Caller, person: Person) -> Reply:
    """Leads an account back to one of its persons, whose own link it has opened again."""
    if caller.person is not None and person.id != caller.person.id:
        accounts.choose(desk, caller.sender.telegram_id, person)
    return Reply(screen=menus.home(desk, Caller(caller.sender, person, caller.words)))


def greet(desk: Desk, caller: Caller) -> Reply:
    """Handles /start without a code: shows a known person their menu; an unknown one may be one of the staff."""
    if caller.person is not None:
        return Reply(screen=menus.home(desk, caller))
    person = staff.recognise(desk, caller.sender)
    if person is None:
        return Reply(screen=menus.stranger(caller.words))
    person.opened_at = desk.now
    role_changes.note(desk, person)
    return Reply(screen=menus.choose_language(Caller(caller.sender, person, caller.words)))


def choose_language(desk: Desk, caller: Caller, language: str, changes: int = 0) -> Reply:
    """Stores the language, and updates the cards of unfinished requests; a new owner is asked for the form of address.

    `changes` is 1 under a question that was asked to change it.
    """
    chosen = language_of(language)
    if chosen is None or not caller.sender.private:
        raise no_such_button(caller)
    person = rights.require_known(caller)
    person.language = chosen
    desk.session.flush()
    role_changes.note(desk, person)
    speaking = Caller(caller.sender, person, words(chosen))
    next_screens.refresh_cards(desk, person)
    if person.villa_id is not None and not table.suffices(chosen, person.form, person.rank):
        return Reply(screen=menus.choose_title(speaking.words, *_given(changes)), in_place=True)
    return _next(desk, speaking, changes)


def choose_title(desk: Desk, caller: Caller, title: str, changes: int = 0) -> Reply:
    """Stores the form of address, and updates the cards of unfinished requests: the staff must not use the old one."""
    person = rights.require_owner(caller)
    chosen = titles.of_code(title)
    if chosen is None:
        raise no_such_button(caller)
    person.form, person.rank = chosen.form or person.form, chosen.rank
    next_screens.refresh_cards(desk, person)
    return _next(desk, caller, changes)


def change(desk: Desk, caller: Caller, what: str) -> Reply:
    """Handles one step of changing the profile."""
    person = rights.require_owner(caller)
    if what == "title":
        return Reply(screen=menus.choose_title(caller.words, 1), in_place=True)
    if what == "language":
        return Reply(screen=menus.choose_language(caller, 1), in_place=True)
    if what == "latin":
        return Reply(screen=latin_names.question(caller.words, person, 1), in_place=True)
    if what == "birthday":
        return Reply(screen=menus.choose_birth_month(caller.words), in_place=True)
    if found := MONTH.fullmatch(what):
        return Reply(screen=menus.choose_birth_day(caller.words, int(found[1])), in_place=True)
    if found := DAY.fullmatch(what):
        person.birth_month, person.birth_day = int(found[1]), min(int(found[2]), _days(int(found[1])))
        desk.session.flush()
        return Reply(screen=menus.profile(desk, caller), in_place=True)
    raise no_such_button(caller)


def _days(month: int) -> int:
    return monthrange(2000, month)[1]


def _given(changes: int) -> tuple[int, ...]:
    return (changes,) if changes else ()


def _next(desk: Desk, caller: Caller, changes: int) -> Reply:
    """Shows what follows a setting: to a new owner, the question for the spelling of their name where it is needed."""
    asked = latin_names.first_question(desk, caller) if changes == 0 else None
    return Reply(screen=asked or next_screens.after(desk, caller, is_new=changes == 0), in_place=True)
