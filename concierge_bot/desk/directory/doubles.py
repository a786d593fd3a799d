"""Doubles: people of one estate who may be one person, written down twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations

from sqlmodel import col, select

from concierge_bot.desk.context import Desk
from concierge_bot.desk.profiles.newcomers import FACTS, Owner
from concierge_bot.language.typed import comparable, normalised
from storage.tables.people import Person, Villa
from storage.tables.roles import Role
from storage.tables.rows import row_id

Pair = tuple[Person, Person]
"""Two people, the one who joined, or was written down, first before the other."""


def pairs(desk: Desk, estate_id: int) -> list[Pair]:
    """Returns the pairs of people of an estate who may be one, by their numbers.

    Of one villa: no fact that is known of both differs, and they have a name in common. Of several: name and birthday
    are the same, both known in full.
    """
    people = list(desk.session.exec(select(Person).where(Person.estate_id == estate_id, col(Person.left_at).is_(None))))
    homes = _homes(desk, estate_id)
    found: dict[tuple[int, int], Pair] = {}
    for group in _alike(people):
        for one, other in combinations(sorted(group, key=_first), 2):
            if _may_be_one(one, other, homes):
                found[row_id(one), row_id(other)] = one, other
    return [found[key] for key in sorted(found)]


def _alike(people: Iterable[Person]) -> Iterable[list[Person]]:
    """Returns the people by the names that they share; each pair is looked at within such a group only."""
    groups: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        if key := _key(person.surname or person.given_name):
            groups[key].append(person)
    return [group for group in groups.values() if len(group) > 1]


def _may_be_one(one: Person, other: Person, homes: dict[int, set[str]]) -> bool:
    if one.telegram_id is not None and other.telegram_id is not None and not _same_in_full(one, other):
        return False  # two accounts are two people, unless everything says otherwise
    common = homes[row_id(one)] & homes[row_id(other)]
    return (bool(common) and _facts(one).may_be(_facts(other))) or _same_in_full(one, other)


def _same_in_full(one: Person, other: Person) -> bool:
    if not (one.given_name and one.surname and one.birth_month):
        return False
    facts = ("birth_month", "birth_day")
    same_day = all(getattr(one, fact) == getattr(other, fact) for fact in facts)
    return same_day and _full_name(one) == _full_name(other)


def _facts(person: Person) -> Owner:
    return Owner(
        "",
        **{fact: getattr(person, fact) for fact in FACTS},
    )


def _homes(desk: Desk, estate_id: int) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    standing = select(Role.person_id, Villa.name).join(Villa, col(Villa.id) == Role.villa_id)
    for person_id, name in desk.session.exec(standing.where(Villa.estate_id == estate_id, col(Role.ends_at).is_(None))):
        found[person_id].add(name)
    return found


def _full_name(person: Person) -> tuple[str, str]:
    return _key(person.surname), _key(person.given_name)


def _key(name: str) -> str:
    return comparable(name) or normalised(name).casefold()


def _first(person: Person) -> tuple[bool, int]:
    return person.joined_at is None, row_id(person)
