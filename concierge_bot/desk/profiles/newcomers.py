"""Lists of invited owners, matched with known people: a name is no key, and a list may be read twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, exists, update
from sqlmodel import col, select

from concierge_bot.address import titles
from concierge_bot.desk.context import Desk
from concierge_bot.desk.people import invites, villas
from concierge_bot.desk.profiles import recorded_lists
from concierge_bot.desk.roles import register
from concierge_bot.language.typed import comparable, normalised
from storage.engine.statements import run_all, write_all
from storage.names import Form
from storage.tables.people import Estate, Invite, Person, Villa
from storage.tables.roles import RoleWay
from storage.tables.rows import row_id

CLASHING = ({Form.M, Form.F}, {Form.M, Form.MRS})
"""Pairs of forms that are never one person's."""
FACTS = (
    "surname",
    "given_name",
    "patronymic",
    "name_order",
    "latin",
    "form",
    "rank",
    "language",
    "birth_month",
    "birth_day",
    "nationality",
)
"""The facts of an owner, as in `Owner` after the villa."""
UPDATE_FACTS = (
    update(Person)
    .where(col(Person.id) == bindparam("person"))
    .values({name: bindparam(f"told_{name}") for name in FACTS})
)
KnownRow = tuple[Any, ...]
"""The villa, the id, whether they have joined, whether a link waits for them, and the facts of a known owner."""


@dataclass(frozen=True)
class Owner:
    """The facts about an owner who is invited."""

    villa: str
    surname: str
    given_name: str = ""
    patronymic: str | None = None
    name_order: str | None = None
    latin: str | None = None
    form: str | None = None
    rank: str | None = None
    language: str | None = None
    birth_month: int | None = None
    birth_day: int | None = None
    nationality: str | None = None

    def __call__(self, desk: Desk, estate: Estate) -> Person:
        """Returns a new person with these facts, not written yet; the villa is written where it is new."""
        villa = villas.Villas(desk, estate).named(self.villa)
        return Person(estate_id=row_id(estate), villa_id=villa.id, **self.facts)

    @property
    def facts(self) -> dict[str, Any]:
        """Returns the facts but the villa."""
        return {name: getattr(self, name) for name in FACTS}

    def may_be(self, other: Owner) -> bool:
        """Tells whether two owners of one villa may be one person: no fact that is known of both differs."""
        if _name(self.surname) != _name(other.surname) or {self.form, other.form} in CLASHING:
            return False
        if self._birthday and other._birthday and self._birthday != other._birthday:
            return False
        if self.given_name and other.given_name:
            return _name(self.given_name) == _name(other.given_name)
        return not (self.title and other.title) or self.title == other.title

    def told_anew(self, later: Owner) -> Owner:
        """Returns the facts, updated by those that are told later of the same person."""
        return replace(self, **{name: value for name, value in later.facts.items() if value})

    @property
    def title(self) -> str:
        """Returns the code of the title: mr, dr, ms-prof; empty where none is known."""
        return titles.code_of(self.form, self.rank)

    @property
    def _birthday(self) -> tuple[int, int | None] | None:
        return (self.birth_month, self.birth_day) if self.birth_month else None


class Fate(StrEnum):
    """The outcome for an owner on a list."""

    NEW = "new"
    AGAIN = "again"
    """Known, but not joined yet."""
    JOINED = "joined"
    TWICE = "twice"
    """On the list already."""
    UNCLEAR = "unclear"
    """May be one of several people."""


@dataclass(frozen=True)
class Entry:
    """An owner on a list, with the outcome."""

    line: int
    owner: Owner
    fate: Fate
    person_id: int | None = None
    """The id of the person, where they are known."""
    same_as: tuple[Known, ...] = ()
    """The known people whom the owner matches."""
    told: Owner | None = None
    """The facts of somebody known, where the list tells something new."""
    before: Owner | None = None
    """The facts as they were before that."""
    has_link: bool = False
    """Whether a link waits for them that can still be used."""

    @property
    def needs_link(self) -> bool:
        """Tells whether the owner has not joined, and has no link by which they could."""
        return self.fate is Fate.NEW or (self.fate is Fate.AGAIN and not self.has_link)

    @property
    def is_changed(self) -> bool:
        """Tells whether the list tells something new of somebody who has not joined."""
        return self.fate is Fate.AGAIN and self.told is not None


@dataclass
class Known:
    """A known owner of a villa: in the database, or earlier on the list."""

    owner: Owner
    has_joined: bool = False
    person_id: int | None = None
    has_link: bool = False
    line: int | None = None
    """The number of the line on the list, None where they are not on it."""


