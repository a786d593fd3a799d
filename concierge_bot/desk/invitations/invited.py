"""Names that a superior has typed, and the people of these names who are to be invited."""

from __future__ import annotations

import unicodedata

from sqlmodel import col, select

from concierge_bot.address import titles
from concierge_bot.address.titles import Title
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.people import villas
from concierge_bot.desk.people.refusals import DeclinedError
from concierge_bot.desk.profiles import newcomers
from concierge_bot.desk.profiles.newcomers import Entry, Fate, Owner
from concierge_bot.desk.roles import register
from concierge_bot.desk.roles.register import Grant
from concierge_bot.language.typed import comparable, name_of
from storage.tables.people import Estate, Person, Villa
from storage.tables.roles import Role, RoleKind, RoleWay
from storage.tables.rows import row_id

LONGEST = 80


def typed_name(caller: Caller, typed: str) -> str:
    """Returns a typed name that is safe to show. Raises DeclinedError where it cannot be one."""
    name = name_of(typed)
    if not 1 <= len(name) <= LONGEST or any(unicodedata.category(letter) in ("Cc", "Cs") for letter in name):
        raise DeclinedError(
            caller.words.text("A name may have up to %(number)s characters. Please try again.", number=LONGEST)
        )
    return name


def owner(desk: Desk, caller: Caller, villa: Villa, name: str) -> Person:
    """Returns the owner of this name who has not joined, or a new one who is not written down yet.

    Raises DeclinedError where the name is of somebody who has joined, or may be of several.
    """
    estate = desk.session.get_one(Estate, villa.estate_id, with_for_update={"key_share": True})
    title, surname = _title_in(name)
    wanted = Owner(villa=villa.name, surname=surname, form=title.form, rank=title.rank)
    (entry,) = newcomers.sort_out(desk, estate, [(1, wanted)])
    if entry.fate is Fate.NEW:
        return wanted(desk, estate)
    if entry.fate is not Fate.AGAIN or entry.person_id is None:
        raise DeclinedError(_why_not(caller, entry, villa, name))
    person = desk.session.get_one(Person, entry.person_id)
    if title:
        person.form, person.rank = title.form or person.form, title.rank
    return person


def colleague(desk: Desk, superior: Person, grant: Grant, name: str) -> Person:
    """Returns the person who was invited under this name and role and has not joined, or a new one with the role."""
    desk.session.get_one(Estate, superior.estate_id, with_for_update={"key_share": True})
    known = (
        select(Person)
        .join(Role, col(Role.person_id) == Person.id)
        .where(
            Person.estate_id == superior.estate_id,
            col(Person.telegram_id).is_(None),
            col(Person.left_at).is_(None),
            col(Role.ends_at).is_(None),
            Role.kind == grant.kind,
            col(Role.team).is_not_distinct_from(grant.team),
        )
        .order_by(col(Person.id))
    )
    for person in desk.session.exec(known):
        if comparable(person.name) == comparable(name):
            return person
    person = Person(estate_id=superior.estate_id, given_name=name)
    desk.session.add(person)
    desk.session.flush()
    register.give(desk, person, grant, by=superior, how=RoleWay.TAP)
    return person


def not_joined(desk: Desk, estate_id: int, grant: Grant) -> list[Person]:
    """Returns the people with a role who have not joined, by name."""
    found = (
        select(Person)
        .join(Role, col(Role.person_id) == Person.id)
        .where(
            Person.estate_id == estate_id,
            col(Person.joined_at).is_(None),
            col(Person.left_at).is_(None),
            col(Role.ends_at).is_(None),
            Role.kind == grant.kind,
            col(Role.villa_id).is_not_distinct_from(grant.villa_id),
            col(Role.team).is_not_distinct_from(grant.team),
        )
    )
    people = {row_id(person): person for person in desk.session.exec(found)}
    return sorted(people.values(), key=lambda person: (person.name.casefold(), row_id(person)))


def grant_of(kind: RoleKind, where: str) -> Grant:
    """Returns the role that a tap names: its kind, and the villa or the team."""
    if kind is RoleKind.OWNER:
        return Grant(kind, villa_id=int(where))
    return Grant(kind, team=where if kind is RoleKind.BUTLER else None)


def _title_in(name: str) -> tuple[Title, str]:
    """Returns the title and the rest of a name: *Mr Wang*, 王先生."""
    words = name.split()
    for count in range(len(words) - 1, 0, -1):
        if (title := titles.named(" ".join(words[:count]))) is not None:
            return title, " ".join(words[count:])
    for cut in (len(name) - 2, len(name) - 1):
        if cut > 0 and not name.isascii() and (title := titles.named(name[cut:])) is not None:
            return title, name[:cut].strip()
    return Title(), name


def _why_not(caller: Caller, entry: Entry, villa: Villa, name: str) -> str:
    values = {"name": name, "villa": villas.called(caller.words, villa.name)}
    if entry.fate is Fate.JOINED:
        return caller.words.text(
            "%(name)s of %(villa)s has already joined. If you mean somebody else with this name, please "
            "include the given name.",
            **values,
        )
    return caller.words.text("Several people in %(villa)s could be %(name)s. Please include the given name.", **values)