@dataclass
class _Book:
    """The known owners, by villa and surname."""

    people: dict[tuple[str, str], list[Known]] = field(default_factory=lambda: defaultdict(list))

    def page(self, owner: Owner) -> list[Known]:
        return self.people[villas.key(owner.villa), _name(owner.surname)]


def known_on(desk: Desk, estate: Estate) -> list[KnownRow]:
    """Returns the facts of all owners of an estate, by which a list is sorted."""
    facts = (getattr(Person, name) for name in FACTS)
    waits = exists(select(Invite.id).where(Invite.person_id == Person.id, *invites.waiting(desk)))
    found = desk.session.connection().execute(
        select(Villa.name, Person.id, col(Person.joined_at).is_not(None), waits, *facts)
        .join(Person, col(Person.villa_id) == Villa.id)
        .where(Person.estate_id == estate.id, col(Person.left_at).is_(None))
        .order_by(col(Person.id))
    )
    return [tuple(row) for row in found]


def sort_out(
    desk: Desk, estate: Estate, owners: Iterable[tuple[int, Owner]], known: Sequence[KnownRow] | None = None
) -> list[Entry]:
    """Returns the outcome for each owner on a list, each given with the number of its line.

    `known` are the owners of the estate where they were read already.
    """
    book = _book(known_on(desk, estate) if known is None else known)
    spellings = {key: first.name for key, (first, *_) in villas.by_key(desk, row_id(estate)).items()}
    found: list[Entry] = []
    for line, owner in owners:
        spelling = spellings.setdefault(villas.key(owner.villa), owner.villa)
        found.append(_entry(book, line, replace(owner, villa=spelling)))
    return found


def write_down(desk: Desk, estate: Estate, entries: Sequence[Entry], codes: Sequence[str | None]) -> None:
    """Writes owners down, or what was told anew of them, each with an invitation of the given code if there is one.

    All of them in few statements: whoever else writes waits for the whole transaction.
    """
    new = [entry for entry in entries if entry.person_id is None]
    ids = iter(_new_people(desk, estate, new))
    people = [next(ids) if entry.person_id is None else entry.person_id for entry in entries]
    told = [
        {"person": entry.person_id, **{f"told_{name}": value for name, value in entry.told.facts.items()}}
        for entry in entries
        if entry.told is not None
    ]
    run_all(desk.session, UPDATE_FACTS, told)
    desk.session.expire_all()
    invited = [(person, code) for person, code in zip(people, codes, strict=True) if code is not None]
    invites.invite_all(desk, row_id(estate), invited)
    recorded_lists.record(desk, estate, entries, people, {person for person, _ in invited})


def _new_people(desk: Desk, estate: Estate, entries: Sequence[Entry]) -> Sequence[int]:
    """Writes people with their roles as owners; returns their ids."""
    if not entries:
        return []
    homes = villas.Villas(desk, estate).ids([entry.owner.villa for entry in entries])
    rows = [
        {"estate_id": row_id(estate), "villa_id": home, **entry.owner.facts}
        for entry, home in zip(entries, homes, strict=True)
    ]
    ids = write_all(desk.session, Person, rows)
    register.record_owners(desk, zip(ids, homes, strict=True), how=RoleWay.COMMAND)
    return ids


def told_anew(desk: Desk, person_id: int, owner: Owner) -> Person:
    """Updates the facts of a person who has not joined; empty ones change nothing."""
    person = desk.session.get_one(Person, person_id)
    for name, value in owner.facts.items():
        setattr(person, name, value or getattr(person, name))
    return person


def _entry(book: _Book, line: int, owner: Owner) -> Entry:
    page = book.page(owner)
    same = tuple(known for known in page if owner.may_be(known.owner))
    if not same:
        page.append(Known(owner, line=line))
        return Entry(line, owner, Fate.NEW)
    if len(same) > 1:
        return Entry(line, owner, Fate.UNCLEAR, same_as=same)
    (known,) = same
    if known.line is not None:
        return Entry(line, owner, Fate.TWICE, same_as=same)
    before = known.owner
    told = before.told_anew(owner)
    new = told if told != before else None
    if known.has_joined:
        return Entry(line, owner, Fate.JOINED, known.person_id, same, new, before)
    known.owner, known.line = told, line
    return Entry(line, owner, Fate.AGAIN, known.person_id, same, new, before, known.has_link)


def _book(rows: Iterable[KnownRow]) -> _Book:
    book = _Book()
    for villa, person_id, has_joined, has_link, *facts in rows:
        owner = Owner(villa, *facts)
        book.page(owner).append(Known(owner, has_joined, person_id, has_link))
    return book


def _name(text: str) -> str:
    """Returns a key that all spellings of a name share."""
    return comparable(text) or normalised(text).casefold()
